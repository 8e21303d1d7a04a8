"""A number for the last change of each article, so that other systems can follow the archive; copies by day."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

# Triggers, so that no writer can forget it. What deduplication notes on its own index is no change. A migration that
# makes the table `articles` anew has to make them again.
_SQLITE = (
    """
    CREATE TRIGGER article_changes_on_insert AFTER INSERT ON articles
    BEGIN
        DELETE FROM article_changes WHERE article_id = NEW.id;
        INSERT INTO article_changes (article_id) VALUES (NEW.id);
    END
    """,
    """
    CREATE TRIGGER article_changes_on_update AFTER UPDATE ON articles
    WHEN OLD.fingerprint_version IS NEW.fingerprint_version
    BEGIN
        DELETE FROM article_changes WHERE article_id = NEW.id;
        INSERT INTO article_changes (article_id) VALUES (NEW.id);
    END
    """,
    """
    CREATE TRIGGER article_changes_on_delete AFTER DELETE ON articles
    BEGIN
        DELETE FROM article_changes WHERE article_id = OLD.id;
        INSERT INTO article_changes (article_id) VALUES (OLD.id);
    END
    """,
)
# 345516634995 is storage.database.WRITERS_LOCK: numbers are given while it is held, so they become visible in order.
_FUNCTION = """
    CREATE FUNCTION note_article_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        changed bigint;
    BEGIN
        PERFORM pg_advisory_xact_lock(345516634995);
        IF TG_OP = 'DELETE' THEN changed = OLD.id; ELSE changed = NEW.id; END IF;
        DELETE FROM article_changes WHERE article_id = changed;
        INSERT INTO article_changes (article_id) VALUES (changed);
        RETURN NULL;
    END
    $$
"""
_POSTGRESQL = (
    _FUNCTION,
    "CREATE TRIGGER article_changes_on_write AFTER INSERT OR DELETE ON articles"
    " FOR EACH ROW EXECUTE FUNCTION note_article_change()",
    "CREATE TRIGGER article_changes_on_update AFTER UPDATE ON articles FOR EACH ROW"
    " WHEN (OLD.fingerprint_version IS NOT DISTINCT FROM NEW.fingerprint_version)"
    " EXECUTE FUNCTION note_article_change()",
)


def upgrade() -> None:
    op.create_table(
        "article_changes",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("article_id"),
        sqlite_autoincrement=True,
    )
    is_copy = sa.text("duplicate_of IS NOT NULL")
    op.create_index(
        "articles_copies_by_day", "articles", ["published_at", "duplicate_of", "outlet_id"],
        sqlite_where=is_copy, postgresql_where=is_copy,
    )  # fmt: skip
    op.execute("INSERT INTO article_changes (article_id) SELECT id FROM articles ORDER BY id")
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if postgresql else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in ("write", "update"):
            op.execute(f"DROP TRIGGER article_changes_on_{name} ON articles")
        op.execute("DROP FUNCTION note_article_change()")
    else:
        for name in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER article_changes_on_{name}")
    op.drop_index("articles_copies_by_day", "articles")
    op.drop_table("article_changes")

"""Full-text search: the index, the documents in it, and an index of articles by their last change."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# `ascii` splits at blanks and leaves all else as the analyser has written it. Without columnsize the engine's own
# ranking has no lengths of documents; Pressrun ranks by itself, alike on both databases.
SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE search_index USING fts5(title, body, facets, content='', columnsize=0, tokenize='ascii')"
)
POSTGRESQL_INDEX = (
    "CREATE TABLE search_index (article_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)",
    "CREATE INDEX search_index_tokens ON search_index USING gin (tokens)",
)


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"]),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_index("search_documents_newest", "search_documents", ["at", "article_id"])
    op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), autoincrement=False),
        sa.Column("analyser", sa.Text(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table("search_languages", sa.Column("language", sa.String(length=12), primary_key=True))
    op.create_index("articles_by_change", "articles", ["changed_at", "id"])
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL_INDEX if postgresql else (SQLITE_INDEX,):
        op.execute(statement)
    # An empty store has nothing to index; any other one needs `pressrun db reindex`.
    op.execute("INSERT INTO search_state (id, analyser, complete) SELECT 1, '', NOT EXISTS (SELECT 1 FROM articles)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    op.drop_index("articles_by_change", "articles")
    for table in ("search_languages", "search_state", "search_documents"):
        op.drop_table(table)

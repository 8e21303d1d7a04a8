"""Near copies: fingerprints, what recurs on an outlet, and what a hand decided."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # With a default that stays: without it SQLite would have to copy the table, and rows of others refer to it.
    op.add_column("outlets", sa.Column("articles", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("articles", sa.Column("fingerprint_version", sa.Integer(), nullable=True))
    op.create_table(
        "hand_decisions",
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_id < second_id", name="hand_decisions_order"),
        sa.ForeignKeyConstraint(["first_id"], ["articles.id"]),
        sa.ForeignKeyConstraint(["second_id"], ["articles.id"]),
        sa.PrimaryKeyConstraint("first_id", "second_id"),
    )
    op.create_index("ix_hand_decisions_second_id", "hand_decisions", ["second_id"])
    op.create_table(
        "passages",
        sa.Column("outlet_id", sa.String(length=120), nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("last_seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"]),
        sa.PrimaryKeyConstraint("outlet_id", "hash"),
        sqlite_with_rowid=False,
    )
    recurs = sa.text("seen >= 2")
    op.create_index(
        "passages_recurring", "passages", ["outlet_id", "hash"], sqlite_where=recurs, postgresql_where=recurs
    )
    hash_of, article = (
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        key = sa.PrimaryKeyConstraint("hash", "article_id")
        op.create_table("fingerprints", hash_of, article, key, sqlite_with_rowid=False)
    else:
        op.create_table("fingerprints", hash_of, article)
        op.create_index("fingerprints_by_hash", "fingerprints", ["hash"])


def downgrade() -> None:
    for table in ("fingerprints", "passages", "hand_decisions"):
        op.drop_table(table)
    op.drop_column("articles", "fingerprint_version")
    op.drop_column("outlets", "articles")

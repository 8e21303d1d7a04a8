"""Saved searches, and the stories that were found for them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("destinations", sa.JSON(), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("teller_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "watch_stories",
        sa.Column("watch", sa.String(length=80), nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_to", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["watch"], ["watches.name"]),
        sa.PrimaryKeyConstraint("watch", "story_id"),
    )
    waiting = sa.text("told_at IS NULL")
    op.create_index("watch_stories_waiting", "watch_stories", ["watch"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("watch_stories")
    op.drop_table("watches")

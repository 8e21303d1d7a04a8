"""Ids of counters: the number of a page, how far a counter was walked, and gaps in what seeds announced."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("outlets", sa.Column("numbered_to", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("outlets", sa.Column("walked_to", sa.BigInteger(), nullable=True))
    op.add_column("seeds", sa.Column("newest_at", INSTANT, nullable=True))
    op.add_column("seeds", sa.Column("oldest_at", INSTANT, nullable=True))
    op.add_column("pages", sa.Column("number", sa.BigInteger(), nullable=True))
    numbered = sa.text("number IS NOT NULL")
    op.create_index(
        "pages_by_number", "pages", ["outlet_id", "number"], unique=True, sqlite_where=numbered,
        postgresql_where=numbered,
    )  # fmt: skip
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "gaps",
        sa.Column("id", big_id, nullable=False),
        sa.Column("outlet_id", sa.String(length=120), nullable=False),
        sa.Column("seed_url", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=True),
        sa.Column("last_number", sa.BigInteger(), nullable=True),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_how", sa.String(length=12), nullable=True),
        sa.CheckConstraint("closed_how IN ('counter', 'backfill', 'archive')", name="gaps_closed_how"),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index("gaps_open", "gaps", ["outlet_id"], sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    op.drop_table("gaps")
    op.drop_index("pages_by_number", "pages")
    op.drop_column("pages", "number")
    for column in ("newest_at", "oldest_at"):
        op.drop_column("seeds", column)
    for column in ("numbered_to", "walked_to"):
        op.drop_column("outlets", column)

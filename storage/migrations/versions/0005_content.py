"""Where a page's text comes from, if not from its own address: an API's answer, or a web archive."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("pages", sa.Column("fetch_url", sa.Text(), nullable=True))
    op.add_column("pages", sa.Column("full_text", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("pages", "full_text")
    op.drop_column("pages", "fetch_url")

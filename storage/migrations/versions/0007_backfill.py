"""Pages without an article by their date, for the completeness of days."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    without = sa.text("article_id IS NULL")
    op.create_index(
        "pages_without_article", "pages", ["outlet_id", "dated_at"], sqlite_where=without, postgresql_where=without
    )


def downgrade() -> None:
    op.drop_index("pages_without_article", "pages")

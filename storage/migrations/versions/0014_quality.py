"""How sure the extraction is of each article. Older articles have none until they are read again."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("articles", sa.Column("quality", sa.Float(), nullable=True))
    op.create_index("articles_by_quality", "articles", ["quality", "id"])


def downgrade() -> None:
    op.drop_index("articles_by_quality", "articles")
    op.drop_column("articles", "quality")

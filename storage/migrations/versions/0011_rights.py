"""What pages and their sites say on the use of texts by machines."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for name in ("rights", "site_rights"):
        op.add_column("articles", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for name in ("site_rights", "rights"):
        op.drop_column("articles", name)

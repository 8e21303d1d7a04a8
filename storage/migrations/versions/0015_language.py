"""Languages of articles by their primary subtag, lower case. Imported ones stood as `en-GB` or `EN`; lists missed them.

The search index holds the primary subtag already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_ARTICLES = sa.table("articles", sa.column("language", sa.String))


def upgrade() -> None:
    c, language = op.get_bind(), _ARTICLES.c.language
    for tag in c.execute(sa.select(language).distinct().where(language.is_not(None))).scalars().all():
        primary = tag.strip().replace("_", "-").partition("-")[0].lower()
        if primary != tag:
            c.execute(sa.update(_ARTICLES).where(language == tag).values(language=primary or None))


def downgrade() -> None:
    """Leave the short forms: schema 0014 knows them too."""

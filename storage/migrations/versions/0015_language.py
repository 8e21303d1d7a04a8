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
    tags = c.execute(sa.select(language).distinct().where(language.is_not(None))).scalars().all()
    short = {tag: tag.strip().replace("_", "-").partition("-")[0].lower() for tag in tags}
    odd = {tag: primary or None for tag, primary in short.items() if primary != tag}
    if odd:  # in one statement: no index has the language, and each one reads the whole table
        c.execute(sa.update(_ARTICLES).where(language.in_(odd)).values(language=sa.case(odd, value=language)))


def downgrade() -> None:
    """Leave the short forms: schema 0014 knows them too."""

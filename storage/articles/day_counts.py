"""How many articles outlets published on which days: the ground of trends."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from storage.articles.query import local_day, passes
from storage.database import Database
from storage.schema.tables import Article
from storage.selection import Selection


def volume(db: Database, wanted: Selection) -> dict[tuple[str, date], int]:
    """Return the number of articles that pass, by outlet and day of publication in the outlet's zone.

    Articles without a date are on no day. Raises QueryError, IndexOutdatedError.
    """
    with db.read() as c:
        day = local_day(c)
        counted = select(Article.outlet_id, day, func.count()).where(
            passes(c, wanted), Article.published_at.is_not(None)
        )
        return {
            (outlet, date.fromisoformat(on)): n for outlet, on, n in c.execute(counted.group_by(Article.outlet_id, day))
        }

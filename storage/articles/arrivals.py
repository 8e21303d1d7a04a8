"""What has come to the archive since an earlier look, for readers that go on where they were."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from storage.articles.query import StoredArticle, articles_by_id, passes
from storage.articles.story import OutletCopies, Story, copies_by_outlet
from storage.database import Database
from storage.schema.tables import Article
from storage.selection import Selection


@dataclass(frozen=True, slots=True)
class Since:
    """New: articles with an id above `seen_id`, to `upto`. Also those of before that changed at `changed` or later."""

    seen_id: int
    upto: int
    changed: datetime


def newest_settled_id(db: Database) -> int:
    """Return an id up to which every article is committed: it waits for the writer that is under way.

    Writers of articles take turns (storage/database.py), and ids grow with them.
    """
    return db.write(lambda c: c.execute(select(func.max(Article.id))).scalar() or 0, alone=True)


def arrived(db: Database, wanted: Selection, since: Since) -> dict[int, int]:
    """Return the articles that match and arrived, with the id of the original of each: their own, if it is none."""
    is_new = and_(Article.id > since.seen_id, Article.id <= since.upto)
    changed = and_(Article.id <= since.seen_id, Article.changed_at >= since.changed)
    with db.read() as c:
        found = select(Article.id, func.coalesce(Article.duplicate_of, Article.id)).where(
            passes(c, wanted), or_(is_new, changed)
        )
        return {row[0]: row[1] for row in c.execute(found.order_by(Article.id))}


def stories(db: Database, story_ids: Collection[int]) -> dict[int, Story]:
    """Return stories by the id that they were found by. One that has become a copy is that of its original.

    Those that are no longer there are left out.
    """
    with db.read() as c:
        first = articles_by_id(c, list(story_ids))
        now = {story: first[story].duplicate_of or story for story in story_ids if story in first}
        originals = articles_by_id(c, list(set(now.values())))
        copies = copies_by_outlet(c, originals)
    return {
        story: _story(originals[original], copies.get(original, []))
        for story, original in now.items()
        if original in originals
    }


def _story(article: StoredArticle, copies: Sequence[OutletCopies]) -> Story:
    others = {each.name for each in copies if each.outlet != article.outlet}
    return Story(article, sum(each.copies for each in copies), tuple(sorted(others)))

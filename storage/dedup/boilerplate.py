"""What recurs across an outlet's articles: background paragraphs, tails, disclaimers. It is no news.

A line of six words or more that three of an outlet's articles hold, each within 200 articles of the next, is left out
when texts are compared. It is forgotten when it has not come again for 2,000 articles. Copies do not count: an article
that comes three times would otherwise hide itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, or_, select, update

from storage.database import upsert
from storage.dedup.tokens import Wording
from storage.schema.tables import Outlet, Passage

OFTEN = 3  # articles that hold a line, the one that is looked at included, make it recurring
WINDOW, MEMORY = 200, 2000  # articles of the outlet
_SWEEP = 50  # articles between two looks for what may be forgotten


@dataclass(frozen=True, slots=True)
class Recurring:
    """The keys of an outlet's recurring passages: for articles that are counted already, and for one that is new."""

    of_counted: frozenset[int]
    of_new: frozenset[int]


def recurring(c: Connection, outlets: Iterable[str]) -> dict[str, Recurring]:
    """What recurs, by outlet."""
    found: dict[str, dict[int, int]] = {outlet: {} for outlet in outlets}
    columns = (Passage.outlet_id, Passage.hash, Passage.seen)
    rows = c.execute(select(*columns).where(Passage.outlet_id.in_(list(found)), Passage.seen >= OFTEN - 1))
    for row in rows:
        found[row.outlet_id][row.hash] = row.seen
    return {
        outlet: Recurring(frozenset(key for key, n in seen.items() if n >= OFTEN), frozenset(seen))
        for outlet, seen in found.items()
    }


def unlearn(c: Connection, copies: Mapping[str, list[Wording]]) -> None:
    """Count no longer the passages of articles that turned out to be copies, by outlet."""
    for outlet, wordings in sorted(copies.items()):
        for wording in wordings:
            keys = [key for key in set(wording.passage_keys) if key]
            held = (Passage.outlet_id == outlet, Passage.hash.in_(keys), Passage.seen > 0)
            c.execute(update(Passage).where(*held).values(seen=Passage.seen - 1))


def learn(c: Connection, arrived: Mapping[str, list[Wording]]) -> None:
    """Count the passages of articles that are no copies, by outlet."""
    rows_of = select(Outlet.id, Outlet.articles).where(Outlet.id.in_(list(arrived)))
    before = {row.id: row.articles for row in c.execute(rows_of)}
    rows = []
    for outlet, wordings in sorted(arrived.items()):
        now = before[outlet] + len(wordings)
        held = Counter(key for wording in wordings for key in set(wording.passage_keys) if key)
        rows += [
            {"outlet_id": outlet, "hash": key, "seen": times, "last_seen": now} for key, times in sorted(held.items())
        ]
        c.execute(update(Outlet).where(Outlet.id == outlet).values(articles=now))
        if before[outlet] // _SWEEP != now // _SWEEP:
            _forget(c, outlet, now)
    if rows:
        counted = upsert(c, Passage)
        c.execute(
            counted.on_conflict_do_update(
                index_elements=["outlet_id", "hash"],
                set_={"seen": Passage.seen + counted.excluded.seen, "last_seen": counted.excluded.last_seen},
            ),
            rows,
        )


def _forget(c: Connection, outlet: str, now: int) -> None:
    once = and_(Passage.seen < OFTEN, Passage.last_seen < now - WINDOW)
    c.execute(delete(Passage).where(Passage.outlet_id == outlet, or_(once, Passage.last_seen < now - MEMORY)))

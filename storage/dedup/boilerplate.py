"""Passages that recur across an outlet's articles: background paragraphs, sign-offs, disclaimers.

A passage is a line of six words or more. It recurs if three of the outlet's articles hold it, each within 200 articles
of the next. Recurring passages are left out when texts are compared. A passage is deleted when it has not occurred for
2,000 articles. Copies are not counted: an article that is published three times would otherwise hide itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, update

from storage.database import upsert
from storage.dedup.tokens import TokenizedText
from storage.schema.tables import Outlet, Passage

OFTEN = 3  # articles that hold a passage, the present one included, make it recurring
WINDOW, MEMORY = 200, 2000  # articles of the outlet
_SWEEP = 50  # articles between two deletions


@dataclass(frozen=True, slots=True)
class RecurringPassages:
    """The keys of an outlet's recurring passages: for articles that are counted already, and for a new one."""

    for_counted: frozenset[int]
    for_new: frozenset[int]


def recurring_passages(c: Connection, outlets: Iterable[str]) -> dict[str, RecurringPassages]:
    """Return the recurring passages by outlet."""
    counts: dict[str, dict[int, int]] = {outlet: {} for outlet in outlets}
    columns = (Passage.outlet_id, Passage.hash, Passage.seen)
    rows = c.execute(select(*columns).where(Passage.outlet_id.in_(list(counts)), Passage.seen >= OFTEN - 1))
    for row in rows:
        counts[row.outlet_id][row.hash] = row.seen
    return {
        outlet: RecurringPassages(frozenset(key for key, seen in of.items() if seen >= OFTEN), frozenset(of))
        for outlet, of in counts.items()
    }


def uncount_passages(c: Connection, copies: Mapping[str, list[TokenizedText]]) -> None:
    """Subtract the passages of articles that turned out to be copies, by outlet."""
    for outlet, texts in sorted(copies.items()):
        for text in texts:
            keys = [key for key in set(text.passage_keys) if key]
            held = (Passage.outlet_id == outlet, Passage.hash.in_(keys), Passage.seen > 0)
            c.execute(update(Passage).where(*held).values(seen=Passage.seen - 1))


def count_passages(c: Connection, originals: Mapping[str, list[TokenizedText]]) -> None:
    """Add the passages of articles that are no copies, by outlet."""
    counters = select(Outlet.id, Outlet.articles).where(Outlet.id.in_(list(originals)))
    before = {row.id: row.articles for row in c.execute(counters)}
    rows: list[dict[str, Any]] = []
    for outlet, texts in sorted(originals.items()):
        now = before[outlet] + len(texts)
        held = Counter(key for text in texts for key in set(text.passage_keys) if key)
        rows += [{"outlet_id": outlet, "hash": key, "seen": n, "last_seen": now} for key, n in sorted(held.items())]
        c.execute(update(Outlet).where(Outlet.id == outlet).values(articles=now))
        if before[outlet] // _SWEEP != now // _SWEEP:
            _delete_old(c, outlet, now)
    if rows:
        _add(c, rows)


def _add(c: Connection, rows: list[dict[str, Any]]) -> None:
    insert = upsert(c, Passage)
    added = {"seen": Passage.seen + insert.excluded.seen, "last_seen": insert.excluded.last_seen}
    c.execute(insert.on_conflict_do_update(index_elements=["outlet_id", "hash"], set_=added), rows)


def _delete_old(c: Connection, outlet: str, now: int) -> None:
    rare = and_(Passage.seen < OFTEN, Passage.last_seen < now - WINDOW)
    c.execute(delete(Passage).where(Passage.outlet_id == outlet, or_(rare, Passage.last_seen < now - MEMORY)))

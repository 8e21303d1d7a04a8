"""Saved searches: what was asked for, which stories were found, and which of them were told.

A story is found once, in the transaction that moves the search on, and stays to be told until each destination has it.
A crash loses none; one between sending a message and noting it sends that message again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from storage.articles import Selection, Since, Which, arrived, newest_settled_id
from storage.database import Database, upsert
from storage.errors import PressrunError
from storage.schema.tables import Article, WatchStory
from storage.schema.tables import Watch as Row

# An edit bears the instant of its fetch, and is committed later: by minutes, also when the database was away.
OVERLAP = timedelta(hours=1)
TELLING = timedelta(minutes=10)  # a process that has not ended its messages by then is taken for dead


class WatchError(PressrunError):
    """A saved search is not there, or its name is taken."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved search. `destinations`: URLs of messengers; none: only the feed. `daily`: told once a day at most."""

    name: str
    selection: Selection
    destinations: tuple[str, ...]
    daily: bool
    created_at: datetime
    seen_id: int
    seen_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """A story that was found. `sent_to`: hashes (`destination_key`) of the destinations that have it."""

    story_id: int
    found_at: datetime
    sent_to: tuple[str, ...]


def destination_key(url: str) -> str:
    """Return a name of a destination that holds no password."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def add_watch(db: Database, watch: Watch) -> None:
    """Save a search. It finds what comes from now on. WatchError if there is one of this name."""
    seen = newest_settled_id(db)
    values = {name: getattr(watch, name) for name in ("name", "daily", "created_at", "seen_at", "told_at")}
    values |= {"filters": filters_as_json(watch.selection), "destinations": list(watch.destinations), "seen_id": seen}
    if not db.write(lambda c: c.execute(_added(c, values)).first()):
        raise WatchError(f"there is a saved search {watch.name!r}; choose another name, or `pressrun watch remove` it")


def _added(c: Connection, values: Mapping[str, Any]) -> Any:
    return upsert(c, Row).values(values).on_conflict_do_nothing().returning(Row.name)


def remove_watch(db: Database, name: str) -> None:
    """Forget a saved search and what it found. WatchError if there is none of this name."""

    def work(c: Connection) -> int:
        c.execute(delete(WatchStory).where(WatchStory.watch == name))
        return c.execute(delete(Row).where(Row.name == name)).rowcount

    if not db.write(work):
        raise _unknown(name)


def _unknown(name: str) -> WatchError:
    return WatchError(f"there is no saved search {name!r}; `pressrun watch list` lists them")


def all_watches(db: Database) -> list[Watch]:
    """Return all saved searches by name."""
    with db.read() as c:
        return [_watch(row) for row in c.execute(select(Row.__table__).order_by(Row.name))]


def get_watch(db: Database, name: str) -> Watch:
    """Return a saved search. WatchError if there is none of this name."""
    with db.read() as c:
        row = c.execute(select(Row.__table__).where(Row.name == name)).first()
    if row is None:
        raise _unknown(name)
    return _watch(row)


def _watch(row: Any) -> Watch:
    return Watch(
        row.name, _selection(row.filters), tuple(row.destinations), row.daily, row.created_at, row.seen_id,
        row.seen_at, row.told_at,
    )  # fmt: skip


def filters_as_json(selection: Selection) -> dict[str, Any]:
    """Return the filters that are set, as JSON values."""
    values = {field.name: getattr(selection, field.name) for field in fields(selection)}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items() if value}


def _selection(filters: Mapping[str, Any]) -> Selection:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in filters.items()
    }
    values |= {name: date.fromisoformat(values[name]) for name in ("first", "last") if name in values}
    if "changed_since" in values:
        values["changed_since"] = datetime.fromisoformat(values["changed_since"])
    return Selection(**values | {"which": Which(values["which"])})


def look(db: Database, watch: Watch, now: datetime) -> int:
    """Find what has come since the last look. Return the number of new stories.

    Every article is looked through, also one whose writer commits meanwhile: it belongs to the next look.
    """
    upto = newest_settled_id(db)
    changed = max(watch.seen_at - OVERLAP, watch.created_at)
    found = arrived(db, watch.selection, Since(watch.seen_id, upto, changed))
    return db.write(lambda c: _keep(c, watch, sorted(set(found.values())), upto, now))


def _keep(c: Connection, watch: Watch, story_ids: Sequence[int], upto: int, now: datetime) -> int:
    kept = 0
    for story in story_ids:
        if not _is_known(c, watch.name, story):
            told = None if watch.destinations else now
            row = {"watch": watch.name, "story_id": story, "found_at": now, "sent_to": [], "told_at": told}
            added = upsert(c, WatchStory).values(row).on_conflict_do_nothing().returning(WatchStory.story_id)
            kept += c.execute(added).first() is not None
    c.execute(update(Row).where(Row.name == watch.name, Row.seen_id <= upto).values(seen_id=upto, seen_at=now))
    return kept


def _is_known(c: Connection, name: str, story: int) -> bool:
    """Return True if the story was found before, perhaps by a copy that was its original then."""
    copies = select(Article.id).where(Article.duplicate_of == story)
    known = or_(WatchStory.story_id == story, WatchStory.story_id.in_(copies))
    return c.execute(select(WatchStory.story_id).where(WatchStory.watch == name, known).limit(1)).first() is not None


def begin_telling(db: Database, name: str, now: datetime) -> bool:
    """Return True if this process may send the messages of a search, for TELLING; False if another one does."""
    free = or_(Row.teller_until.is_(None), Row.teller_until < now)
    mine = update(Row).where(Row.name == name, free).values(teller_until=now + TELLING)
    return bool(db.write(lambda c: c.execute(mine).rowcount))


def end_telling(db: Database, name: str, told_at: datetime | None) -> None:
    """Let other processes send. `told_at`: when everything was told; None if something is left."""
    values: dict[str, Any] = {"teller_until": None} | ({"told_at": told_at} if told_at else {})
    db.write(lambda c: c.execute(update(Row).where(Row.name == name).values(values)))


def waiting(db: Database, name: str) -> list[Found]:
    """Return the stories that are still to be told to a destination, oldest first."""
    return _found(db, name, WatchStory.told_at.is_(None))


def latest(db: Database, name: str, most: int) -> list[Found]:
    """Return the stories that were found last, newest first, told or not."""
    return _found(db, name)[::-1][:most]


def _found(db: Database, name: str, *conditions: Any) -> list[Found]:
    columns = (WatchStory.story_id, WatchStory.found_at, WatchStory.sent_to)
    rows = select(*columns).where(WatchStory.watch == name, *conditions)
    with db.read() as c:
        ordered = c.execute(rows.order_by(WatchStory.found_at, WatchStory.story_id))
        return [Found(row.story_id, row.found_at, tuple(row.sent_to)) for row in ordered]


def note_sent(db: Database, watch: Watch, story_ids: Collection[int], url: str, now: datetime) -> None:
    """Note that a destination has the stories; those that every destination has are told."""
    wanted = {destination_key(each) for each in watch.destinations}

    def work(c: Connection) -> None:
        here = (WatchStory.watch == watch.name, WatchStory.story_id.in_(list(story_ids)))
        for row in c.execute(select(WatchStory.story_id, WatchStory.sent_to).where(*here)).all():
            sent = sorted({*row.sent_to, destination_key(url)})
            told = {"told_at": now} if wanted <= set(sent) else {}
            one = update(WatchStory).where(WatchStory.watch == watch.name, WatchStory.story_id == row.story_id)
            c.execute(one.values({"sent_to": sent} | told))

    db.write(work)


def drop(db: Database, name: str, story_ids: Collection[int]) -> None:
    """Forget stories whose articles are no longer in the archive."""
    gone = delete(WatchStory).where(WatchStory.watch == name, WatchStory.story_id.in_(list(story_ids)))
    db.write(lambda c: c.execute(gone))

"""Saved searches at work: what is new is found after each run, and told by messages and as a feed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawlers.environment import Settings
from storage.errors import PressrunError

from .messages import send

if TYPE_CHECKING:
    from storage.articles import Story
    from storage.database import Database
    from storage.watches import Watch

MOST = 30  # stories of one message; more are counted
HOME = "http://127.0.0.1:4300/"  # where `pressrun browse` serves the archive unless told otherwise
_NAMED = 5  # outlets that are named beside a story


@dataclass(frozen=True, slots=True)
class WatchRun:
    """What became of a saved search. `new`: stories found; `waiting`: stories that a destination has not got yet."""

    name: str
    new: int = 0
    waiting: int = 0
    problem: str | None = None


def tell_watches(settings: Settings, now: datetime | None = None) -> str | None:
    """Do as `run_watches`. Return the problems in one line; None if there are none. What failed is tried again."""
    try:
        ran = run_watches(settings, now)
    except PressrunError as failure:
        return f"saved searches: {failure}"
    return "; ".join(one.problem for one in ran if one.problem) or None


def run_watches(settings: Settings, now: datetime | None = None) -> list[WatchRun]:
    """Run all saved searches: note new stories, and send the messages that are due. Return a result for each search.

    Raises PressrunError if the store cannot be opened. A problem of one search stops no other; what could not be sent
    is tried again with the next call.
    """
    from storage.quick_check import has_no_watches

    if has_no_watches(settings.db):
        return []
    from storage import watches
    from storage.database import open_database

    with closing(open_database(settings.db, create=False)) as db:
        return [_run(db, watch, now or datetime.now(UTC)) for watch in watches.all_watches(db)]


def _run(db: Database, watch: Watch, now: datetime) -> WatchRun:
    from storage import watches

    try:
        new = watches.look(db, watch, now)
        failed = _tell(db, watch, now) if _is_due(watch, now) else []
        waiting = len(watches.waiting(db, watch.name))
    except PressrunError as failure:  # such as an index of another version: the other searches go on
        return WatchRun(watch.name, problem=f"the saved search {watch.name}: {failure}")
    if not failed:
        return WatchRun(watch.name, new, waiting)
    schemes = ", ".join(url.partition("://")[0] for url in failed)
    problem = f"the saved search {watch.name} could not be told by {schemes}; try: pressrun watch test"
    return WatchRun(watch.name, new, waiting, problem)


def _is_due(watch: Watch, now: datetime) -> bool:
    """A digest goes out with the first run of a day, in UTC."""
    return not (watch.daily and watch.told_at and watch.told_at.date() >= now.date())


def _tell(db: Database, watch: Watch, now: datetime) -> list[str]:
    """Send what waits. Return the destinations that could not be reached."""
    from storage import watches
    from storage.articles import stories

    if not watches.waiting(db, watch.name) or not watches.begin_telling(db, watch.name, now):
        return []
    told_at = None
    try:
        waiting = watches.waiting(db, watch.name)
        there = stories(db, [one.story_id for one in waiting])
        watches.drop(db, watch.name, [one.story_id for one in waiting if one.story_id not in there])
        failed = []
        for url in watch.destinations:
            key = watches.destination_key(url)
            left = [one.story_id for one in waiting if one.story_id in there and key not in one.sent_to]
            if left and not send(url, *message_of(watch, [there[story] for story in left])):
                failed.append(url)
            elif left:
                watches.note_sent(db, watch, left, url, now)
        told_at = None if failed else now
    finally:
        watches.end_telling(db, watch.name, told_at)
    return failed


def message_of(watch: Watch, found: Sequence[Story]) -> tuple[str, str]:
    """Return subject and text of a message about stories, the newest first."""
    newest = sorted(found, key=_at, reverse=True)
    count = "1 new story" if len(found) == 1 else f"{len(found)} new stories"
    paragraphs = [_paragraph(story) for story in newest[:MOST]]
    if len(found) > MOST:
        paragraphs.append(f"And {len(found) - MOST} more.")
    return f"Pressrun, {watch.name}: {count}", "\n\n".join(paragraphs)


def _at(story: Story) -> datetime:
    return story.article.published_at or story.article.first_seen_at


def _paragraph(story: Story) -> str:
    return f"{story.article.title}\n{_source(story)}\n{story.article.url}"


def _source(story: Story) -> str:
    """Return the outlet, the time, and who else has the story."""
    when = f"{_at(story):%Y-%m-%d %H:%M %Z}".strip()
    others = story.copied_by
    if not others:
        return f"{story.article.outlet_name}, {when}"
    named = ", ".join(others[:_NAMED]) + (f" and {len(others) - _NAMED} more" if len(others) > _NAMED else "")
    outlets = "1 other outlet" if len(others) == 1 else f"{len(others)} other outlets"
    return f"{story.article.outlet_name}, {when}; also in {outlets}: {named}"


def feed_of(watch: Watch, found: Sequence[Story], home: str = HOME) -> bytes:
    """Return an RSS 2.0 feed of stories in the given order: titles and sources, no texts. `home`: its own address."""
    from .rss import Item, rss

    items = (
        Item(
            story.article.title, story.article.url, f"pressrun:{watch.name}:{story.article.id}", _at(story),
            _source(story), is_address=False,
        )
        for story in found
    )  # fmt: skip
    return rss(f"Pressrun: {watch.name}", home, watch.selection.query or "everything that passes the filters", items)


def feed(db: Database, name: str, most: int = 50, home: str = HOME) -> bytes:
    """Return the feed of a saved search: the stories that were found last. Raises WatchError.

    `home`: the address of the site or page that the feed belongs to; RSS demands one.
    """
    from storage import watches
    from storage.articles import stories

    watch = watches.get_watch(db, name)
    ids = [one.story_id for one in watches.latest(db, name, most)]
    there = stories(db, ids)
    return feed_of(watch, [there[story] for story in ids if story in there], home)


def newest_stories(db: Database, watch: Watch, most: int) -> list[Story]:
    """Return the newest stories that a search matches in the whole archive."""
    from storage.articles import newest_articles, stories

    ids = dict.fromkeys(one.duplicate_of or one.id for one in newest_articles(db, watch.selection, 3 * most))
    there = stories(db, ids)
    return [there[story] for story in list(ids)[:most] if story in there]

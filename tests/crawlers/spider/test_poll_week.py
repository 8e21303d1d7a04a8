"""A week of polls of a busy outlet, with simulated time: nothing that it published drops out of its feed unseen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawlers.discovery import Look, Rhythm, looked, overflowed, read_seed
from crawlers.outlet import Outlet
from crawlers.spider.outlet_poll import rhythm_of, state_of
from storage import frontier
from storage.database import Database
from storage.frontier import SeedFetch

START = datetime(2025, 3, 3, 0, 0, tzinfo=UTC)  # a Monday
DAYS = 7
TICK = timedelta(minutes=30)  # the schedule of the flow
DEPTH = 20
FEED = "https://busy.example/rss"
# Articles an hour of the day, 120 in all: quiet nights, two peaks.
BY_HOUR = (1, 0, 0, 0, 0, 1, 3, 5, 8, 10, 10, 9, 8, 6, 7, 9, 10, 9, 8, 6, 4, 3, 2, 1)

OUTLET = Outlet.model_validate(
    {
        "id": "busy", "name": "Busy", "home": "https://busy.example/", "country": "az", "languages": ["en"],
        "timezone": "UTC", "urls": {"article": "^https://busy\\.example/news/\\d+$"},
        "seeds": [{"kind": "feed", "url": FEED}],
    }
)  # fmt: skip


def publications(seed: int) -> list[datetime]:
    """When each article appears; at random minutes, so that some come in bunches."""
    chance = random.Random(seed)
    hours = (START + timedelta(hours=n) for n in range(24 * DAYS))
    return sorted(hour + timedelta(seconds=chance.randrange(3600)) for hour in hours for _ in range(BY_HOUR[hour.hour]))


def feed(out: list[datetime], *, dated: bool) -> bytes:
    newest = list(enumerate(out))[-DEPTH:][::-1]
    items = "".join(
        f"<item><title>Story {n}</title><link>https://busy.example/news/{n}</link>"
        + (f"<pubDate>{format_datetime(at)}</pubDate>" if dated else "")
        + "</item>"
        for n, at in newest
    )
    return f"<rss><channel>{items}</channel></rss>".encode()


def ticks() -> Iterator[datetime]:
    return (START + n * TICK for n in range(int(timedelta(days=DAYS) / TICK) + 1))


def polled(db: Database, published: list[datetime], *, dated: bool, adaptive: bool = True) -> tuple[int, int, int]:
    """Polls and overflows of the week, and how many articles the ledger has. Not `adaptive`: one look a day."""
    run = frontier.start_run(db, frontier.RunRequest("busy", "Busy", "poll", {}))
    polls = overflows = 0
    for now in ticks():
        state = frontier.poll_states(db).get(("busy", FEED))
        if state and (state.next_poll_at > now if adaptive else now.hour + now.minute):
            continue
        before = rhythm_of(state) if state else Rhythm()
        reading = read_seed(OUTLET.seeds[0], OUTLET, FEED, feed([at for at in published if at <= now], dated=dated), {})
        found = frontier.discover(db, run, SeedFetch("feed", FEED, entries=len(reading.links)), reading.links)
        dates = [link.hints.published.at for link in reading.links if link.hints.published]
        look = Look(now, len(reading.links), found.new, dates, reading.refresh)
        polls, overflows = polls + 1, overflows + overflowed(before, look)
        frontier.save_polls(db, [state_of(("busy", FEED), looked(before, look))])
    return polls, overflows, frontier.count_pages(db, "busy")["discovered"]


@pytest.mark.parametrize("seed", [1, 2])
def test_no_article_of_a_week_is_lost(database: Database, seed: int) -> None:
    published = publications(seed)
    polls, overflows, known = polled(database, published, dated=True)
    assert len(published) == 120 * DAYS
    assert known == len(published)
    assert overflows == 0
    assert polls <= 48 * DAYS


def test_one_look_a_night_loses_most_of_them(database: Database) -> None:
    published = publications(1)
    _, _, known = polled(database, published, dated=True, adaptive=False)
    assert known <= DEPTH * (DAYS + 1)


def test_without_dates_the_rhythm_is_found_within_the_first_morning(database: Database) -> None:
    published = publications(1)
    _, _, known = polled(database, published, dated=False)
    assert len(published) - known == 0

"""Each built-in outlet with a counter: its file, on a site of ours in the outlet's place, serves a backfill."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from crawlers.catalog import load_outlets, read_outlet
from crawlers.outlet import Outlet
from storage import frontier
from storage.articles import iter_articles
from storage.database import open_database
from tests.counter_site import CounterSite, Story
from tests.crawling import crawl

# The site of these tests has addresses of the form /SECTION/ID.html. Those of a platform have others, and are held
# against a simulated counter in tests/crawlers/test_outlet_counters.py.
OUTLETS = [outlet for outlet in load_outlets() if outlet.counter and outlet.platform is None]
HOST = re.compile(r"https?://(?:www\.)?[a-z]+\.[a-z]{2}(?=[/\"])")
HOST_PATTERN = re.compile(r"https\?://\(\?:www\\\.\)\?[a-z]+\\\.[a-z]{2}(?:\\\.\?)?")


def stand_in(outlet: Outlet, origin: str, folder: Path) -> Outlet:
    """Write the outlet's file with our site for its host, and without its pace."""
    file = load_outlets().files[outlet.id]
    text = HOST.sub(origin, file.read_text(encoding="utf-8"))
    text = HOST_PATTERN.sub(lambda _: re.escape(origin), text)
    folder.mkdir()
    copy = folder / file.name
    copy.write_text(f"allow_private = true\n{text}\n[fetch]\ndelay = 0\nconcurrency = 8\n", encoding="utf-8")
    return read_outlet(copy)


def stories_of(outlet: Outlet) -> dict[int, Story]:
    """Pages between the file's last two `known` ids, in an even pace; every third id has none."""
    assert outlet.counter is not None
    (low, begun), (high, ended) = sorted(outlet.counter.known.items())[-2:]
    at, days_each = datetime.combine(begun, time(), UTC), (ended - begun).days / (high - low)
    return {
        number: Story(number, "en", "nation", at + timedelta(days=(number - low) * days_each))
        for number in range(low, high)
        if number % 3
    }


def test_there_are_such_outlets() -> None:
    assert {outlet.id for outlet in OUTLETS} >= {"azernews", "today_az"}


@pytest.mark.parametrize("outlet", OUTLETS, ids=[outlet.id for outlet in OUTLETS])
def test_the_file_serves_a_backfill(outlet: Outlet, tmp_path: Path) -> None:
    assert outlet.counter is not None
    (_, begun), (_, ended) = sorted(outlet.counter.known.items())[-2:]
    first = begun + (ended - begun) // 2
    last = first + timedelta(days=1)
    with CounterSite(stories=stories_of(outlet)) as site:
        copy = stand_in(outlet, site.origin, tmp_path / "outlets")
        assert copy.counter is not None
        assert copy.number(copy.counter.address(12345)) == 12345
        db = f"sqlite:///{tmp_path}/p.db"
        job = {"kind": "backfill", "first": first.isoformat(), "last": last.isoformat()}
        done = crawl(outlet.id, db=db, outlets=tmp_path / "outlets", data=tmp_path / "data", **job)
        assert done.end["state"] == "completed", done.log[-3000:]
        assert done.counts["problems"] == []
        wanted = site.published(
            datetime.combine(first, time(), outlet.tz), datetime.combine(last + timedelta(days=1), time(), outlet.tz)
        )
        numbers = [page.number for page in wanted]
        assert len(numbers) > 30
        assert len(site.asked) <= max(numbers) - min(numbers) + 1 + 40
    store = open_database(db)
    held = [copy.number(article.url) for article in iter_articles(store, copies=True)]
    assert set(numbers) <= set(held)
    assert len(held) == len(set(held))
    [window] = frontier.finished_windows(store, outlet.id)
    store.close()
    assert (window.first, window.last) == (first, last)

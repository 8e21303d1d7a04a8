"""How many pages of an API or a listing a run reads that looks for what is new."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crawlers.discovery import SeedDocument
from crawlers.outlet import Ghost, Listing, WordPress
from crawlers.spider.walks.pages import _goes_on
from crawlers.window import Window
from storage.model import DateSource, Hints, Link, Precision, Published

NEW = [Link("https://x.az/1")]
SEEDS: list[Any] = [
    WordPress(kind="wordpress", url="https://x.az/wp-json/wp/v2/posts"),
    Ghost(kind="ghost", url="https://x.az/ghost/api/content/posts/", key="22444f78447824223cefc48062"),
    Listing(kind="listing", url="https://x.az/news"),
]


def goes_on(
    seed: Any, read: int, unknown: int, window: Window | None = None, link: Link = NEW[0], zone: str = "Asia/Baku"
) -> bool:
    """Whether a page more is asked for when `read` were read, and the last one named so many unknown pages."""

    async def count_unknown(_: object) -> int:
        return unknown

    documents: Any = SimpleNamespace(
        job=SimpleNamespace(wanted=window, window=window), count=lambda _: read, count_unknown=count_unknown,
        outlet=SimpleNamespace(tz=ZoneInfo(zone)),
    )  # fmt: skip
    return asyncio.run(_goes_on(documents, seed, SeedDocument(links=(link,)), [link]))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.kind)
def test_the_first_night_of_an_outlet_is_no_backfill(seed: Any) -> None:
    assert goes_on(seed, 19, unknown=100)
    assert not goes_on(seed, 20, unknown=100)
    assert goes_on(seed.model_copy(update={"max_pages": 21}), 20, unknown=100)
    assert not goes_on(seed, 1, unknown=0)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.kind)
def test_a_backfill_reads_as_many_pages_as_its_days_have(seed: Any) -> None:
    assert goes_on(seed, 400, unknown=0, window=Window(date(2024, 2, 1), date(2024, 2, 29)))


@pytest.mark.parametrize("name", ["published", "modified"])
@pytest.mark.parametrize(
    ("zone", "at", "older"),
    [
        ("Asia/Tashkent", "2024-01-31T19:00:00+00:00", True),  # midnight there, which is five hours ahead of UTC
        ("Asia/Tashkent", "2024-01-31T18:59:00+00:00", False),
        ("Asia/Tashkent", "2024-01-31T21:00:00+02:00", True),
        ("America/New_York", "2024-02-01T05:00:00+00:00", True),
        ("America/New_York", "2024-02-01T04:59:00+00:00", False),
    ],
)
def test_a_backfill_ends_where_a_page_is_older_than_its_days_in_the_outlets_zone(
    zone: str, at: str, older: bool, name: str
) -> None:
    moment = datetime.fromisoformat(at)
    told: Any = Published(moment, Precision.MINUTE, DateSource.API, at) if name == "published" else moment
    link = Link("https://x.az/1", Hints(**{name: told}))
    february = Window(date(2024, 2, 1), date(2024, 2, 29))
    assert goes_on(SEEDS[0], 1, unknown=0, window=february, link=link, zone=zone) is older

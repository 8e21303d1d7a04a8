"""Walks that look at several pages before they note one keep their links, and no bytes."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawlers.discovery import SeedDocument, read_seed
from crawlers.job import Job
from crawlers.outlet import Outlet, Seed
from crawlers.spider.answers import Answer
from crawlers.spider.seed_documents import Opened, SeedDocuments
from crawlers.spider.walks.days import DaysWalk
from crawlers.spider.walks.listing import ListingWalk
from crawlers.window import Window
from storage.model import Link

SITE = "https://example.az"
JUNE = Window(date(2024, 6, 1), date(2024, 6, 12))
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["en"],
        "timezone": "Asia/Baku", "urls": {"article": rf"^{SITE}/(?P<year>\d{{4}})/(?P<month>\d\d)/(?P<day>\d\d)/\d+$"},
        "seeds": [
            {"kind": "dated_listing", "url": f"{SITE}/{{year}}/{{month:02}}/{{day:02}}"},
            {"kind": "listing", "url": f"{SITE}/latest", "pages": f"{SITE}/latest?page={{page}}"},
        ],
    }
)  # fmt: skip


class Documents:
    """Answers each page with the links of a day of its own, and counts the answers that are still in memory."""

    outlet, job = OUTLET, Job(kind="backfill", first=JUNE.first, last=JUNE.last)
    wanted = SeedDocuments.wanted
    cut = False

    def __init__(self) -> None:
        self._given: list[weakref.ref[Answer]] = []
        self.most = self.bytes = 0
        self.noted: list[Link] = []

    async def ask(self, seed: Seed, url: str, parent: str | None = None, *, missing: Collection[int] = ()) -> Opened:
        number = int(url.partition("page=")[2] or url.rpartition("/")[2].replace("latest", "1"))
        day = date(2024, 6, 28) - timedelta(number) if "latest" in url else date(2024, 6, number)
        links = "".join(f'<a href="/{day:%Y/%m/%d}/{number * 20 + k}">The ferry is back {k}</a>' for k in range(9))
        body = f"<html><body>{links}</body></html>".encode()
        answer = Answer(url, (), 200, {}, None, None, body, [], body, None, False, datetime.now(UTC))
        self._given.append(weakref.ref(answer))
        self.most = max(self.most, sum(one() is not None for one in self._given))
        return Opened(seed, url, parent, answer)

    async def reading(self, opened: Opened) -> SeedDocument:
        return read_seed(opened.seed, OUTLET, opened.url, opened.answer.body, {})

    async def note(self, opened: Opened, reading: SeedDocument, links: list[Link], *_: Any) -> None:
        self.bytes += len(opened.answer.body) + len(opened.answer.raw_body)
        self.noted += links


@pytest.mark.parametrize("kind", ["dated_listing", "listing"])
def test_pages_that_wait_to_be_noted_hold_no_bytes(kind: str) -> None:
    documents: Any = Documents()
    days, listing = OUTLET.seeds
    walk: Any = (
        DaysWalk(documents, days, JUNE, date(2026, 1, 1)) if kind == "dated_listing"
        else ListingWalk(documents, None, listing, JUNE)  # type: ignore[arg-type]  # its links have days
    )  # fmt: skip
    asyncio.run(walk.walk())
    assert {link.url.split("/")[5] for link in documents.noted} == {f"{day:02}" for day in range(1, 13)}
    assert documents.bytes == 0
    assert documents.most <= 2, "the page that was read last, and the one that is asked for"

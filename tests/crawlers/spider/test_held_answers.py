"""How much of what sites answered a process holds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.spider.answers import Answer
from crawlers.spider.fetching import Fetched, Fetcher
from crawlers.spider.held_answers import HeldAnswers
from storage import frontier
from storage.database import Database
from storage.model import Link
from tests.crawlers.spider.scene import SITE, Scene

PAGES = 30


def answer(url: str, body: bytes, raw: bytes | None = None) -> Answer:
    return Answer(url, (), 404, {}, None, None, body, [], body if raw is None else raw, None, False, datetime.now(UTC))


class BusyWeb(Fetcher):
    """Stands for the network: missing pages, and how many were under way at once."""

    def __init__(self) -> None:
        self.under_way = self.most = self.asked = 0

    async def get(self, url: str, role: str, **_: Any) -> Fetched:
        self.asked += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        return answer(url, b"missing")


def test_bytes_count_until_nobody_holds_the_answer() -> None:
    held = HeldAnswers(100)
    plain, packed = answer(SITE, b"x" * 60), answer(SITE, b"y" * 30, b"z" * 10)
    held.hold(plain)
    assert (held.bytes, held.is_full) == (60, False)
    held.hold(packed)
    assert (held.bytes, held.is_full) == (100, True)
    del plain
    assert (held.bytes, held.is_full) == (40, False)
    del packed
    assert held.bytes == 0


@pytest.mark.parametrize("full", [True, False])
def test_a_run_begins_no_second_page_while_others_hold_enough(
    database: Database, tmp_path: Path, *, full: bool
) -> None:
    held = HeldAnswers(1000)
    of_another_run = answer(SITE, b"x" * (1000 if full else 100))
    held.hold(of_another_run)
    web = BusyWeb()
    scene = Scene(database, tmp_path, web, held)
    frontier.discover(database, scene.run, None, [Link(f"{SITE}/news/{n}") for n in range(PAGES)])
    try:
        asyncio.run(scene.work_on_pages())
    finally:
        scene.store.close()
    assert web.asked == PAGES
    assert {state for state, _ in scene.states().values()} == {"gone"}
    assert (web.most == 1) is full
    assert held.bytes == len(of_another_run.body), "what was written is let go"

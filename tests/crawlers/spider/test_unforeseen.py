"""What nobody foresaw while a page or a seed is fetched and read: it costs that page, or is a problem of that seed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.spider.answers import Answer
from crawlers.spider.fetching import Fetched, Fetcher
from storage import frontier
from storage.database import Database
from storage.errors import DatabaseFailedError
from storage.model import Link
from tests.crawlers.spider.scene import SITE, Scene

FEED = f"<rss version='2.0'><channel><title>x</title><item><link>{SITE}/news/1</link></item></channel></rss>".encode()


class Web(Fetcher):
    """Stands for the network: a feed, missing pages, and a fault of ours wherever the address holds `bad` or ends in 3."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    async def get(self, url: str, role: str, **_: Any) -> Fetched:
        if "bad" in url or url.endswith("3"):
            raise self._fault
        status, body = (200, FEED) if role == "seed" else (404, b"missing")
        return Answer(url, (), status, {}, None, None, body, [], body, None, False, datetime.now(UTC))


@pytest.fixture
def scene_with(database: Database, tmp_path: Path) -> Iterator[Callable[[Exception], Scene]]:
    """Makes a scene with a fault; at the end its thread ends, and with it its use of the database."""
    with contextlib.ExitStack() as stack:

        def make(fault: Exception) -> Scene:
            scene = Scene(database, tmp_path, Web(fault))
            stack.callback(scene.store.close)
            return scene

        yield make


@pytest.fixture
def links() -> list[Link]:
    return [Link(f"{SITE}/news/{n}") for n in range(6)]


def test_a_page_fails_and_the_others_go_on(
    scene_with: Callable[[Exception], Scene], database: Database, links: list[Link]
) -> None:
    scene = scene_with(RuntimeError("nobody\nforesaw \x1b[31mthis"))
    frontier.discover(database, scene.run, None, links)
    asyncio.run(scene.work_on_pages())
    assert scene.states() == {
        f"{SITE}/news/{n}": ("failed", "fault") if n == 3 else ("gone", "http_404") for n in range(6)
    }
    assert scene.tally.problems == [f"{SITE}/news/3: failed: fault (RuntimeError: nobody foresaw [31mthis)"]


def test_a_seed_is_a_problem_and_the_others_are_read(scene_with: Callable[[Exception], Scene]) -> None:
    scene = scene_with(RuntimeError("nobody foresaw this"))
    reader = asyncio.run(scene.read_seeds())
    assert (reader.read, reader.failures) == (1, ["fault"])
    assert scene.tally.problems == [f"{SITE}/bad.xml: fault (RuntimeError: nobody foresaw this)"]
    assert scene.tally.pages["discovered"] == 1


def test_what_would_befall_every_page_ends_the_run(
    scene_with: Callable[[Exception], Scene], database: Database, links: list[Link]
) -> None:
    scene = scene_with(DatabaseFailedError("gone"))
    frontier.discover(database, scene.run, None, links)
    with pytest.raises(DatabaseFailedError):
        asyncio.run(scene.work_on_pages())
    with pytest.raises(DatabaseFailedError):
        asyncio.run(scene.read_seeds())
    assert scene.tally.problems == []

"""The pool on real worker processes: limits on time and memory, deaths, and the pages that come after them."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import psutil
import pytest

from crawlers.catalog import load_outlets
from crawlers.confined import TIME_LIMIT
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.workers import pool as pool_module
from crawlers.extraction.workers.pool import WAITED_A_WORKER, ExtractionPool
from crawlers.extraction.workers.process import KILLED, MODULE
from storage.model import Article, DateSource, Hints, Precision, Published
from tests.processes import runs

URL = "https://www.azernews.az/nation/1.html"
TEXT = "The ferry across the lake resumed service on Monday after a break of four months, the town said in a note."


def page(body: str = "") -> bytes:
    words = "".join(f"<p>{n}. {TEXT}</p>" for n in range(4))
    return f"<html><title>Ferry resumes service</title><h1>Ferry resumes service</h1>{words}{body}</html>".encode()


@asynccontextmanager
async def pool(workers: int = 1, **limits: float) -> AsyncIterator[ExtractionPool]:
    made = ExtractionPool(workers, **limits)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        await made.close()


def extracted(html: bytes, *more: bytes, **limits: float) -> list[Article | Rejected]:
    async def run() -> list[Article | Rejected]:
        async with pool(**limits) as workers:
            return [await workers.extract(one, URL, None) for one in (html, *more)]

    return asyncio.run(run())


def servers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if runs(child, MODULE)]


def children() -> list[psutil.Process]:
    """Return the workers, which are forks of the process that serves them."""
    return [worker for server in servers() for worker in server.children()]


def test_an_article_comes_back_with_all_it_was_given() -> None:
    told = Published(datetime(2024, 3, 4, 9, 30, tzinfo=UTC), Precision.MINUTE, DateSource.FEED, "Mon, 04 Mar 2024")
    hints = Hints(published=told, authors=("Jane Doe",), section="lake")

    async def run() -> Article | Rejected:
        async with pool() as workers:
            return await workers.extract(page(), URL, load_outlets().get("azernews"), hints, "text/html")

    found = asyncio.run(run())
    assert isinstance(found, Article)
    assert (found.published, found.authors, found.section) == (told, ("Jane Doe",), "lake")
    assert found.text.count("\n\n") == 3


@pytest.mark.parametrize(("pages", "processes"), [(WAITED_A_WORKER, 1), (WAITED_A_WORKER + 2, 2)])
def test_a_second_process_starts_when_enough_pages_had_to_wait(pages: int, processes: int) -> None:
    async def run() -> tuple[int, int]:
        async with pool(2) as workers:
            found = await asyncio.gather(*(workers.extract(page(), URL, None) for _ in range(pages)))
            return len(children()), sum(isinstance(one, Article) for one in found)

    assert asyncio.run(run()) == (processes, pages)


@pytest.mark.parametrize(
    "html",
    [
        page("<p " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">"),
        page("<br>" * 100_000),
        page("<b>" * 1_000_000),
        b"<html><title>Deep</title><h1>Deep</h1>" + b"<div>" * 20_000 + page(),
    ],
    ids=["attributes", "breaks", "tags", "depth"],
)
def test_markup_made_to_stall_is_refused_at_once_and_the_next_page_works(html: bytes) -> None:
    async def run() -> tuple[Article | Rejected, Article | Rejected, float]:
        async with pool() as workers:
            await workers.extract(page(), URL, None)  # the time that a process takes to start is not of interest
            started = time.monotonic()
            refused, after = [await workers.extract(one, URL, None) for one in (html, page())]
            return refused, after, time.monotonic() - started

    refused, after, seconds = asyncio.run(run())
    assert isinstance(refused, Rejected)
    assert refused.reason is Reason.HOSTILE
    assert isinstance(after, Article)
    assert seconds < 15


@pytest.mark.parametrize("size", [0, 1_000_000], ids=["in the pipe", "too large for the pipe"])
def test_a_page_over_its_time_is_refused_and_the_next_one_works(size: int) -> None:
    async def run() -> list[Article | Rejected]:
        async with pool() as workers:
            await workers.extract(page(), URL, None)
            [worker] = children()
            worker.suspend()  # as good as a page that never ends
            found = []
            for limit in (2.0, TIME_LIMIT):  # for the next page a process has to start, which counts
                workers._all[-1].time_limit = limit
                found.append(await workers.extract(page("<!-- -->" * (size // 8)), URL, None))
            return found

    refused, after = asyncio.run(run())
    assert refused == Rejected(Reason.HOSTILE, "time: more than 2 s")
    assert isinstance(after, Article)


def test_slow_pages_do_not_hold_up_the_others_and_leave_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "SLOW", 1.0)

    async def run() -> tuple[list[Article | Rejected], bool, int]:
        async with pool(2, time_limit=120) as workers:
            await asyncio.gather(*(workers.extract(page(), URL, None) for _ in range(WAITED_A_WORKER + 2)))
            stalled = children()
            for worker in stalled:
                worker.suspend()  # as good as pages that use up their time
            slow = [asyncio.create_task(workers.extract(page(f"<p>{n}</p>"), URL, None)) for n in range(2)]
            await asyncio.sleep(0)  # so that they have their turns
            found = [await workers.extract(page(), URL, None) for _ in range(3)]
            waiting = not any(one.done() for one in slow)
            for worker in stalled:
                worker.resume()
            found += await asyncio.gather(*slow)
            return found, waiting and len(stalled) == 2, len({*children()} & {*stalled})

    found, waiting, left = asyncio.run(run())
    assert [type(one) for one in found] == [Article] * 5
    assert waiting, "the slow ones ended first"
    assert left == 0, "what was slow may have grown"


def test_pages_that_nobody_waits_for_any_more_give_their_turns_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "SLOW", 1.0)

    async def run() -> list[Article | Rejected]:
        async with pool(1, time_limit=120) as workers:
            await workers.extract(page(), URL, None)
            [stalled] = children()
            stalled.suspend()
            slow = [asyncio.create_task(workers.extract(page(f"<p>{n}</p>"), URL, None)) for n in range(3)]
            await asyncio.sleep(0)
            for one in slow:
                one.cancel()
            await asyncio.wait(slow)
            after = [asyncio.create_task(workers.extract(page(), URL, None)) for _ in range(4)]
            await asyncio.wait(after, return_when=asyncio.FIRST_COMPLETED)
            stalled.resume()
            return list(await asyncio.gather(*after))

    assert [type(one) for one in asyncio.run(run())] == [Article] * 4


def test_a_page_over_its_memory_is_refused_and_the_next_one_works() -> None:
    refused, after = extracted(page("<p>" + "a word and another " * 800_000 + "</p>"), page(), memory=400 << 20)
    assert refused == Rejected(Reason.HOSTILE, "memory")
    assert isinstance(after, Article)


def test_a_worker_killed_by_a_person_costs_no_page() -> None:
    async def run() -> list[Article | Rejected]:
        async with pool() as workers:
            before = await workers.extract(page(), URL, None)
            [worker] = children()
            os.kill(worker.pid, signal.SIGKILL)
            return [before, await workers.extract(page(), URL, None)]

    assert all(isinstance(found, Article) for found in asyncio.run(run()))


def test_a_page_whose_worker_is_killed_twice_is_not_said_to_be_hostile_itself() -> None:
    async def killed(but: set[int]) -> int:
        """Kill the worker that is none of these as soon as it is there."""
        while not (fresh := {child.pid for child in children()} - but):  # noqa: ASYNC110 - a process tells nobody that it was born
            await asyncio.sleep(0.01)
        os.kill(pid := fresh.pop(), signal.SIGKILL)
        return pid

    async def run() -> list[Article | Rejected]:
        async with pool() as workers:
            # Much to read, so that a worker is still at it when it is found on a busy machine.
            long = page("<p>The ferry sails to the islands at noon.</p>" * 20_000)
            asked = asyncio.create_task(workers.extract(long, URL, None))
            first = await killed(set())
            await killed({first})
            return [await asked, await workers.extract(page(), URL, None)]

    refused, after = asyncio.run(run())
    assert refused == Rejected(Reason.HOSTILE, KILLED)
    assert isinstance(after, Article)


def test_a_term_signal_to_the_group_leaves_workers_to_their_parent() -> None:
    async def run() -> Article | Rejected:
        async with pool() as workers:
            await workers.extract(page(), URL, None)
            [worker] = children()
            os.kill(worker.pid, signal.SIGTERM)
            found = await workers.extract(page(), URL, None)
            assert children() == [worker], "the same process answers"
            return found

    assert isinstance(asyncio.run(run()), Article)


def test_no_worker_is_left_behind() -> None:
    extracted(page())
    assert servers() == []


def test_a_worker_knows_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DB", "postgresql://me:hunter2@host/db")
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:hunter2")

    async def run() -> dict[str, str]:
        async with pool() as workers:
            await workers.extract(page(), URL, None)
            [worker] = children()
            return worker.environ()

    assert "hunter2" not in str(asyncio.run(run()))

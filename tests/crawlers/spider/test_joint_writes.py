"""Pages of several runs are written in one transaction, and each run still answers for its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from crawlers.spider.joint_writes import BATCH, JointWrites, Share
from crawlers.spider.store import Store
from storage import frontier
from storage.database import Database
from storage.errors import FolderNotWritableError
from storage.frontier import Extracted, Failed, FinishedPage, Outcome, Run, RunRequest
from storage.model import Article, Link

Shares = list[list[Outcome] | BaseException]


class RunningOutlet:
    """A run that holds leases of pages, each with an article."""

    def __init__(self, db: Database, name: str, pages: int = 3) -> None:
        self.db, self.name = db, name
        self.run: Run = frontier.start_run(db, RunRequest(name, name, "crawl"))
        frontier.discover(db, self.run, None, [Link(f"https://{name}.example/{n}") for n in range(pages)])
        leases = frontier.lease(db, self.run, pages, now=datetime.now(UTC))
        self.ends = [_end(lease.page_id, lease.url) for lease in leases]
        self.written: list[Outcome] = []
        self.apart = 0

    def share(self) -> Share:
        return Share(self.run, self.ends, self.write_apart, lambda _, ended: self.written.extend(ended))

    def write_apart(self, ends: Sequence[FinishedPage]) -> list[Outcome]:
        """Write page by page; one that cannot be written fails."""
        self.apart += 1
        return [self._written_alone(end) for end in ends]

    def _written_alone(self, end: FinishedPage) -> Outcome:
        now = datetime.now(UTC)
        try:
            return frontier.finish(self.db, self.run, [end], now)[0]
        except Exception:  # noqa: BLE001 - whatever the database says of it
            failed = FinishedPage(end.page_id, Failed("unwritable"), now)
            return frontier.finish(self.db, self.run, [failed], now)[0]


def _end(page_id: int, url: str) -> FinishedPage:
    text = " ".join(f"word{page_id}x{n}" for n in range(60))
    return FinishedPage(page_id, Extracted(Article(url, f"Title {page_id}", text)), datetime.now(UTC), 200, url, (url,))


def write_at_one_time(db: Database, shares: Sequence[Share]) -> Shares:
    """Offer the shares while the thread of the store is busy, and then let it go on."""

    async def work() -> Shares:
        store, busy = Store(), threading.Event()
        writes = JointWrites(db, store)
        before = asyncio.create_task(store.call(busy.wait))
        offered = [asyncio.create_task(writes.write(share)) for share in shares]
        await asyncio.sleep(0)
        busy.set()
        await before
        try:
            return list(await asyncio.gather(*offered, return_exceptions=True))
        finally:
            store.close()

    return asyncio.run(work())


@pytest.fixture
def transactions(database: Database) -> Callable[[], int]:
    begun: list[Any] = []
    event.listen(database.engine, "begin", begun.append)
    return lambda: len(begun)


def states(outcomes: list[Outcome] | BaseException) -> list[str]:
    assert not isinstance(outcomes, BaseException)
    return [outcome.state for outcome in outcomes]


def test_pages_that_end_at_one_time_are_one_transaction(database: Database, transactions: Callable[[], int]) -> None:
    outlets = [RunningOutlet(database, name) for name in ("one", "two", "three")]
    before = transactions()
    ended = write_at_one_time(database, [outlet.share() for outlet in outlets])
    assert transactions() - before == 1
    assert [states(each) for each in ended] == [["stored"] * 3] * 3
    assert [outlet.written for outlet in outlets] == ended
    for outlet, outcomes in zip(outlets, ended, strict=True):
        assert not isinstance(outcomes, BaseException)
        assert [outcome.page_id for outcome in outcomes] == [end.page_id for end in outlet.ends]


def test_no_transaction_grows_beyond_its_bound(database: Database, transactions: Callable[[], int]) -> None:
    outlets = [RunningOutlet(database, name, BATCH // 2) for name in ("one", "two", "three")]
    before = transactions()
    ended = write_at_one_time(database, [outlet.share() for outlet in outlets])
    assert transactions() - before > 1
    assert [states(each) for each in ended] == [["stored"] * (BATCH // 2)] * 3


def test_a_page_that_cannot_be_written_is_its_own_run_s(database: Database) -> None:
    sound, spoilt = RunningOutlet(database, "sound"), RunningOutlet(database, "spoilt")
    spoilt.ends[1] = replace(spoilt.ends[1], http_status=10**20)
    ended = write_at_one_time(database, [sound.share(), spoilt.share()])
    assert states(ended[0]) == ["stored"] * 3
    assert states(ended[1]) == ["stored", "failed", "stored"]
    assert (sound.apart, spoilt.apart) == (1, 1)


def test_what_ends_one_run_after_the_transaction_ends_no_other(database: Database) -> None:
    sound, other = RunningOutlet(database, "sound"), RunningOutlet(database, "other")

    def disk_full(*_: object) -> None:
        raise FolderNotWritableError("cannot write the archive: no space")

    broken = replace(other.share(), written=disk_full)
    ended = write_at_one_time(database, [broken, sound.share()])
    assert isinstance(ended[0], FolderNotWritableError)
    assert states(ended[1]) == ["stored"] * 3


def test_a_lease_is_ended_by_the_run_that_holds_it_only(database: Database) -> None:
    holder, other = RunningOutlet(database, "holder"), RunningOutlet(database, "other")
    stolen, holder.ends = holder.ends[0], holder.ends[1:]
    other.ends = [*other.ends, stolen]
    ended = write_at_one_time(database, [holder.share(), other.share()])
    assert states(ended[0]) == ["stored"] * 2
    assert states(ended[1]) == ["stored"] * 3 + ["put_back"]

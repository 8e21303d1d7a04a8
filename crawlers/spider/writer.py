"""Ends of pages of a run, written in batches: the raw answers to the archive first, then all outcomes in a transaction.

In this order a crash between the two costs a spare WARC record and never an article. A batch that cannot be written is
written by halves of halves, down to the page that is to blame, which ends as failed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from storage import frontier
from storage.frontier import REMOVED, REMOVED_BEFORE, Extracted, FinishedPage, Outcome, Run
from storage.instants import steady_now
from storage.warc import ArchiveWriter

from .answers import Answer
from .isolation import Isolation, ends_the_run
from .joint_writes import BATCH, JointWrites, Share

PAUSE = 0.5  # seconds a page waits for company before it is written; a batch has its price, however small it is


@dataclass(frozen=True, slots=True)
class Finished:
    """A page that is done: its end, and the raw answer if there was one."""

    end: FinishedPage
    answer: Answer | None = None


class Writer:
    """Collects finished pages and writes them; `on_ended` hears of each end after its commit."""

    def __init__(
        self,
        run: Run,
        writes: JointWrites,
        archive: ArchiveWriter,
        on_ended: Callable[[Finished, Outcome], None],
        isolation: Isolation,
    ) -> None:
        self._run, self._writes, self._archive, self._on_ended = run, writes, archive, on_ended
        self._isolation = isolation
        self._waiting: list[Finished] = []
        self._wake = asyncio.Event()
        self._all_kept = asyncio.Event()
        self._closing = False

    def add(self, finished: Finished) -> None:
        self._waiting.append(finished)
        self._all_kept.clear()
        if len(self._waiting) >= BATCH:
            self._wake.set()

    def write_soon(self) -> None:
        """Write what was added without waiting for more."""
        if self._waiting:
            self._wake.set()

    async def write_until_closed(self) -> None:
        """The writing task. An error of the store ends it, and the run with it: only what was kept is reported."""
        while not (self._closing and not self._waiting):
            if not self._closing:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _until_next_beat())
            self._wake.clear()
            await self._write_batch()
            if not self._waiting:
                self._all_kept.set()

    async def all_kept(self) -> None:
        """Return when everything that was added is in the store."""
        self._wake.set()
        await self._all_kept.wait()

    def close(self) -> None:
        """Write what is waiting, then end the writing task."""
        self._closing = True
        self._wake.set()

    async def _write_batch(self) -> None:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if not batch:
            return
        ends = await self._writes.store.call(self._all_archived, batch)
        ended = await self._writes.write(Share(self._run, ends, self._write, self._written))
        for finished, outcome in zip(batch, ended, strict=True):
            self._on_ended(finished, outcome)
        self._isolation.settle()

    def _all_archived(self, batch: list[Finished]) -> list[FinishedPage]:
        ends = [self._archived(finished) for finished in batch]
        self._archive.flush()
        return ends

    def _write(self, ends: Sequence[FinishedPage]) -> list[Outcome]:
        """Write the outcomes of pages in one transaction; if it fails, each half by itself, down to single pages."""
        try:
            ended = self._finish(ends)
        except Exception as fault:
            if len(ends) == 1:
                return self._finish([self._unwritable(ends[0], fault)])
            if ends_the_run(fault):
                raise
            middle = len(ends) // 2
            return self._write(ends[:middle]) + self._write(ends[middle:])
        self._written(ends, ended)
        return ended

    def _written(self, ends: Sequence[FinishedPage], ended: Sequence[Outcome]) -> None:
        if any(isinstance(end.result, Extracted) for end in ends):
            self._isolation.kept()
        self._erase_removed(ends, ended)

    def _erase_removed(self, ends: Sequence[FinishedPage], ended: Sequence[Outcome]) -> None:
        """A text that was taken down stays out of the archive too, at whatever address it comes back."""
        for end, outcome in zip(ends, ended, strict=True):
            if outcome.reason in (REMOVED, REMOVED_BEFORE) and end.warc:
                self._archive.erase(end.warc, "taken down before")

    def _finish(self, ends: Sequence[FinishedPage]) -> list[Outcome]:
        return frontier.finish(self._writes.db, self._run, ends, steady_now())

    def _unwritable(self, end: FinishedPage, fault: Exception) -> FinishedPage:
        """The end of a page that cannot be written, without anything that its answer said."""
        failed = self._isolation.blame(end.final_url or f"page {end.page_id}", "unwritable", fault)
        return FinishedPage(page_id=end.page_id, result=failed, fetched_at=end.fetched_at, warc=end.warc)

    def _archived(self, finished: Finished) -> FinishedPage:
        answer = finished.answer
        if answer is None or answer.status == 304:
            return finished.end
        try:
            place = self._archive.write(
                url=answer.url,
                status=answer.status,
                headers=answer.raw_headers,
                body=answer.raw_body,
                fetched_at=answer.fetched_at,
                ip=answer.ip,
            )
        except Exception as fault:  # noqa: BLE001 - `blame` raises again what is not the page's
            return self._unwritable(finished.end, fault)
        return replace(finished.end, warc=place)


def _until_next_beat() -> float:
    """Return the seconds to the next multiple of PAUSE: one moment for all runs, whose pages then meet."""
    return PAUSE - asyncio.get_running_loop().time() % PAUSE

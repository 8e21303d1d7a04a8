"""Ends of pages of all runs of a process, in one transaction where they come at one time.

A transaction has its price, some thirty statements and a commit, however few pages it ends; and a polite run ends one
page in a second. Writers offer their pages at the same beats of a clock (`Writer`), so that those of many outlets meet.
"""

from __future__ import annotations

import contextvars
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from storage import frontier
from storage.database import Database
from storage.frontier import FinishedPage, Outcome, Run
from storage.instants import steady_now

from .isolation import ends_the_run
from .store import Store

BATCH = 50  # ends a transaction: what keeps a commit below 100 ms on SQLite


@dataclass(slots=True)
class Share:
    """What one run has to write. `apart` writes it alone, `written` follows the common transaction.

    Both are called in the thread of the store, in the context of whoever made the share, and may raise what ends the
    run. In the end either `outcomes` or `fault` is set.
    """

    run: Run
    ends: Sequence[FinishedPage]
    apart: Callable[[Sequence[FinishedPage]], list[Outcome]]
    written: Callable[[Sequence[FinishedPage], Sequence[Outcome]], None]
    outcomes: list[Outcome] | None = None
    fault: Exception | None = None
    _context: contextvars.Context = field(default_factory=contextvars.copy_context)

    @property
    def open(self) -> bool:
        return self.outcomes is None and self.fault is None

    def write_apart(self) -> None:
        try:
            self.outcomes = self._context.run(self.apart, self.ends)
        except Exception as fault:  # noqa: BLE001 - raised to the run that the share is of
            self.fault = fault

    def end(self, outcomes: list[Outcome]) -> None:
        """Take the outcomes of a transaction that is committed."""
        try:
            self._context.run(self.written, self.ends, outcomes)
            self.outcomes = outcomes
        except Exception as fault:  # noqa: BLE001 - raised to the run that the share is of
            self.fault = fault


class JointWrites:
    """Writes the shares of runs. Those that wait for the thread of the store at one time become one transaction."""

    def __init__(self, db: Database, store: Store) -> None:
        self.db, self.store = db, store
        self._waiting: deque[Share] = deque()

    async def write(self, share: Share) -> list[Outcome]:
        """Return the outcomes of the share's pages, in order, when they are committed; raise what ends its run."""
        self._waiting.append(share)
        await self.store.call(self._write_until, share)
        if share.fault is not None:
            raise share.fault
        assert share.outcomes is not None
        return share.outcomes

    def _write_until(self, share: Share) -> None:
        while share.open:
            self._write_together(self._next())

    def _next(self) -> list[Share]:
        """Take the shares of the next transaction: at least one, and no more than BATCH pages where there are more."""
        shares = [self._waiting.popleft()]
        room = BATCH - len(shares[0].ends)
        while self._waiting and len(self._waiting[0].ends) <= room:
            shares.append(self._waiting.popleft())
            room -= len(shares[-1].ends)
        return shares

    def _write_together(self, shares: list[Share]) -> None:
        if len(shares) == 1:
            return shares[0].write_apart()
        try:
            batches = [(share.run, share.ends) for share in shares]
            outcomes = iter(frontier.finish_together(self.db, batches, steady_now()))
        except Exception as fault:  # noqa: BLE001 - each run gets it, or finds the page that is to blame
            for share in shares:
                if ends_the_run(fault):
                    share.fault = fault
                else:
                    share.write_apart()
            return None
        for share in shares:
            share.end([next(outcomes) for _ in share.ends])
        return None

"""Pauses of hosts. They are kept in the ledger, so that the next run keeps them too."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from storage import frontier
from storage.database import Database
from storage.frontier import Failed, PutBack, Rejected
from storage.instants import steady_now
from storage.urls import host_of

from .answers import Answer
from .download_errors import HOST_CAUSES
from .fetching import Fetched, Fetcher, host_paused
from .retry_after import retry_after
from .store import Store

MAX_HOST = 255  # characters; a longer name is in no DNS, and in no column of the ledger's
READ_AGAIN = timedelta(minutes=1)
FAILURES_IN_A_ROW = 3  # until a host is paused: one time-out may be due to the page, three are due to the host


class HostWatch:
    """Keeps for each host of a run until when it is paused, and updates that from every answer.

    Other processes pause hosts too: the ledger is read again READ_AGAIN after it was read last.
    """

    def __init__(self, db: Database, store: Store) -> None:
        self._db, self._store = db, store
        self._until: dict[str, datetime | None] = {}
        self._read_at: dict[str, datetime] = {}
        self._failures: Counter[str] = Counter()

    async def paused_until(self, url: str) -> datetime | None:
        """Return the time until which the host of a URL is paused; None if it is not."""
        host = host_of(url)[:MAX_HOST]
        read_at = self._read_at.get(host)
        if read_at is None or steady_now() >= read_at + READ_AGAIN:
            kept = await self._store.call(frontier.host_pause, self._db, host)
            self._until[host] = max(filter(None, (kept, self._until.get(host))), default=None)
            self._read_at[host] = steady_now()
        return self._running(host)

    async def get(self, fetcher: Fetcher, url: str, role: str, **conditions: Any) -> Fetched:
        """Fetch as `Fetcher.get`, unless the host is paused, and record the result."""
        if until := await self.paused_until(url):
            return host_paused(until)
        fetched = await fetcher.get(url, role, **conditions)
        await self.learn(url, fetched)
        return fetched

    async def learn(self, url: str, fetched: Fetched) -> datetime | None:
        """Record the result of a fetch. Returns the time until which the host is paused because of it."""
        host = host_of(url)[:MAX_HOST]
        if isinstance(fetched, Rejected | PutBack):
            return self._running(host)
        cause = _host_cause(fetched)
        if cause is None:
            await self._recovered(host)
            return None
        self._failures[host] += 1
        asked = retry_after(fetched.headers.get("retry-after"), steady_now()) if isinstance(fetched, Answer) else None
        if asked:
            self._until[host] = await self._store.call(frontier.pause_host, self._db, host, asked, cause)
        elif self._failures[host] >= FAILURES_IN_A_ROW and not self._running(host):
            self._until[host] = await self._store.call(frontier.host_failed, self._db, host, cause)
        return self._running(host)

    def _running(self, host: str) -> datetime | None:
        until = self._until.get(host)
        return until if until and until > steady_now() else None

    async def _recovered(self, host: str) -> None:
        if self._running(host):
            return  # this request was under way when the host was paused
        if self._failures.pop(host, 0) or self._until.get(host):
            await self._store.call(frontier.host_succeeded, self._db, host)
        self._until[host] = None


def _host_cause(fetched: Answer | Failed) -> str | None:
    if isinstance(fetched, Failed):
        return fetched.cause if fetched.cause in HOST_CAUSES else None
    if fetched.status == 429 or fetched.status >= 500:
        return f"http_{fetched.status}"
    return None

"""Run one extraction worker: a process that gets one page at a time and is killed if a page takes too long."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from crawlers.confined import MEMORY, TIME_LIMIT, ConfinedProcess, ForkServer, TooSlowError, forks_are_possible
from crawlers.extraction.containers.model import ContainerUpdate
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.workers.protocol import outcome_from_json, update_from_json
from storage.model import Article

MODULE = "crawlers.extraction.workers.worker"
KILLED = "its process was killed twice, not by us"  # the detail of a refusal that says nothing of the page


def fork_server() -> ForkServer | None:
    """Return the server that the workers of one pool are forked from; None where the system cannot do it."""
    return ForkServer(MODULE) if forks_are_possible() else None


class Worker:
    """One process at a time, used by one thread at a time; limited to seconds a page and bytes of memory."""

    def __init__(self, time_limit: float = TIME_LIMIT, memory: int = MEMORY, server: ForkServer | None = None) -> None:
        self.time_limit = time_limit
        self._process = ConfinedProcess(MODULE, memory, server)
        self.update: ContainerUpdate | None = None  # what the last page taught

    @property
    def is_ready(self) -> bool:
        """Whether the next page meets a process that runs, and does not have to wait for the start of one."""
        return self._process.is_ready

    def extract(self, html: bytes, head: dict[str, Any]) -> Article | Rejected:
        """Return the process's answer; a refusal with `hostile` if it ran out of time, or died twice.

        A process may also die for other reasons than the page: the kernel's out-of-memory killer, a person's `kill`.
        So the page is tried a second time. If that is killed, too, the detail is KILLED.
        """
        found = self._once(html, head) or self._once(html, head)
        if found is None:
            found = Rejected(Reason.HOSTILE, KILLED if self._process.was_killed else "crash")
        return found

    def _once(self, html: bytes, head: dict[str, Any]) -> Article | Rejected | None:
        self.update = None
        until = time.monotonic() + self.time_limit
        try:
            self._process.ask(head, html, until)
            answer = self._process.answer(until)
        except TooSlowError:
            self._process.discard()
            return Rejected(Reason.HOSTILE, f"time: more than {self.time_limit:g} s")
        if answer is None:
            return None
        self.update = update_from_json(answer)
        return outcome_from_json(answer)

    def close(self) -> None:
        """End the process. `extract` starts a new one when it is called again."""
        self._process.close()


def close_all(workers: Iterable[Worker], server: ForkServer | None) -> None:
    """End the processes of workers, then the server that they were forked from."""
    for worker in workers:
        worker.close()
    if server is not None:
        server.close()

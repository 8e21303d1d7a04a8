"""The answers that a process holds: pages that wait for extraction, or for their transaction."""

from __future__ import annotations

import weakref

from .answers import Answer

# Bytes. Where sites answer faster than pages can be read, the runs of a night would hold hundreds of pages, and those
# of hostile sites have 16 MB each. 80 pages of news keep two processors busy, which read some 40 each in a second.
MOST = 24 << 20


class HeldAnswers:
    """Counts the bytes of answers until nobody holds them any more. One for all runs of a process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self.bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether no run with a page under way should begin another."""
        return self.bytes >= self._most

    def hold(self, answer: Answer) -> None:
        """Add the bytes of an answer, and subtract them when it is freed (a weakref tells), however its page ends."""
        size = len(answer.body)
        if answer.raw_body is not answer.body:
            size += len(answer.raw_body)
        self.bytes += size
        weakref.finalize(answer, self._let_go, size).atexit = False

    def _let_go(self, size: int) -> None:
        self.bytes -= size

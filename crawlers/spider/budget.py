"""How many requests a run may still send."""

from __future__ import annotations

from .tally import Tally


class Budget:
    """The number of requests that a run may send; without a limit if its job sets none.

    Redirects of the last page, and seeds that are asked side by side, can exceed the limit.
    """

    def __init__(self, limit: int | None, tally: Tally) -> None:
        self._limit, self._tally = limit, tally

    def left(self, under_way: int = 0) -> int | None:
        """Return how many requests are left, with so many pages under way; None without a limit."""
        if self._limit is None:
            return None
        return max(0, self._limit - sum(self._tally.requests.values()) - under_way)

    @property
    def used_up(self) -> bool:
        """Whether no request is left."""
        return self.left() == 0

    def __str__(self) -> str:
        return f"budget of {self._limit} requests"

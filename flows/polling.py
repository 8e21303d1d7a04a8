"""A poll without Prefect: run it as a child process, and sum it up for the terminal, the Prefect UI and machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crawlers.job import PollOrder
from crawlers.messages import Message, Polled

from .child import CrawlEnd, run_crawl

COMMAND = (sys.executable, "-P", "-m", "crawlers.poll")
SHOWN = 40  # rows of the table in the UI


@dataclass(frozen=True, slots=True)
class PollSummary:
    """A poll that has ended: its outlets by id, and how the process ended."""

    lines: tuple[Polled, ...]
    end: CrawlEnd

    @property
    def fresh(self) -> tuple[str, ...]:
        """The outlets that have something new."""
        return tuple(line.outlet for line in self.lines if line.new)

    @property
    def problems(self) -> tuple[str, ...]:
        """The problems of all outlets, each named by its URL or outlet."""
        return tuple(problem for line in self.lines for problem in line.problems)

    @property
    def exit_code(self) -> int:
        """0 done, 1 something needs a person, 2 nothing could be reached."""
        return 1 if self.end.state == "died" else max(0, self.end.exit_code)

    @property
    def message(self) -> str:
        """The poll in one line."""
        if self.end.error:
            return self.end.error
        asked = [line for line in self.lines if line.asked]
        parts = [
            f"{sum(line.asked for line in asked)} seeds of {len(asked)} outlets asked",
            f"{sum(line.unchanged for line in asked)} unchanged",
            f"{sum(line.new for line in asked)} new links at {len(self.fresh)} outlets",
        ]
        problems = len(self.problems)
        return ", ".join(parts) + (f", {problems} problem{'s' * (problems > 1)}" if problems else "")

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        outlets = [asdict(line) for line in self.lines]
        return {"message": self.message, "state": self.end.state, "seconds": self.end.seconds, "outlets": outlets}

    def rows(self) -> list[dict[str, Any]]:
        """Return the outlets with something new or a problem as rows of a table, those with most new links first."""
        told = sorted((line for line in self.lines if line.new or line.problems), key=lambda line: -line.new)
        return [
            {
                "outlet": line.outlet,
                "new links": line.new,
                "asked": line.asked,
                "unchanged": line.unchanged,
                "next due": line.next_due or "",
                "needs a person": "; ".join(line.problems)[:300],
            }
            for line in told[:SHOWN]
        ]


async def run_poll(
    order: PollOrder, on_message: Callable[[Message], None] = lambda _: None, *, command: Sequence[str] = COMMAND
) -> PollSummary:
    """Poll in a child process. When cancelled, it stops and keeps what it noted. `on_message` gets every message."""
    lines: dict[str, Polled] = {}

    def saw(message: Message) -> None:
        if isinstance(message, Polled):
            lines[message.outlet] = message
        on_message(message)

    end = await run_crawl(order, saw, command=command)
    return PollSummary(tuple(lines[outlet] for outlet in sorted(lines)), end)

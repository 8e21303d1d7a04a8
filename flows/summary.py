"""The figures of a night by outlet, for the terminal, the Prefect UI and machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from crawlers.messages import Counts

from .child import CrawlEnd

State = Literal["completed", "attention", "stopped", "busy", "failed"]

ENDS = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed", "waiting")
FIGURES = ("new", "copies", "rejected", "gone", "failed", "waiting", "requests")
_RANK: dict[State, int] = {"failed": 0, "busy": 1, "stopped": 2, "attention": 3, "completed": 4}
_NOTE = 500  # characters of a note
_ESCAPED = {ord(char): f"\\{char}" for char in "\\`*_[]#"} | {ord(char): f"&#{ord(char)};" for char in "|<>&"}


@dataclass(frozen=True, slots=True)
class OutletLine:
    """One outlet's crawl: numbers of pages in this run, except `waiting`, which counts the outlet's whole ledger.

    State `attention`: completed, but something needs a person; `note` says what.
    """

    outlet: str
    state: State
    new: int = 0
    copies: int = 0
    rejected: int = 0
    gone: int = 0
    failed: int = 0
    waiting: int = 0
    requests: int = 0
    seconds: float = 0.0
    note: str = ""

    @property
    def bad(self) -> bool:
        """Whether the crawl failed."""
        return self.state in ("failed", "busy")


def figures(counts: Counts) -> dict[str, int]:
    """Return the numbers of an outlet's line."""
    return {
        "new": counts.stored,
        "copies": counts.copies,
        "rejected": counts.rejected,
        "gone": counts.gone,
        "failed": counts.failed,
        "waiting": counts.waiting,
        "requests": sum(counts.requests.values()),
    }


def outlet_line(outlet: str, end: CrawlEnd) -> OutletLine:
    """Return how a crawl ended as a line of the summary."""
    state: State = "failed" if end.state == "died" else end.state
    if state == "completed" and end.counts.problems:
        state = "attention"
    return OutletLine(outlet, state, **figures(end.counts), seconds=end.seconds, note=note(end))


def note(end: CrawlEnd) -> str:
    """Return what a person should know of a crawl that ended: its error, else its first problem, else a finding."""
    if end.error:
        return end.error
    lines = end.counts.problems or end.counts.notes
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return f"{lines[0]}{more}" if lines else ""


def headline(counts: Counts) -> str:
    """Return the counts of a run in a few words."""
    labels = {"stored": "new"}
    names = ("stored", "copies", "unchanged", "rejected", "gone", "failed")
    parts = [f"{getattr(counts, name)} {labels.get(name, name)}" for name in names if getattr(counts, name)]
    return ", ".join(parts) or "nothing new"


def equation(ledger: Mapping[str, int]) -> str:
    """Return "discovered = stored + ... + waiting" in numbers, with a remark if it does not hold."""
    parts = " + ".join(f"{ledger.get(name, 0)} {name}" for name in ENDS)
    discovered = ledger.get("discovered", 0)
    holds = discovered == sum(ledger.get(name, 0) for name in ENDS)
    return f"{discovered} discovered {'=' if holds else '≠ (a fault of Pressrun, please report it)'} {parts}"


@dataclass(frozen=True, slots=True)
class NightlySummary:
    """All outlets of a night, failing ones first."""

    lines: tuple[OutletLine, ...]
    seconds: float = 0.0

    @property
    def failing(self) -> tuple[str, ...]:
        return tuple(line.outlet for line in self.lines if line.bad)

    @property
    def exit_code(self) -> int:
        """0 if all crawls completed, 1 if something needs a person."""
        return int(any(line.state != "completed" for line in self.lines))

    @property
    def message(self) -> str:
        """The night in one line."""
        if self.failing:
            return f"{len(self.failing)} of {len(self.lines)} outlets failed: {', '.join(self.failing)}"
        word = "outlet" if len(self.lines) == 1 else "outlets"
        stopped = sum(line.state == "stopped" for line in self.lines)
        attention = sum(line.state == "attention" for line in self.lines)
        asides = [f"{stopped} stopped"] * bool(stopped) + [f"{attention} need a person"] * bool(attention)
        total = sum(line.new for line in self.lines)
        return f"{len(self.lines)} {word}, {total} new articles{''.join(f', {aside}' for aside in asides)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        return {"message": self.message, "seconds": self.seconds, "outlets": [asdict(line) for line in self.lines]}

    def markdown(self, title: str) -> str:
        """Return the summary as Markdown: the notes, then a table."""
        notes = [
            f"- **{line.outlet}** {line.state}: {cell(line.note.removeprefix(f'{line.outlet}: '))}"
            for line in self.lines
            if line.note
        ]
        head = ["outlet", "state", *FIGURES, "s"]  # short: the pages leave little width
        rule = ["---", "---", *["---:"] * (len(FIGURES) + 1)]
        sums = [str(sum(getattr(line, name) for line in self.lines)) for name in FIGURES]
        rows = [*map(_row, self.lines), ["**all**", "", *sums, _seconds(self.seconds)]]
        table = [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
        parts = [f"# {cell(title)}", cell(self.message), "\n".join(notes), "\n".join(table)]
        return "\n\n".join(part for part in parts if part) + "\n"


def summarise(lines: Sequence[OutletLine], seconds: float) -> NightlySummary:
    """Make a summary with the lines in order of urgency."""
    return NightlySummary(tuple(sorted(lines, key=lambda line: (_RANK[line.state], line.outlet))), round(seconds, 1))


def _row(line: OutletLine) -> list[str]:
    numbers = [str(getattr(line, name)) for name in FIGURES]
    if not line.new:
        numbers[0] = "**0**"  # makes an outlet without new articles visible
    state = line.state if line.state == "completed" else f"**{line.state}**"
    return [line.outlet, state, *numbers, _seconds(line.seconds)]


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"


def cell(text: str) -> str:
    """Escape text from outside for a Markdown table, and shorten it."""
    flat = " ".join(text.split())
    flat = flat if len(flat) <= _NOTE else flat[: _NOTE - 1] + "…"
    return flat.translate(_ESCAPED)

"""The figures of a night by outlet, for the terminal, the Prefect UI and machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from crawlers.messages import Counts

from .child import CrawlEnd

State = Literal["completed", "attention", "stopped", "busy", "failed"]

STATES: tuple[State, ...] = ("failed", "busy", "stopped", "attention", "completed")  # in order of urgency
ENDS = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed", "waiting")
FIGURES = ("new", "copies", "rejected", "gone", "failed", "waiting", "requests")

Finding = Mapping[str, Any]  # of an outlet's health: kind, severity, since, evidence, advice, runbook, change


@dataclass(frozen=True, slots=True)
class OutletLine:
    """One outlet's crawl: numbers of pages in this run, except `waiting`, which counts the outlet's whole ledger.

    State `attention`: completed, but something needs a person; `note` says what. `run`: its id in the ledger.
    `overtaken`: copies that the run itself took for new articles, since their originals came later.
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
    run: int | None = None
    overtaken: int = 0
    log: str = ""
    flow_run_id: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def bad(self) -> bool:
        """Whether the crawl failed."""
        return self.state in ("failed", "busy")

    @property
    def remark(self) -> str:
        """The note without the outlet's name before it."""
        return self.note.removeprefix(f"{self.outlet}: ")

    @property
    def overtaken_note(self) -> str:
        """Say how many copies the run itself had counted as new articles; empty if none."""
        if not self.overtaken:
            return ""
        return f"{self.overtaken} of {self.copies} copies were new to the run: their originals came later in the night"

    def as_row(self) -> dict[str, Any]:
        """Return the line as a JSON object."""
        return asdict(self)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> OutletLine:
        """Make a line from what `as_row` returned. Unknown keys, of another version, are ignored."""
        known = {field.name: row[field.name] for field in fields(cls) if field.name in row}
        return cls(**{**known, "findings": tuple(row.get("findings", ()))})


def figures(counts: Counts) -> dict[str, Any]:
    """Return the numbers of an outlet's line."""
    return {
        "new": counts.new,
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
    if state == "completed" and (end.counts.problems or open_findings(end.findings)):
        state = "attention"
    return OutletLine(
        outlet,
        state,
        **figures(end.counts),
        seconds=end.seconds,
        note=note(end),
        run=end.run,
        log=str(end.log or ""),
        findings=end.findings,
    )


def open_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that still hold."""
    return [finding for finding in findings if finding.get("change") != "recovered"]


def note(end: CrawlEnd) -> str:
    """Return what a person should know of a crawl that ended: its error, its first problem, finding or note."""
    if end.error:
        return end.error
    found = [f"{one.get('kind')}: {one.get('evidence')}" for one in open_findings(end.findings)]
    lines = [*found, *end.counts.problems] or end.counts.notes
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return f"{lines[0]}{more}" if lines else ""


def headline(counts: Counts) -> str:
    """Return the counts of a run in a few words."""
    names = ("new", "copies", "edited", "unchanged", "rejected", "gone", "failed")
    parts = [f"{getattr(counts, name)} {name}" for name in names if getattr(counts, name)]
    return ", ".join(parts) or "nothing new"


def equation(ledger: Mapping[str, int]) -> str:
    """Return "discovered = stored + ... + waiting" in numbers, with a remark if it does not hold."""
    parts = " + ".join(f"{ledger.get(name, 0)} {name}" for name in ENDS)
    discovered = ledger.get("discovered", 0)
    holds = discovered == sum(ledger.get(name, 0) for name in ENDS)
    return f"{discovered} discovered {'=' if holds else '≠ (a fault of Pressrun, please report it)'} {parts}"


@dataclass(frozen=True, slots=True)
class NightlySummary:
    """All outlets of a night, failing ones first. `left_out`: outlets that were taken down, and so were not crawled."""

    lines: tuple[OutletLine, ...]
    seconds: float = 0.0
    left_out: tuple[str, ...] = ()

    @property
    def failing(self) -> tuple[str, ...]:
        return tuple(line.outlet for line in self.lines if line.bad)

    @property
    def exit_code(self) -> int:
        """0 if all crawls completed, 1 if something needs a person."""
        return int(any(line.state != "completed" for line in self.lines))

    @property
    def new(self) -> int:
        return sum(line.new for line in self.lines)

    @property
    def message(self) -> str:
        """The night in one line."""
        return f"{self._message}; {self.left_out_note}" if self.left_out else self._message

    @property
    def left_out_note(self) -> str:
        """Say which outlets were not crawled, since they were taken down; empty if none."""
        return f"left out, since removed from this archive: {', '.join(self.left_out)}" if self.left_out else ""

    @property
    def _message(self) -> str:
        if self.failing:
            return f"{len(self.failing)} of {len(self.lines)} outlets failed: {', '.join(self.failing)}"
        word = "outlet" if len(self.lines) == 1 else "outlets"
        stopped = sum(line.state == "stopped" for line in self.lines)
        attention = sum(line.state == "attention" for line in self.lines)
        asides = [f"{stopped} stopped"] * bool(stopped) + [f"{attention} need a person"] * bool(attention)
        return f"{len(self.lines)} {word}, {self.new} new articles{''.join(f', {aside}' for aside in asides)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        rows = [line.as_row() for line in self.lines]
        return {"message": self.message, "seconds": self.seconds, "outlets": rows, "left_out": list(self.left_out)}


def summarise(lines: Sequence[OutletLine], seconds: float, left_out: Sequence[str] = ()) -> NightlySummary:
    """Make a summary with the lines in order of urgency."""
    ordered = sorted(lines, key=lambda line: (STATES.index(line.state), line.outlet))
    return NightlySummary(tuple(ordered), round(seconds, 1), tuple(left_out))

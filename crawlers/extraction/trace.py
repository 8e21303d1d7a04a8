"""What extraction did with a page, step by step: which rule dropped which text, and which candidate won each field.

Extraction reports to a `Trace`, which forgets everything: its methods are only called where something is dropped or
chosen, so that they cost next to nothing. `Recorder` keeps what is reported, for `pressrun extract --explain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

NO_BLOCK = -1  # the place of a line that no block of the page begins with


class Stage(StrEnum):
    """The stages at which text leaves a page, in their order."""

    READ = "reading the blocks"
    REGION = "finding the article"
    CLEAN = "trafilatura"
    BLOCK_RULES = "rules for blocks"
    LINE_RULES = "rules for lines"
    OUTLET = "the outlet's own file"
    REPEATED = "repeated lines"
    EDGES = "top and end of the text"
    CREDIT = "credit and byline"


class Line(NamedTuple):
    """A line of the article's text and the block that it comes from, as a place in the page's row of blocks."""

    text: str
    place: int = NO_BLOCK
    order: int = NO_BLOCK  # where it stands on the page: its own place, or that of the line before it


@dataclass(frozen=True, slots=True)
class Removal:
    """A line or block that is not part of the article's text, and the rule that dropped it."""

    line: Line
    stage: Stage
    rule: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that was considered for a field. `note` says what speaks for or against it."""

    field: str
    source: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The value that a field got, and why."""

    field: str
    value: str
    source: str
    why: str = ""


class Trace:
    """Forgets everything. `on` tells whether it is worth gathering what only an explanation needs."""

    on = False

    def dropped(self, line: Line, stage: Stage, rule: str) -> None:
        """Note that a line is not part of the text."""

    def added(self, place: int, why: str) -> None:
        """Note that a block was put back that trafilatura had dropped."""

    def kept(self, lines: Sequence[Line]) -> None:
        """Note the lines that are left; called again when fewer are."""

    def candidate(self, field: str, source: str, value: object, note: str = "") -> None:
        """Note a value that is considered for a field."""

    def chose(self, field: str, value: object, source: str, why: str = "") -> None:
        """Note the value that a field gets."""

    def evidence(self, name: str, value: object) -> None:
        """Note something that counts when the page is judged to be an article or none."""

    def failed(self, step: str, problem: str) -> None:
        """Note a step that failed on this page; its field stays empty."""


NO_TRACE = Trace()


@dataclass(slots=True)
class Recorder(Trace):
    """Keeps everything that is reported, in order."""

    on = True
    removals: list[Removal] = field(default_factory=list)
    additions: dict[int, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    candidates: list[Candidate] = field(default_factory=list)
    choices: dict[str, Choice] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def dropped(self, line: Line, stage: Stage, rule: str) -> None:
        self.removals.append(Removal(line, stage, rule))

    def added(self, place: int, why: str) -> None:
        self.additions[place] = why

    def kept(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)

    def candidate(self, field: str, source: str, value: object, note: str = "") -> None:
        if value:
            self.candidates.append(Candidate(field, source, str(value), note))

    def chose(self, field: str, value: object, source: str, why: str = "") -> None:
        self.choices[field] = Choice(field, "" if value is None else str(value), source, why)

    def evidence(self, name: str, value: object) -> None:
        self.seen[name] = value

    def failed(self, step: str, problem: str) -> None:
        self.failures.append((step, problem))

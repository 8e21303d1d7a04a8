"""What a crawl process reports: JSON objects, one a line; types: start, progress, log, polled, reply and end.

A process that crawls several outlets adds `of`, the outlet, to the messages of each; without it, a message is about the
process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

State = Literal["completed", "stopped", "failed", "busy"]
Phase = Literal["seeds", "pages"]


class MessageError(ValueError):
    """A line that is not a message of a crawl."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one run, in pages unless said otherwise. `ledger` is the whole ledger of the outlet by outcome.

    `stored`: new articles, and those that their outlet has edited since (`edited`). `copies`: new articles that are
    copies. `reasons` are keyed OUTCOME:REASON. `problems` are lines for a person. `notes` are
    findings that need nobody. `refused`: some pages that were rejected, are gone or failed, at most five of a reason,
    as objects with `outcome`, `reason`, `url`, `detail`, `status`. `hosts`: the slowest ones, with their number of
    `answers`, and the mean and the longest time until an answer began (`seconds`, `slowest`). `archive`: the WARC file.
    `overtaken`, set after the night: new articles that are copies by now, of articles that came later.
    `articles`: of new articles of news pages: their number, how many have a title, a date, authors and so on, how many
    are `stale` (dated over 30 days back, or ahead), their words in all, the median of hours since their publication.
    `counter`: ids of the outlet's counter that were requested, found missing, and probed to find the end of a span.
    """

    discovered: int = 0
    known: int = 0
    due: int = 0
    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0
    gone: int = 0
    failed: int = 0
    put_back: int = 0
    copies: int = 0
    edited: int = 0
    overtaken: int = 0
    requests: Mapping[str, int] = field(default_factory=dict)  # sent, by role: seed, robots, article
    seeds_unchanged: int = 0  # seed documents that answered 304
    bytes: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    ledger: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    counter: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[Mapping[str, Any], ...] = ()
    hosts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    archive: str = ""
    articles: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Counts:
        """Make counts of a JSON object; TypeError for a key that is not known."""
        lines = {name: tuple(values.get(name, ())) for name in ("problems", "notes", "refused")}
        return cls(**{**values, **lines})

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as a JSON object."""
        return asdict(self)

    @property
    def new(self) -> int:
        """Articles that the archive did not have, copies left out."""
        return max(0, self.stored - self.edited)

    @property
    def waiting(self) -> int:
        """Pages of the outlet that wait in the ledger."""
        return self.ledger.get("waiting", 0)


@dataclass(frozen=True, slots=True)
class Started:
    """The run holds its outlet. `recovered`: leased pages of a dead run that were put back."""

    run: int
    outlet: str
    pid: int
    recovered: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run is. `phase`: whether seeds are still being read."""

    phase: Phase
    counts: Counts
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class LogLine:
    """A warning or an error of the crawl. `level` as in Python's logging, lower case."""

    level: str
    message: str


@dataclass(frozen=True, slots=True)
class Polled:
    """One outlet of a poll: numbers of its seeds and of their links. `next_due`: ISO 8601, None without a fast seed.

    `skipped`: seeds that were not due. `overflows`: feeds whose links were all new, so that some may have been missed.
    """

    outlet: str
    asked: int = 0
    skipped: int = 0
    unchanged: int = 0
    failed: int = 0
    new: int = 0
    known: int = 0
    overflows: int = 0
    next_due: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How the run ended, the last message. `run` is None if it never began; then there are no counts either.

    `findings`: what is odd about the outlet, as `storage.health.FindingChange.as_dict` gives it.
    """

    state: State
    run: int | None = None
    counts: Counts = field(default_factory=Counts)
    error: str | None = None
    seconds: float = 0.0
    exit_code: int = 0
    findings: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a `FetchRequest`: the final address, status, headers by lower-case name, and the body in base64.

    `status` 0: there was no answer; `cause` is the ledger's word for that, and `detail` says more. `unreachable`: the
    cause is one of the network, or of a host that is down.
    """

    number: int
    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    cause: str = ""
    detail: str = ""
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class OfOutlet:
    """A message of one outlet's run, where a process crawls several."""

    outlet: str
    message: Started | Progress | LogLine | Ended


Message = Started | Progress | LogLine | Polled | Ended | OfOutlet | Reply

_TYPES: dict[str, type[Message]] = {
    "start": Started,
    "progress": Progress,
    "log": LogLine,
    "polled": Polled,
    "reply": Reply,
    "end": Ended,
}
_NAMES = {kind: name for name, kind in _TYPES.items()}


def as_dict(message: Message) -> dict[str, Any]:
    """Return a message as a JSON object; its key `type` says which one it is."""
    if isinstance(message, OfOutlet):
        return {"of": message.outlet, **as_dict(message.message)}
    values = {each.name: getattr(message, each.name) for each in fields(message)}
    if isinstance(message, Progress | Ended):
        values["counts"] = message.counts.as_dict()
    return {"type": _NAMES[type(message)], **values}


def _from_dict(values: dict[str, Any]) -> Message:
    rest = dict(values)
    if (outlet := rest.pop("of", None)) is not None:
        return OfOutlet(str(outlet), _from_dict(rest))  # type: ignore[arg-type]  # a process never sends others
    kind = _TYPES.get(str(rest.pop("type", None)))
    if kind is None:
        raise MessageError(f"unknown type {values.get('type')!r}")
    try:
        if "counts" in rest:
            rest["counts"] = Counts.read(rest["counts"])
        if "problems" in rest:
            rest["problems"] = tuple(rest["problems"])
        if "findings" in rest:
            rest["findings"] = tuple(rest["findings"])
        return kind(**rest)
    except (TypeError, AttributeError) as wrong:
        raise MessageError(str(wrong)) from wrong


def encode(message: Message) -> str:
    """Return a message as one line of JSON, without a line end. Lone surrogates become question marks.

    They come with names of files that are not UTF-8, and no pipe would take them.
    """
    line = json.dumps(as_dict(message), ensure_ascii=False, default=str)
    return line.encode("utf-8", "replace").decode()


def decode(line: bytes) -> Message:
    """Read such a line. Raises MessageError."""
    try:
        values = json.loads(line)
    except ValueError as wrong:
        raise MessageError(str(wrong)) from wrong
    if not isinstance(values, dict):
        raise MessageError("not a JSON object")
    return _from_dict(values)

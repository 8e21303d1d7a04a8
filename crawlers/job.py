"""What a crawl is asked to do, and the one line of JSON that carries it to the crawl process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from .environment import Settings, read_settings
from .errors import CrawlOrderError
from .seeds import KINDS
from .window import Window

Kind = Literal["crawl", "nightly", "backfill"]


class Job(BaseModel):
    """What one run does; the same fields serve the command line, the flows and `scrapy crawl -a`.

    `since`: leave out links known to be older. `first`, `last`: the days of a backfill, both included.
    `budget`: requests at most; the rest waits for another run. `seed_kind`: only seeds of this kind are asked.
    `patience`: seconds that a run waits for a page that was put off.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # built at its first use

    kind: Kind = "crawl"
    since: date | None = None
    first: date | None = None
    last: date | None = None
    limit: int | None = Field(default=None, ge=1)
    refetch: bool = False
    budget: int | None = Field(default=None, ge=1)
    seed_kind: str | None = None
    patience: float = Field(default=90, ge=0)
    flow_run_id: str | None = None

    @field_validator("seed_kind")
    @classmethod
    def _is_a_kind(cls, value: str | None) -> str | None:
        if value is not None and value not in KINDS:
            raise ValueError(f"there is no seed of the kind {value!r}; the kinds are {', '.join(sorted(KINDS))}")
        return value

    @model_validator(mode="after")
    def _window_is_whole(self) -> Job:
        if (self.kind == "backfill") != (self.first is not None and self.last is not None):
            raise ValueError("a backfill, and only a backfill, has `first` and `last`")
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"`first` ({self.first}) is after `last` ({self.last})")
        return self

    @property
    def window(self) -> Window | None:
        """The days of a backfill; None for a run that asks what is new."""
        return Window(self.first, self.last) if self.first and self.last else None

    @property
    def wanted(self) -> Window | None:
        """The days whose links are taken; None for all."""
        return self.window or (Window(self.since, date.max) if self.since else None)

    @property
    def only_seen(self) -> bool:
        """True if only the pages that this run's own seeds announce are fetched."""
        return self.kind == "backfill" or self.since is not None or self.refetch

    @property
    def lane(self) -> Literal["news", "past"]:
        """How urgent the pages are that the run discovers."""
        return "past" if self.kind == "backfill" else "news"


class Line(BaseModel):
    """A line of JSON on the standard input of a process: its order, or a request or instruction after that."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # built at its first use

    def encode(self) -> bytes:
        """Return the line."""
        return self.model_dump_json(exclude_none=True).encode() + b"\n"

    @classmethod
    def decode(cls, line: str) -> Self:
        """Read such a line. Raises CrawlOrderError if it is not valid."""
        try:
            return cls.model_validate_json(line)
        except ValidationError as wrong:
            raise CrawlOrderError(first_fault(wrong)) from wrong


class Places(Line):
    """The part of an order's line that says where things are. What it leaves out comes from the environment."""

    db: str | None = None
    outlets: Path | None = None
    data: Path | None = None
    contact: str | None = None
    cdx: str | None = None

    def settings(self) -> Settings:
        """Return the settings. Raises SettingError for a place that is not valid."""
        return read_settings(**{name: getattr(self, name) for name in Places.model_fields})


class JobLine(Places, Job):
    """The line of an order that has a job."""

    def job(self) -> Job:
        """Return the job alone."""
        return Job(**{name: getattr(self, name) for name in Job.model_fields})


def write_order(line: type[Places], settings: Settings, /, **values: Any) -> bytes:
    """Return an order as the line that its process reads."""
    places = {name: getattr(settings, name) for name in Places.model_fields}
    return line.model_validate(places | values).encode()


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """One crawl: its outlet, where things are, and what to do."""

    outlet: str
    settings: Settings
    job: Job = field(default_factory=Job)

    def encode(self) -> bytes:
        """Return the line that the crawl process reads."""
        return write_order(_CrawlLine, self.settings, outlet=self.outlet, **self.job.model_dump())

    @classmethod
    def decode(cls, line: str) -> CrawlOrder:
        """Read such a line. Raises CrawlOrderError and SettingError."""
        order = _CrawlLine.decode(line)
        return cls(order.outlet, order.settings(), order.job())


@dataclass(frozen=True, slots=True)
class PollOrder:
    """One poll of many outlets: which (none: all that are enabled), where things are, and whether all seeds are asked.

    Without `everything` only the seeds that are due are asked. `outlet` names the folder of its logs.
    """

    settings: Settings
    outlets: tuple[str, ...] = ()
    everything: bool = False
    flow_run_id: str | None = None
    outlet: str = "poll"

    def encode(self) -> bytes:
        """Return the line that the poll process reads."""
        asked = {"polled": self.outlets, "everything": self.everything, "flow_run_id": self.flow_run_id}
        return write_order(_PollLine, self.settings, **asked)

    @classmethod
    def decode(cls, line: str) -> PollOrder:
        """Read such a line. Raises CrawlOrderError and SettingError."""
        order = _PollLine.decode(line)
        return cls(order.settings(), order.polled, order.everything, order.flow_run_id)


class _CrawlLine(JobLine):
    outlet: str


class _PollLine(Places):
    polled: tuple[str, ...] = ()
    everything: bool = False
    flow_run_id: str | None = None


def first_fault(wrong: ValidationError) -> str:
    """Return the first fault of an order, with the key that it is about."""
    fault = wrong.errors()[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'job'}: {fault['msg']}"

"""What a process that crawls several outlets is told, one line of JSON each: its order, then whom to start and stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import model_validator

from .environment import Settings
from .job import Job, JobLine, Line, write_order


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """The outlets that may be started, where things are, and the job of each. `outlet` names the folder of its log."""

    outlets: tuple[str, ...]
    settings: Settings
    job: Job = field(default_factory=Job)
    outlet: str = "group"

    def encode(self) -> bytes:
        """Return the line that the process reads first."""
        return write_order(_GroupLine, self.settings, group=self.outlets, **self.job.model_dump())

    @classmethod
    def decode(cls, line: str) -> GroupOrder:
        """Read such a line. Raises CrawlOrderError and SettingError."""
        order = _GroupLine.decode(line)
        return cls(order.group, order.settings(), order.job())


class Instruction(Line):
    """A line after the order: start an outlet, stop one, or exit as soon as all started outlets have ended.

    `log`: the file for the log lines of the outlet to be started. `flow_run_id`: its run in Prefect.
    """

    start: str | None = None
    stop: str | None = None
    finish: bool = False
    log: Path | None = None
    flow_run_id: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Instruction:
        if (self.start is not None) + (self.stop is not None) + self.finish != 1:
            raise ValueError("one of `start`, `stop` and `finish` has to be given")
        return self


class _GroupLine(JobLine):
    group: tuple[str, ...]

"""What a process that crawls several outlets is told, one line of JSON each: its order, then whom to start and stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from .environment import Settings
from .errors import CrawlOrderError
from .job import Job, JobLine, first_fault, read_order, write_order


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
        order = read_order(_GroupLine, line)
        return cls(order.group, order.settings(), order.job())


class Instruction(BaseModel):
    """A line after the order: start an outlet, stop one, or exit as soon as all started outlets have ended.

    `log`: the file for the log lines of the outlet to be started. `flow_run_id`: its run in Prefect.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

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

    def encode(self) -> bytes:
        """Return the line."""
        return self.model_dump_json(exclude_defaults=True).encode() + b"\n"

    @classmethod
    def decode(cls, line: str) -> Instruction:
        """Read such a line. Raises CrawlOrderError."""
        try:
            return cls.model_validate_json(line)
        except ValidationError as wrong:
            raise CrawlOrderError(first_fault(wrong)) from wrong


class _GroupLine(JobLine):
    group: tuple[str, ...]

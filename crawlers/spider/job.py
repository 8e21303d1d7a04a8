"""What a run of an outlet is asked to do; the same words come from the command line, a flow, or `scrapy crawl -a`."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawlers.discovery import Window


class Job(BaseModel):
    """A run's order. `since`: leave out links known to be older. `first`, `last`: a backfill's days, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(default="crawl", pattern="^(crawl|nightly|backfill)$")
    since: date | None = None
    first: date | None = None
    last: date | None = None
    limit: int | None = Field(default=None, ge=1)
    refetch: bool = False
    patience: float = Field(default=90, ge=0)  # seconds a run waits for a page that was put off
    flow_run_id: str | None = None

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

"""The outlet file that a survey proposes, as values, and what is not sure about each of its keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crawlers.outlet import Seed

if TYPE_CHECKING:
    from .expectations import Expectations


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the survey is not sure of: the key in the file, and why."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class SurveyOptions:
    """The address of the site, and values of the file that are given. The survey finds out those that are None."""

    url: str
    outlet_id: str | None = None
    name: str | None = None
    country: str | None = None
    timezone: str | None = None
    languages: tuple[str, ...] = ()
    delay: float = 1.0
    allow_private: bool = False


@dataclass(slots=True)
class Draft:
    """The parts of the file, in its order. `seeds`: each with the comment that stands beside it."""

    id: str
    name: str
    home: str
    today: date
    country: str = "xx"
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    delay: float = 1.0
    allow_private: bool = False
    hosts_too: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    article: str = ""
    drop: tuple[str, ...] = ()
    seeds: list[tuple[Seed, str]] = field(default_factory=list)
    selectors: dict[str, str] = field(default_factory=dict)
    expect: Expectations | None = None
    requests: int = 0
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, key: str, why: str) -> None:
        """Note what is not sure; nothing if `why` is empty."""
        if why and Doubt(key, why) not in self.doubts:
            self.doubts.append(Doubt(key, why))

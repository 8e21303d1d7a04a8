"""What a page teaches of its outlet's layout: data alone, for whoever keeps it or sends it on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Container:
    """An XPath that finds one element on each page of a layout. `plain`: its blocks are the text, without cleaning."""

    path: str
    plain: bool


class Event(StrEnum):
    """What a page taught."""

    LEARNED = "learned"
    VERIFIED = "verified"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something that is worth keeping: a container is known, was verified, or holds no longer."""

    event: Event
    container: Container

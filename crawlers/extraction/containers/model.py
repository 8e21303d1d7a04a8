"""Containers and the events of learning them: plain data, for storage and for worker processes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Container:
    """An XPath that finds one element on each page of a layout. `plain`: its blocks are the text, without cleaning."""

    path: str
    plain: bool


class Event(StrEnum):
    """What happened to a container."""

    LEARNED = "learned"
    VERIFIED = "verified"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ContainerUpdate:
    """A change of what is known: a container was learned, verified, or no longer holds the articles."""

    event: Event
    container: Container

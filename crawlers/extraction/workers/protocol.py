"""What a run and its extraction workers tell each other, as JSON values. Frames are of `crawlers.confined`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawlers.extraction.containers.model import Container, ContainerUpdate
from crawlers.extraction.result import Rejected
from storage.codec import from_json, hints_to_json, to_json
from storage.model import Article, Hints


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told of a page, whose bytes follow, or lie in `file`, plain or in gzip."""

    url: str
    outlet: str | None = None  # its file as JSON
    hints: Hints = Hints()
    content_type: str | None = None
    key: str | None = None  # of the outlet whose containers are learned; None to learn nothing
    known: Sequence[Container] | None = None  # its containers, if whoever asks keeps them
    file: Path | None = None

    def head(self) -> dict[str, Any]:
        """Return the job as JSON values."""
        known = None if self.known is None else [to_json(container) for container in self.known]
        return {
            "url": self.url,
            "outlet": self.outlet,
            "hints": hints_to_json(self.hints),
            "content_type": self.content_type,
            "key": self.key,
            "known": known,
            "file": None if self.file is None else str(self.file),
        }


def containers_from_json(raw: list[dict[str, Any]] | None) -> list[Container] | None:
    """Return the containers of a job's head; None where whoever asks keeps none."""
    return None if raw is None else [from_json(Container, each) for each in raw]


def outcome_to_json(outcome: Article | Rejected, update: ContainerUpdate | None = None) -> dict[str, Any]:
    """Return what a worker answers as JSON values: an article or a refusal, and what the page taught."""
    kind = "article" if isinstance(outcome, Article) else "rejected"
    return {kind: to_json(outcome)} | ({"update": to_json(update)} if update else {})


def update_from_json(raw: dict[str, Any]) -> ContainerUpdate | None:
    """Return what the page taught, from a worker's answer; None if it taught nothing."""
    return from_json(ContainerUpdate, raw["update"]) if "update" in raw else None


def outcome_from_json(raw: dict[str, Any]) -> Article | Rejected:
    """Return the article or the refusal, from a worker's answer."""
    return from_json(Article, raw["article"]) if "article" in raw else from_json(Rejected, raw["rejected"])

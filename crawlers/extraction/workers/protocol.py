"""The protocol between a run and its extraction workers: JSON and raw bytes in length-prefixed frames.

JSON and not pickle, since the worker parses hostile input and its answer must not be executable.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from crawlers.extraction.containers.model import Container, ContainerUpdate
from crawlers.extraction.result import Rejected
from storage.codec import from_json, hints_to_json, to_json
from storage.model import Article, Hints

_LENGTHS = struct.Struct(">II")


def write_frame(out: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Send a head and a body; BrokenPipeError if nobody reads."""
    for part in frame_parts(head, body):
        out.write(part)
    out.flush()


def frame_parts(head: dict[str, Any], body: bytes = b"") -> tuple[bytes, bytes]:
    """Return a frame as its beginning and its body: a page of a megabyte is not copied to be sent."""
    encoded = json.dumps(head).encode()
    return _LENGTHS.pack(len(encoded), len(body)) + encoded, body


def read_frame(source: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Return the next head and body; None at the end of the stream, also in the middle of a frame."""
    lengths = source.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    sizes = _LENGTHS.unpack(lengths)
    head, body = (source.read(size) for size in sizes)
    return (json.loads(head), body) if (len(head), len(body)) == sizes else None


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

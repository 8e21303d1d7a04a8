"""How a page goes to an extraction worker and its article comes back: JSON and raw bytes in length-prefixed frames.

JSON and not pickle: the worker has parsed hostile input, and what it answers must be data.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from crawlers.extraction.containers.model import Container, Event, Lesson
from crawlers.extraction.result import Reason, Rejected
from storage.codec import hints_to_json
from storage.model import Article, DateSource, Hints, Precision, Published

_LENGTHS = struct.Struct(">II")


def write_frame(out: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Send a head and a body; BrokenPipeError if nobody reads."""
    encoded = json.dumps(head).encode()
    out.write(_LENGTHS.pack(len(encoded), len(body)) + encoded)
    out.write(body)
    out.flush()


def read_frame(source: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The next head and body; None at the end of the stream, also one in the middle of a frame."""
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
        known = None if self.known is None else [[container.path, container.plain] for container in self.known]
        return {
            "url": self.url,
            "outlet": self.outlet,
            "hints": hints_to_json(self.hints),
            "content_type": self.content_type,
            "key": self.key,
            "known": known,
            "file": None if self.file is None else str(self.file),
        }


def containers_from_json(raw: list[list[Any]] | None) -> list[Container] | None:
    """Return the containers of a job's head; None where whoever asks keeps none."""
    return None if raw is None else [Container(str(path), bool(plain)) for path, plain in raw]


def found_to_json(found: Article | Rejected, lesson: Lesson | None = None) -> dict[str, Any]:
    told = {"lesson": [str(lesson.event), lesson.container.path, lesson.container.plain]} if lesson else {}
    if isinstance(found, Rejected):
        return {"rejected": str(found.reason), "detail": found.detail, **told}
    row = asdict(found)
    if found.published:
        row["published"]["at"] = found.published.at.isoformat()
    return {"article": row, **told}


def lesson_from_json(raw: dict[str, Any]) -> Lesson | None:
    if raw.get("lesson") is None:
        return None
    event, path, plain = raw["lesson"]
    return Lesson(Event(event), Container(path, plain))


def found_from_json(raw: dict[str, Any]) -> Article | Rejected:
    if "rejected" in raw:
        return Rejected(Reason(raw["rejected"]), raw["detail"])
    row = dict(raw["article"])
    told = row.pop("published")
    published = (
        Published(
            datetime.fromisoformat(told["at"]), Precision(told["precision"]), DateSource(told["source"]), told["raw"]
        )
        if told
        else None
    )
    return Article(**row | {"authors": tuple(row["authors"]), "published": published})

"""A page as it was answered, wherever it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawPage:
    """An answer read from an archive: `body` without transfer and content encoding."""

    url: str
    status: int
    headers: dict[str, str]  # lower-case names
    body: bytes
    fetched_at: datetime

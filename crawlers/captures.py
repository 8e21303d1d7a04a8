"""Captures of web archives: what their addresses and timestamps say."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_CAPTURED = re.compile(r"/(\d{14})(?:id_)?/")


def captured_at(url: str) -> datetime | None:
    """Return when the capture at an address of a web archive was taken; None if the address does not say."""
    stamp = _CAPTURED.search(url)
    return instant_of(stamp[1]) if stamp else None


def instant_of(timestamp: str) -> datetime | None:
    """Return the instant of an archive's timestamp, YYYYMMDDhhmmss in UTC; None if it is another text."""
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if len(timestamp) == 14 else None
    except ValueError:  # a day that does not exist
        return None

"""Captures of web archives: what their addresses say."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_CAPTURED = re.compile(r"/(\d{14})(?:id_)?/")


def captured_at(url: str) -> datetime | None:
    """When the capture at an address of a web archive was taken; None if the address does not say."""
    stamp = _CAPTURED.search(url)
    try:
        return datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if stamp else None
    except ValueError:  # a day that does not exist
        return None

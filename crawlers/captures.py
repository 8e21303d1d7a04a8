"""Captures of web archives: what their addresses and timestamps say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from storage.urls import same_site

_KEPT = "x-archive-orig-"  # before the name of a header of the page
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


def is_capture(url: str, page_url: str) -> bool:
    """Return whether an answer at `url` is a web archive's capture of the page at `page_url`."""
    return captured_at(url) is not None and not same_site(url, page_url)


def captured_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of the page that was captured, as far as its web archive kept them among its own."""
    return [(name[len(_KEPT) :], value) for name, value in headers if name.lower().startswith(_KEPT)]

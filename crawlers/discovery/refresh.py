"""How long a server or a feed asks to be left alone: Cache-Control, RSS `ttl`, `sy:updatePeriod`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from .xml import child_text, local

if TYPE_CHECKING:
    from lxml import etree

LONGEST = timedelta(hours=24)
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_UNCACHED = re.compile(r"(?:^|,)\s*(?:no-cache|no-store)\b", re.IGNORECASE)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long an answer stays fresh by Cache-Control, at most a day; None if it does not say.

    `headers` have lower-case names. The `Age` that it spent in a cache on the way is subtracted.
    """
    control = headers.get("cache-control", "")
    found = _MAX_AGE.search(control)
    if not found or _UNCACHED.search(control):
        return None
    age = headers.get("age", "").strip()
    seconds = int(found[1]) - (int(age[:10]) if age.isascii() and age.isdigit() else 0)
    return min(timedelta(seconds=max(0, seconds)), LONGEST)


def declared_refresh(root: etree._Element) -> timedelta | None:
    """Return the interval that a feed declares in its channel, at most a day; None if it declares none."""
    channel = next((child for child in root if local(child) == "channel"), root)
    asked = [interval for interval in (_ttl(channel), _update_period(channel)) if interval]
    return min(max(asked), LONGEST) if asked else None


def _ttl(channel: etree._Element) -> timedelta | None:
    return timedelta(minutes=minutes) if (minutes := _number(child_text(channel, "ttl"))) else None


def _update_period(channel: etree._Element) -> timedelta | None:
    """RSS 1.0 syndication: so many times (default 1) in a period. A frequency alone is of a day, its default period."""
    period, often = child_text(channel, "updateperiod"), child_text(channel, "updatefrequency")
    if period is None and often is None:
        return None
    length = _PERIODS.get((period or "daily").strip().lower())
    return length / max(1, _number(often) or 1) if length else None


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

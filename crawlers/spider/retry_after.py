"""The Retry-After header in both its forms (RFC 9110 10.2.3): seconds, or an HTTP date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.frontier import LONGEST_ASKED


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """Return the time to try again, at most LONGEST_ASKED from now; None for a missing, malformed or past value."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        when = now + min(timedelta(seconds=int(text[:9])), LONGEST_ASKED)
    else:
        when = _date(text) or now
    return min(when, now + LONGEST_ASKED) if when > now else None


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

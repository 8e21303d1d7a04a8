"""The Retry-After header in both its forms (RFC 9110 10.2.3): seconds, or an HTTP date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.frontier import LONGEST_RETRY_AFTER


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """Return when to retry, at most LONGEST_RETRY_AFTER from now; None if the value is missing, malformed or past."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        when = now + min(timedelta(seconds=int(text[:9])), LONGEST_RETRY_AFTER)
    else:
        when = _date(text) or now
    return min(when, now + LONGEST_RETRY_AFTER) if when > now else None


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

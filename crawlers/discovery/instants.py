"""Dates in seed documents, read by the same parser as those of pages."""

from __future__ import annotations

from datetime import tzinfo

from crawlers.extraction import Moment, read_moment
from storage.model import DateSource, Published

__all__ = ["Moment", "published_at", "read_moment"]


def published_at(text: str | None, source: DateSource, tz: tzinfo, language: str = "") -> Published | None:
    """Return the instant in `text`; None for empty text and for text that is no date. Never guesses."""
    moment = read_moment(text, tz, language) if text else None
    return Published(moment.at, moment.precision, source, moment.raw) if moment else None

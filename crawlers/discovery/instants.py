"""Instants as seeds write them, read by the same reader as those of pages."""

from __future__ import annotations

from datetime import tzinfo

from crawlers.extraction import Moment, read_moment
from storage.model import DateSource, Published

__all__ = ["Moment", "published_at", "read_moment"]


def published_at(text: str | None, source: DateSource, tz: tzinfo, language: str = "") -> Published | None:
    """The instant that stands in `text`; None for nothing and for what is no date. Never a guess."""
    moment = read_moment(text, tz, language) if text else None
    return Published(moment.at, moment.precision, source, moment.raw) if moment else None

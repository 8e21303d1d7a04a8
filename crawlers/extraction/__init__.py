"""What a page says: pure functions from the bytes of a page to an article or a refusal. No network, no clock, no database."""

from __future__ import annotations

from crawlers.extraction.outcome import Reason, Rejected
from crawlers.extraction.page import extract

__all__ = ["Reason", "Rejected", "extract"]

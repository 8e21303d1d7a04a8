"""What a page says: functions from the bytes of a page to an article or a refusal. No network, no database.

The clock is asked only where the caller does not say what the present is: no article may be from the future.
"""

from __future__ import annotations

from crawlers.extraction.outcome import Reason, Rejected
from crawlers.extraction.page import extract

__all__ = ["Reason", "Rejected", "extract"]

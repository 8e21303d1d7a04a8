"""What a page says: functions from the bytes of a page to an article or a refusal. No network, no database.

The clock is asked only where the caller does not say what the present is: no article may be from the future.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawlers.extraction.result import Reason, Rejected

if TYPE_CHECKING:
    from crawlers.extraction.pipeline import extract

__all__ = ["Reason", "Rejected", "extract"]


def __getattr__(name: str) -> Any:
    # `extract` comes when it is asked for: those who only hand pages to workers need no parser and no trafilatura
    if name == "extract":
        from crawlers.extraction.pipeline import extract

        return extract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

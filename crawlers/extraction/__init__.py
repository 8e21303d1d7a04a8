"""From the bytes of a page to an article or a refusal. No network, no database.

This is all that the rest of the program imports, besides `crawlers.extraction.workers`. The clock is asked only where
the caller does not say what the present is: no article may be from the future.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from crawlers.extraction.result import Reason, Rejected

if TYPE_CHECKING:
    from crawlers.extraction.containers.model import Container, ContainerUpdate, Event
    from crawlers.extraction.context import PageSource
    from crawlers.extraction.explanation import Explanation, explain
    from crawlers.extraction.fields.date_parser import Moment, read_moment
    from crawlers.extraction.page.guard import MAX_PAGE_BYTES
    from crawlers.extraction.page.html import in_utf8
    from crawlers.extraction.page.selectors import zone_of
    from crawlers.extraction.pipeline import extract

__all__ = [
    "MAX_PAGE_BYTES",
    "Container",
    "ContainerUpdate",
    "Event",
    "Explanation",
    "Moment",
    "PageSource",
    "Reason",
    "Rejected",
    "explain",
    "extract",
    "in_utf8",
    "read_moment",
    "zone_of",
]

# Imported when they are asked for: who only hands pages to workers needs no parser and no trafilatura.
_LAZY = {
    "MAX_PAGE_BYTES": "crawlers.extraction.page.guard",
    "Container": "crawlers.extraction.containers.model",
    "Event": "crawlers.extraction.containers.model",
    "ContainerUpdate": "crawlers.extraction.containers.model",
    "Moment": "crawlers.extraction.fields.date_parser",
    "Explanation": "crawlers.extraction.explanation",
    "PageSource": "crawlers.extraction.context",
    "explain": "crawlers.extraction.explanation",
    "extract": "crawlers.extraction.pipeline",
    "in_utf8": "crawlers.extraction.page.html",
    "read_moment": "crawlers.extraction.fields.date_parser",
    "zone_of": "crawlers.extraction.page.selectors",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Read seed documents (feeds, sitemaps, listings, APIs). Pure functions of bytes: no network, clock or database.

`DocumentReader` calls them in processes with limits on time and memory.

This module is the public face; nothing outside imports the modules beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawlers.discovery.reading import read_in_batches, read_seed
from crawlers.discovery.seed_document import Child, SeedDocument, in_one
from storage.lazy import imported_on_demand

if TYPE_CHECKING:
    from .announced import announced_feeds, announced_sitemaps
    from .api_answer import page_in_answer, pages_in_answer
    from .cdx import first_pages
    from .document_reader import DocumentReader
    from .id_clock import Clock
    from .id_questions import MISSING, UNKNOWN, Seen, Steps
    from .id_walk import SpanWalk
    from .page_search import PageSearch, Span, Told
    from .poll_rhythm import Look, Rhythm, failed, looked, overflowed
    from .refresh import fresh_for
    from .seed_urls import (
        fast_seeds,
        link_in_window,
        periods,
        recent,
        seed_addresses,
        serving_seeds,
        wants_child,
    )

__all__ = [
    "MISSING", "UNKNOWN", "Child", "Clock", "DocumentReader", "Look", "PageSearch", "Rhythm", "SeedDocument",
    "Seen", "Span", "SpanWalk", "Steps", "Told", "announced_feeds", "announced_sitemaps", "failed", "fast_seeds",
    "first_pages", "fresh_for", "in_one", "link_in_window", "looked", "overflowed", "page_in_answer",
    "pages_in_answer", "periods", "read_in_batches", "read_seed", "recent", "seed_addresses", "serving_seeds",
    "wants_child",
]  # fmt: skip


__getattr__ = imported_on_demand(
    __name__,
    {
        "announced": ("announced_feeds", "announced_sitemaps"),
        "api_answer": ("page_in_answer", "pages_in_answer"),
        "cdx": ("first_pages",),
        "document_reader": ("DocumentReader",),
        "id_clock": ("Clock",),
        "id_questions": ("MISSING", "UNKNOWN", "Seen", "Steps"),
        "id_walk": ("SpanWalk",),
        "page_search": ("PageSearch", "Span", "Told"),
        "poll_rhythm": ("Look", "Rhythm", "failed", "looked", "overflowed"),
        "refresh": ("fresh_for",),
        "seed_urls": (
            "fast_seeds", "link_in_window", "periods", "recent", "seed_addresses", "serving_seeds", "wants_child",
        ),
    },
)  # fmt: skip

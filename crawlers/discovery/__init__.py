"""Read seed documents (feeds, sitemaps, listings, APIs). Pure functions of bytes: no network, clock or database.

This module is the public face; nothing outside imports the modules beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crawlers.discovery.seed_document import Child, SeedDocument
from crawlers.outlet import DatedListing, Ghost, Listing, Outlet, Seed, WebArchive, WordPress
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
    from .xml_seeds import in_one

__all__ = [
    "MISSING", "UNKNOWN", "Child", "Clock", "DocumentReader", "Look", "PageSearch", "Rhythm", "SeedDocument",
    "Seen", "Span", "SpanWalk", "Steps", "Told", "announced_feeds", "announced_sitemaps", "failed", "fast_seeds",
    "first_pages", "fresh_for", "in_one", "link_in_window", "looked", "overflowed", "page_in_answer",
    "pages_in_answer", "periods", "read_in_batches", "read_seed", "recent", "seed_addresses", "serving_seeds",
    "wants_child",
]  # fmt: skip


def read_in_batches(
    seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]
) -> Iterator[SeedDocument]:
    """Read the document at `url`; yield the links of a long one a batch at a time. Only the last SeedDocument is final.

    Never raises: a document that cannot be read gives a SeedDocument with problems. `headers` have lower-case names. A
    feed in the place of a sitemap is read as a feed, and a sitemap in the place of a feed as a sitemap.
    """
    # A format's module is imported with its first document: that of listings compiles words of all languages.
    from .xml import unzipped

    body, problem = unzipped(body)
    if problem:
        yield SeedDocument(problems=(problem,), complete=False)
    elif isinstance(seed, Listing | DatedListing):
        from .listings import read_listing

        yield read_listing(seed, outlet, url, body, headers.get("content-type"))
    elif isinstance(seed, WordPress):
        from . import wordpress

        yield wordpress.read_posts(seed, outlet, url, body, headers)
    elif isinstance(seed, Ghost):
        from . import ghost

        yield ghost.read_posts(seed, outlet, url, body)
    elif isinstance(seed, WebArchive):
        from .cdx import read_captures

        yield from read_captures(seed, outlet, url, body)
    else:
        from .charset import in_utf8

        yield from _read_xml(seed, outlet, url, in_utf8(body, headers.get("content-type"), outlet.languages))


def _read_xml(seed: Seed, outlet: Outlet, url: str, body: bytes) -> Iterator[SeedDocument]:
    from .xml_seeds import read_feed, read_sitemap

    if seed.kind == "feed":
        yield read_feed(outlet, url, body)
    else:
        yield from read_sitemap(outlet, url, body)


def read_seed(seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> SeedDocument:
    """Read the document at `url` as `read_in_batches` does, in one SeedDocument."""
    from .xml_seeds import in_one

    return in_one(list(read_in_batches(seed, outlet, url, body, headers)))


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
        "xml_seeds": ("in_one",),
    },
)  # fmt: skip

"""Read seed documents (feeds, sitemaps, listings, APIs). Pure functions of bytes: no network, clock or database.

This module is the public face; nothing outside imports the modules beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawlers.discovery.seed_urls import (
    fast_seeds,
    link_in_window,
    periods,
    recent,
    seed_addresses,
    serving_seeds,
    wants_child,
)
from crawlers.outlet import DatedListing, Ghost, Listing, Outlet, Seed, WebArchive, WordPress

from . import ghost, wordpress
from .announced import announced_feeds, announced_sitemaps
from .api_answer import page_in_answer, pages_in_answer
from .cdx import first_pages, read_captures
from .id_clock import Clock
from .id_questions import MISSING, UNKNOWN, Seen, Steps
from .id_walk import SpanWalk
from .listings import read_listing
from .page_search import PageSearch, Span, Told
from .poll_rhythm import Look, Rhythm, failed, looked, overflowed
from .refresh import fresh_for
from .seed_document import Child, SeedDocument
from .xml import unzipped
from .xml_seeds import in_one, read_feed, read_sitemap

__all__ = [
    "MISSING", "UNKNOWN", "Child", "Clock", "Look", "PageSearch", "Rhythm", "SeedDocument", "Seen", "Span",
    "SpanWalk", "Steps", "Told", "announced_feeds", "announced_sitemaps", "failed", "fast_seeds", "first_pages",
    "fresh_for", "in_one", "link_in_window", "looked", "overflowed", "page_in_answer", "pages_in_answer", "periods",
    "read_in_batches", "read_seed", "recent", "seed_addresses", "serving_seeds", "wants_child",
]  # fmt: skip


def read_in_batches(
    seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]
) -> Iterator[SeedDocument]:
    """Read the document at `url`; yield the links of a long one a batch at a time. Only the last SeedDocument is final.

    Never raises: a document that cannot be read gives a SeedDocument with problems. `headers` have lower-case names. A
    feed in the place of a sitemap is read as a feed, and a sitemap in the place of a feed as a sitemap.
    """
    body, problem = unzipped(body)
    if problem:
        yield SeedDocument(problems=(problem,), complete=False)
    elif isinstance(seed, Listing | DatedListing):
        yield read_listing(seed, outlet, url, body, headers.get("content-type"))
    elif isinstance(seed, WordPress):
        yield wordpress.read_posts(seed, outlet, url, body, headers)
    elif isinstance(seed, Ghost):
        yield ghost.read_posts(seed, outlet, url, body)
    elif isinstance(seed, WebArchive):
        yield from read_captures(seed, outlet, url, body)
    elif seed.kind == "feed":
        yield read_feed(outlet, url, body)
    else:
        yield from read_sitemap(outlet, url, body)


def read_seed(seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> SeedDocument:
    """Read the document at `url` as `read_in_batches` does, in one SeedDocument."""
    return in_one(list(read_in_batches(seed, outlet, url, body, headers)))

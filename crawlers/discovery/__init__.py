"""Read seed documents (feeds, sitemaps, listings, APIs). Pure functions of bytes: no network, clock or database.

This module is the public face; nothing outside imports the modules beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.discovery.seed_urls import fast_seeds, link_in_window, seed_addresses, serving_seeds, wants_child
from crawlers.outlet import Listing, Outlet, Seed, WordPress

from .id_clock import Clock
from .id_questions import MISSING, UNKNOWN, Seen, Steps
from .id_walk import SpanWalk
from .listings import read_listing
from .poll_rhythm import Look, Rhythm, failed, looked, overflowed
from .refresh import fresh_for
from .seed_document import Child, SeedDocument
from .wordpress import read_posts
from .xml import unzipped
from .xml_seeds import read_feed, read_sitemap

__all__ = [
    "MISSING", "UNKNOWN", "Child", "Clock", "Look", "Rhythm", "SeedDocument", "Seen", "SpanWalk", "Steps", "failed",
    "fast_seeds", "fresh_for", "link_in_window", "looked", "overflowed", "read_seed", "seed_addresses", "serving_seeds",
    "wants_child",
]  # fmt: skip


def read_seed(seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> SeedDocument:
    """Read the document at `url`. Never raises: a document that cannot be read gives a SeedDocument with problems.

    `headers` have lower-case names. A feed in the place of a sitemap is read as a feed, and a sitemap in the place of a
    feed as a sitemap.
    """
    body, problem = unzipped(body)
    if problem:
        return SeedDocument(problems=(problem,), complete=False)
    if isinstance(seed, Listing):
        return read_listing(seed, outlet, url, body, headers.get("content-type"))
    if isinstance(seed, WordPress):
        return read_posts(outlet, url, body, headers)
    if seed.kind == "feed":
        return read_feed(outlet, url, body)
    return read_sitemap(outlet, url, body)

"""What a seed document announces: pure functions of bytes. No network, no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping

from crawlers.discovery.seed_urls import link_in_window, seed_addresses, wants_child
from crawlers.outlet import Listing, Outlet, Seed, WordPress

from .listings import read_listing
from .reading import Child, Reading
from .wordpress import read_posts
from .xml import unzipped
from .xml_seeds import read_feed, read_sitemap

__all__ = ["Child", "Reading", "link_in_window", "read_seed", "seed_addresses", "wants_child"]


def read_seed(seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> Reading:
    """What the document at `url` announces. Total: a document that cannot be read is a Reading that says so.

    `headers` have lower-case names. A feed that stands where a sitemap was expected is read as what it is, and the
    other way about.
    """
    body, problem = unzipped(body)
    if problem:
        return Reading(problems=(problem,), complete=False)
    if isinstance(seed, Listing):
        return read_listing(seed, outlet, url, body, headers.get("content-type"))
    if isinstance(seed, WordPress):
        return read_posts(outlet, url, body, headers)
    if seed.kind == "feed":
        return read_feed(outlet, url, body)
    return read_sitemap(outlet, url, body)

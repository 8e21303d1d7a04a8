"""Read a seed document by its format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawlers.outlet import DatedListing, Ghost, Listing, Outlet, Seed, WebArchive, WordPress

from .seed_document import SeedDocument, in_one


def read_in_batches(
    seed: Seed, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]
) -> Iterator[SeedDocument]:
    """Read the document at `url`. The links of a long one come in several SeedDocuments, of which the last is `final`.

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
        from .wordpress import read_posts as read_wordpress_posts

        yield read_wordpress_posts(seed, outlet, url, body, headers)
    elif isinstance(seed, Ghost):
        from .ghost import read_posts as read_ghost_posts

        yield read_ghost_posts(seed, outlet, url, body)
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
    return in_one(list(read_in_batches(seed, outlet, url, body, headers)))

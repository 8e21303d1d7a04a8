"""A web archive in a backfill: asked last, for what the outlet itself no longer gives."""

from __future__ import annotations

from crawlers.discovery import first_pages
from crawlers.outlet import WebArchive
from crawlers.spider.seed_documents import Opened, SeedDocuments
from crawlers.window import Window


async def walk_captures(documents: SeedDocuments, seed: WebArchive, cdx: str, window: Window) -> None:
    """Put the pages that the archive at `cdx` captured, and that may be of the window, into the ledger."""
    for first in first_pages(seed, documents.outlet, cdx, window):
        url: str | None = first
        parent: str | None = None
        while url is not None:
            asked = await documents.ask(seed, url, parent)
            following = await _noted(documents, asked) if isinstance(asked, Opened) else None
            url, parent = following, url


async def _noted(documents: SeedDocuments, opened: Opened) -> str | None:
    """Put the captures into the ledger, as they are read; where more of them are."""
    entries, following = 0, None
    async for reading in documents.readings(opened):
        entries, following = entries + len(reading.links), reading.next_page
        links = documents.wanted(reading.links, opened.url)
        await documents.note(opened, reading, links, (following,) if following else (), entries=entries)
    return following

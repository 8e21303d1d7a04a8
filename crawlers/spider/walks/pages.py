"""Documents that follow each other, newest first: the pages of an API or of a listing."""

from __future__ import annotations

from datetime import date, tzinfo

from crawlers.discovery import SeedDocument
from crawlers.outlet import DatedListing, Ghost, Listing, WordPress
from crawlers.spider.seed_documents import MAX_DOCUMENTS, Opened, SeedDocuments, Unchanged
from storage.model import Link

Paged = Listing | DatedListing | WordPress | Ghost
BEHIND_THE_LAST = (400, 404, 410)  # how a page is answered that does not exist


async def walk_pages(documents: SeedDocuments, seed: Paged, first: str) -> None:
    """From the first page to older ones, as long as they may hold something for the run."""
    seen: set[str] = set()
    todo: list[tuple[str, str | None]] = [(first, None)]
    while todo:
        url, parent = todo.pop()
        asked = await documents.ask(seed, url, parent, missing=BEHIND_THE_LAST if parent else ())
        if isinstance(asked, Unchanged):
            # Older pages that a run announced and never read, since it died.
            todo += [(unread, url) for unread in (asked.state.unread if asked.state else ())]
        elif isinstance(asked, Opened):
            following = await _noted(documents, seed, asked, seen)
            todo += [(following, url)] if following else []


async def _noted(documents: SeedDocuments, seed: Paged, opened: Opened, seen: set[str]) -> str | None:
    """Put the page's links into the ledger; the next page, if it is worth asking for."""
    reading = await documents.reading(opened)
    if isinstance(seed, Listing) and opened.parent is None:
        note_empty_listing(documents, opened, reading)
    fresh = [link for link in reading.links if link.url not in seen]
    seen |= {link.url for link in fresh}
    following = await _following(documents, seed, opened, reading, fresh)
    links = documents.wanted(reading.links, opened.url)
    await documents.note(opened, reading, links, (following,) if following else ())
    return following


def note_empty_listing(documents: SeedDocuments, opened: Opened, reading: SeedDocument) -> None:
    """A first page without a link does not show that a window has no articles: a bot wall looks alike."""
    if documents.job.window and reading.complete and not reading.links:
        documents.leave_unread(f"{opened.url}: a listing without a link to an article")


async def _following(
    documents: SeedDocuments, seed: Paged, opened: Opened, reading: SeedDocument, fresh: list[Link]
) -> str | None:
    if not reading.next_page:
        return None
    if await _goes_on(documents, seed, reading, fresh):
        return reading.next_page
    state = await documents.state(opened.url)
    return reading.next_page if state and reading.next_page in state.unread else None


async def _goes_on(documents: SeedDocuments, seed: Paged, reading: SeedDocument, fresh: list[Link]) -> bool:
    """Whether an older page is worth asking for."""
    if not fresh:  # past its end, many a site shows the last page again; an API may give a page of other posts
        return documents.job.window is not None and not reading.links and bool(reading.skipped) and _is_api(seed)
    window = documents.job.wanted
    if window is None:  # newest first: behind a page of known links there is nothing new
        most = MAX_DOCUMENTS if isinstance(seed, DatedListing) else seed.max_pages
        return documents.count(seed) < most and await documents.count_unknown(reading.links) > 0
    days = [day for link in fresh if (day := day_of(link, documents.outlet.tz)) is not None]
    return not days or max(days) >= window.first


def _is_api(seed: Paged) -> bool:
    return isinstance(seed, WordPress | Ghost)


def day_of(link: Link, zone: tzinfo) -> date | None:
    """The day in the outlet's zone on which a link was published, as far as its seed or its address tells."""
    at = link.hints.published.at if link.hints.published else link.hints.modified
    return at.astimezone(zone).date() if at else None

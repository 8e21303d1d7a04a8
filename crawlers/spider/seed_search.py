"""Look for the seeds of an outlet that has fallen silent: has its feed moved, does robots.txt name a sitemap?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeGuard
from urllib.parse import urljoin

from crawlers.discovery import DocumentReader, announced_feeds, announced_sitemaps
from crawlers.outlet import Feed, Outlet, Sitemap
from storage.frontier import PutBack
from storage.model import Link

from .answers import Answer
from .fetching import Fetched
from .isolation import ends_the_run, fault_line

CANDIDATES = 6  # announced seeds that are looked at
TIME = 60.0  # seconds for all of it

Fetch = Callable[[str, str], Awaitable[Fetched]]  # of an address, in a role


async def search_seeds(outlet: Outlet, fetch: Fetch, documents: DocumentReader) -> str:
    """Return what was found, in one line. Asked are robots.txt, the home page, the seeds, and what these announce.

    `fetch` asks no host that is paused. If that is the home page's, the line says so.
    """
    found: list[str] = []
    try:
        async with asyncio.timeout(TIME):
            await _search(outlet, fetch, documents, found)
    except TimeoutError:
        found.append(f"the search was given up after {TIME:.0f} s")
    return "; ".join(found) or "neither robots.txt nor its home page names a feed or sitemap that is not in its file"


async def _search(outlet: Outlet, fetch: Fetch, documents: DocumentReader, found: list[str]) -> None:
    for seed in outlet.seeds:
        if isinstance(seed, Feed | Sitemap) and (moved := await _moved(seed.url, fetch)):
            found.append(moved)
    known = {seed.url for seed in outlet.seeds}
    candidates = [seed for seed in await _announced(outlet, fetch, found) if seed.url not in known]
    for seed in candidates[:CANDIDATES]:
        found.append(await _tried(seed, outlet, fetch, documents))


async def _moved(url: str, fetch: Fetch) -> str | None:
    answer = await fetch(url, "seed")
    if not isinstance(answer, Answer):
        return None
    if answer.status >= 400:
        return f"{url} answers {answer.status}"
    return f"{url} leads to {answer.url}" if answer.hops and answer.url != url else None


async def _announced(outlet: Outlet, fetch: Fetch, found: list[str]) -> Sequence[Feed | Sitemap]:
    robots = await fetch(urljoin(outlet.home, "/robots.txt"), "robots")
    home = await fetch(outlet.home, "seed")
    if isinstance(home, PutBack):
        found.append(f"{outlet.home} was not asked: {home.detail or home.cause}")
    sitemaps = announced_sitemaps(robots.body, outlet.home) if _is_good(robots) else []
    feeds = announced_feeds(home.body, home.headers.get("content-type"), outlet.home) if _is_good(home) else []
    return [*feeds, *sitemaps]


async def _tried(seed: Feed | Sitemap, outlet: Outlet, fetch: Fetch, documents: DocumentReader) -> str:
    """Return what an announced seed holds."""
    answer = await fetch(seed.url, "seed")
    if not _is_good(answer):
        return f"{seed.url} is announced, and cannot be read"
    try:
        document = await asyncio.to_thread(documents.read, seed, outlet, answer.url, answer.body, answer.headers)
    except Exception as fault:
        if ends_the_run(fault):
            raise
        return f"{seed.url} is announced, and cannot be read ({fault_line(fault)})"
    if document.children and not document.links:
        return f"{seed.kind} {seed.url} lists {len(document.children)} sitemaps"
    return f"{seed.kind} {seed.url} lists {len(document.links)} articles{_newest(document.links)}"


def _newest(links: Sequence[Link]) -> str:
    dates = [link.hints.published.at for link in links if link.hints.published]
    return f", the newest of {max(dates):%Y-%m-%d}" if dates else ""


def _is_good(fetched: Fetched) -> TypeGuard[Answer]:
    return isinstance(fetched, Answer) and fetched.status == 200

"""Which seed documents a run requests, and which links belong to a window of days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from crawlers.discovery.seed_document import Child
from crawlers.outlet import DatedSitemap, Feed, IdRange, Listing, NewsSitemap, Outlet, Seed, WordPress
from crawlers.window import Window
from storage.model import Link

LOOK_BACK = timedelta(days=2)  # a nightly run asks for the dated sitemaps of today and of this long before
POSTS_A_PAGE = 100  # the API's own limit
# A month or day in the name of a sitemap: 2024-05, 2024_05, 2024/5, 2024-05-17, 202405
_DATED = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_/.]?(0?[1-9]|1[0-2])(?:[-_/.]?(0?[1-9]|[12]\d|3[01]))?(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def serving_seeds(seeds: Sequence[Seed], window: Window | None) -> tuple[Seed, ...]:
    """Return those of the seeds that a run uses: to find new pages, or the pages of a window of the past.

    An id range serves a window where no other seed lists the outlet's old pages: its missing ids cost requests, too.
    """
    listing = tuple(seed for seed in seeds if not isinstance(seed, IdRange))
    if window is None:
        return listing
    reaching = tuple(seed for seed in listing if _reaches_back(seed))
    return reaching or tuple(seed for seed in seeds if isinstance(seed, IdRange))


def _reaches_back(seed: Seed) -> bool:
    return not isinstance(seed, Feed | NewsSitemap) and (not isinstance(seed, Listing) or seed.reaches_back)


def seed_addresses(seed: Seed, window: Window | None, today: date) -> tuple[str, ...]:
    """Return the URLs to request first, newest first. Without a window: those for what is new.

    Empty if the seed cannot serve the run.
    """
    match seed:
        case IdRange():
            return ()  # it has no documents
        case _ if window and not _reaches_back(seed):
            return ()
        case DatedSitemap():
            return tuple(_periods(seed, window or Window(today - LOOK_BACK, today)))
        case WordPress():
            return (_posts(seed, window),)
    return (seed.url,)


def fast_seeds(outlet: Outlet) -> tuple[Feed | NewsSitemap | Listing, ...]:
    """Return the seeds that show the newest articles at one address, for polls."""
    return tuple(seed for seed in outlet.seeds if isinstance(seed, Feed | NewsSitemap | Listing))


def _periods(seed: DatedSitemap, window: Window) -> Iterator[str]:
    asked: set[str] = set()
    day = window.last
    while day >= window.first:
        url = seed.url.format(year=day.year, month=day.month, day=day.day)
        if url not in asked:
            asked.add(url)
            yield url
        day = day - timedelta(days=1) if seed.daily else day.replace(day=1) - timedelta(days=1)


def _posts(seed: WordPress, window: Window | None) -> str:
    query = {"per_page": str(POSTS_A_PAGE)} | dict(seed.query)
    if window:
        # The API compares in the site's time zone. A day more on either side; `link_in_window` drops the surplus.
        query["after"] = f"{window.first - timedelta(days=1)}T00:00:00"
        query["before"] = f"{window.last + timedelta(days=2)}T00:00:00"
    return f"{seed.url}{'&' if '?' in seed.url else '?'}{urlencode(query)}"


def wants_child(child: Child, window: Window | None) -> bool:
    """Return False if the name or date of a document in an index shows that it holds nothing of the window."""
    if window is None:
        return True
    span = _span(_path(child.url))
    if span:
        return span.first <= window.last and span.last >= window.first
    # A sitemap that was last changed before the window holds nothing of it.
    return child.modified is None or child.modified.date() >= window.first - timedelta(days=1)


def _span(path: str) -> Window | None:
    """Return the days that a sitemap is for, by its name; None if the name does not say."""
    for match in reversed(list(_DATED.finditer(path))):
        year, month, day = int(match[1]), int(match[2]), match[3]
        try:
            first = date(year, month, int(day) if day else 1)
        except ValueError:
            continue
        return Window(first, first if day else _last_of_month(first))
    years = _YEAR.findall(path)
    return Window(date(int(years[-1]), 1, 1), date(int(years[-1]), 12, 31)) if years else None


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def link_in_window(link: Link, outlet: Outlet, window: Window, document: str) -> bool | None:
    """Return whether a link was published within the window; None if that is unknown.

    Sources in this order: the date of its entry, the day in its URL, the days in the name of its sitemap, its lastmod
    (which is the day of publication or later).
    """
    if link.hints.published:
        return link.hints.published.at.astimezone(outlet.tz).date() in window
    if from_url := outlet.url_hints(link.url).published:
        return from_url.at.date() in window
    span = _span(_path(document))
    if span and span.first in window and span.last in window:
        return True
    if link.hints.modified:
        return link.hints.modified.astimezone(outlet.tz).date() in window
    return None


def _path(url: str) -> str:
    return url.rsplit("//", 1)[-1].partition("/")[2]

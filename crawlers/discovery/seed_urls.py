"""Which seed documents a run requests, and which links belong to a window of days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from crawlers.discovery import ghost, wordpress
from crawlers.discovery.seed_document import Child
from crawlers.outlet import (
    DatedListing,
    DatedSitemap,
    Feed,
    Ghost,
    IdRange,
    Listing,
    NewsSitemap,
    Outlet,
    Seed,
    Sitemap,
    WebArchive,
    WordPress,
)  # fmt: skip
from crawlers.window import Window
from storage.model import Link

LOOK_BACK = timedelta(days=2)  # a nightly run asks for the dated documents of today and of this long before
# A month or day in the name of a sitemap: 2024-05, 2024_05, 2024/5, 2024-05-17, 202405. The last number of 2024-5-1 can
# be that of a part of the month, so that only a month and a day of two digits are a day. post-sitemap1999 and
# sitemap20123 are numbers of parts: a year alone, or with a month of one digit, stands apart from letters and digits.
_DATED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})"
    r"(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?|(?<![A-Za-z]\d{4})[-_/.]([1-9]))(?!\d)"
)
_YEAR = re.compile(r"(?<![A-Za-z0-9])((?:19|20)\d{2})(?!\d)")
# The same where a wrong guess leaves nothing out: of links without a date of their own.
_MAYBE_DATED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_/.]?(?:(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?|([1-9]))(?!\d)"
)
_MAYBE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def serving_seeds(seeds: Sequence[Seed], window: Window | None) -> tuple[Seed, ...]:
    """Return those of the seeds that a run uses: to find new pages, or the pages of a window of the past.

    An id range serves a window where no other seed lists the outlet's old pages: its missing ids cost requests, too. A
    web archive serves each window, beside the others.
    """
    listing: tuple[Seed, ...] = tuple(
        seed for seed in seeds if not isinstance(seed, IdRange | WebArchive) and _serves(seed, window)
    )
    if window is None:
        return listing
    archives = tuple(seed for seed in seeds if isinstance(seed, WebArchive))
    return (listing or tuple(seed for seed in seeds if isinstance(seed, IdRange))) + archives


def _serves(seed: Seed, window: Window | None) -> bool:
    """Return True if a seed that lists pages shows new ones, or with a window those of the past."""
    if window is None:
        return not (isinstance(seed, Sitemap) and seed.backfill_only)
    return not isinstance(seed, Feed | NewsSitemap) and (not isinstance(seed, Listing) or seed.reaches_back)


def seed_addresses(seed: Seed, window: Window | None, today: date) -> tuple[str, ...]:
    """Return the URLs to request first, newest first. Without a window: those for what is new.

    Empty if the seed cannot serve the run, and for id ranges and web archives, which have ways of their own.
    """
    match seed:
        case IdRange() | WebArchive():
            return ()
        case _ if not _serves(seed, window):
            return ()
        case DatedSitemap() | DatedListing():
            return tuple(seed.address(day) for day in periods(seed, window or recent(today)))
        case WordPress():
            return (wordpress.first_page(seed, window),)
        case Ghost():
            return (ghost.first_page(seed, window),)
    return (seed.url,)


def fast_seeds(outlet: Outlet) -> tuple[Feed | NewsSitemap | Listing, ...]:
    """Return the seeds that show the newest articles at one address, for polls."""
    return tuple(seed for seed in outlet.seeds if isinstance(seed, Feed | NewsSitemap | Listing))


def recent(today: date) -> Window:
    """Return the days whose dated documents a run requests that looks for what is new."""
    return Window(today - LOOK_BACK, today)


def periods(seed: DatedSitemap | DatedListing, window: Window) -> Iterator[date]:
    """Yield a day of each period in the window, newest first: each day, or the last day of each week or month in it."""
    day = window.last
    while day >= window.first:
        yield day
        day = seed.before(day)


def wants_child(child: Child, window: Window | None) -> bool:
    """Return False if the name or date of a document in an index shows that it holds nothing of the window."""
    if window is None:
        return True
    span = _span(_path(child.url))
    if span:
        return span.first <= window.last and span.last >= window.first
    # A sitemap that was last changed before the window holds nothing of it.
    return child.modified is None or child.modified.date() >= window.first - timedelta(days=1)


def _span(path: str, dated: re.Pattern[str] = _DATED, only_year: re.Pattern[str] = _YEAR) -> Window | None:
    """Return the days that a sitemap is for, by its name; None if the name does not say."""
    for match in reversed(list(dated.finditer(path))):
        year, month, day = int(match[1]), int(match[2] or match[4]), match[3]
        try:
            first = date(year, month, int(day) if day else 1)
        except ValueError:
            continue
        return Window(first, first if day else _last_of_month(first))
    years = only_year.findall(path)
    return Window(date(int(years[-1]), 1, 1), date(int(years[-1]), 12, 31)) if years else None


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def link_in_window(link: Link, outlet: Outlet, window: Window, document: str) -> bool | None:
    """Return whether a link was published within the window; None if that is unknown.

    Sources in this order: the date of its entry, the day in its URL, the days in the name of its sitemap, its lastmod
    (which is the day of publication or later), and its first capture in a web archive (no page is younger).
    """
    if link.hints.published:
        return link.hints.published.at.astimezone(outlet.tz).date() in window
    if from_url := outlet.url_hints(link.url).published:
        return from_url.at.date() in window
    span = _span(_path(document), _MAYBE_DATED, _MAYBE_YEAR)
    if span and span.first in window and span.last in window:
        return True
    if link.hints.modified:
        return link.hints.modified.astimezone(outlet.tz).date() in window
    if link.capture and link.capture.at.astimezone(outlet.tz).date() < window.first:
        return False
    return None


def _path(url: str) -> str:
    return url.rsplit("//", 1)[-1].partition("/")[2]

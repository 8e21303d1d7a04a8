"""Derive the URL templates of dated sitemaps and dated listings from addresses that contain a date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from crawlers.discovery import periods
from crawlers.outlet import DatedSitemap
from crawlers.window import Window

_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<divider>[-_/.]?)(?P<month>1[0-2]|0?[1-9])"
    r"(?:(?P=divider)(?P<day>[12]\d|3[01]|0?[1-9]))?(?!\d)"
)
_LABELLED = {  # site-map-news_day_2_year_2026_month_11.xml, sitemap.php?yyyy=2026&mm=11&dd=2
    "year": re.compile(r"(?:year|yyyy|[?&_-]y)[=_-]?(?P<number>(?:19|20)\d{2})(?!\d)"),
    "month": re.compile(r"(?:month|mm|[?&_-]m)[=_-]?(?P<number>1[0-2]|0?[1-9])(?!\d)"),
    "day": re.compile(r"(?:day|dd|[?&_-]d)[=_-]?(?P<number>[12]\d|3[01]|0?[1-9])(?!\d)"),
}
DAYS_OF_WEEK = 7
MOST = 0.6  # share of the children that the template must fit
RECENT = timedelta(days=45)  # a template whose newest document is older may be one that the site no longer fills


@dataclass(frozen=True, slots=True)
class DatedNames:
    """A template, and the day of the newest document that it names."""

    seed: DatedSitemap
    newest: date
    documents: int


def dated_sitemap(children: Sequence[str], today: date) -> list[DatedNames]:
    """Return the templates that name most of the children, the most frequent first: one for each language, say.

    Empty if most children are named otherwise, or if the newest ones are too old to believe in the template.
    """
    dates = [parts for url in children if (parts := _date_in(url))]
    padded = all(len(text) > 1 for one in dates for _, _, _, text in one.numbers)
    found = [named for one in dates if (named := _template(one, padded=padded))]
    if len(found) < 2 or len(found) < MOST * len(children):
        return []
    counts = Counter(template for template, _ in found)
    seeds = []
    for template, count in counts.most_common():
        days = sorted(day for one, day in found if one == template)
        seed = _seed(template, days)
        if count >= 2 and days[-1] >= today - RECENT and seed is not None:
            seeds.append(DatedNames(seed, days[-1], count))
    return [names for names in seeds if set(_addresses(names.seed, today)) & set(children)]


def _seed(template: str, days: Sequence[date]) -> DatedSitemap | None:
    """Return the seed with this URL template; None for weekly documents named by another day than Monday."""
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    is_weekly = len(gaps) > 1 and all(gap and gap % DAYS_OF_WEEK == 0 for gap in gaps)
    if "{day" not in template or not is_weekly:
        return DatedSitemap(kind="dated_sitemap", url=template)
    if any(day.weekday() for day in days):
        return None
    return DatedSitemap(kind="dated_sitemap", url=template, weekly=True)


@dataclass(frozen=True, slots=True)
class _DateIn:
    """The numbers of a date in an address: name, start, end and text of each."""

    url: str
    numbers: tuple[tuple[str, int, int, str], ...]


def dated_listing(links: Sequence[str], today: date) -> str | None:
    """Return the template of pages for each day, if one of the links is that of today or yesterday; else None."""
    for url in links:
        found = _date_in(url)
        if found is None or len(found.numbers) < 3:
            continue
        padded = all(len(text) > 1 for _, _, _, text in found.numbers)
        named = _template(found, padded=padded or (today.day > 9 and today.month > 9))
        if named is not None and today - timedelta(days=1) <= named[1] <= today + timedelta(days=1):
            return named[0]
    return None


def _date_in(url: str) -> _DateIn | None:
    """Find year, month and perhaps day in an address: side by side, or each after its name. None if it has no date."""
    if beside := next(reversed(list(_DATE.finditer(url))), None):
        names = ("year", "month", "day") if beside["day"] else ("year", "month")
        return _DateIn(url, tuple((name, *beside.span(name), beside[name]) for name in names))
    labelled = {name: found for name, word in _LABELLED.items() if (found := word.search(url))}
    if not {"year", "month"} <= set(labelled):
        return None
    return _DateIn(url, tuple((name, *found.span("number"), found["number"]) for name, found in labelled.items()))


def _template(found: _DateIn, *, padded: bool) -> tuple[str, date] | None:
    """Return the address with placeholders, and the first day that it is for."""
    values = {name: int(text) for name, _, _, text in found.numbers}
    try:
        day = date(values["year"], values["month"], values.get("day", 1))
    except ValueError:
        return None
    if "{" in found.url or "}" in found.url:
        return None
    url = found.url
    for name, start, end, _ in sorted(found.numbers, key=lambda one: -one[1]):
        url = f"{url[:start]}{{{name}{':02' if padded and name != 'year' else ''}}}{url[end:]}"
    return url, day


def _addresses(seed: DatedSitemap, today: date) -> list[str]:
    return [seed.address(day) for day in periods(seed, Window(today - RECENT, today))]

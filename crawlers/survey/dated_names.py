"""Sitemaps whose names hold a month or a day: the template of a `dated_sitemap`, read off the children of an index."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crawlers.discovery import periods
from crawlers.outlet import DatedSitemap
from crawlers.window import Window

_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<divider>[-_/.]?)(?P<month>1[0-2]|0?[1-9])"
    r"(?:(?P=divider)(?P<day>[12]\d|3[01]|0?[1-9]))?(?!\d)"
)
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
    dates = [date_in for url in children if (date_in := _date_in(url))]
    padded = all(len(one["month"]) == 2 and len(one["day"] or "01") == 2 for one in dates)
    found = [named for one in dates if (named := _template(one, padded=padded))]
    if len(found) < 2 or len(found) < MOST * len(children):
        return []
    counts = Counter(template for template, _ in found)
    seeds = []
    for template, count in counts.most_common():
        newest = max(day for one, day in found if one == template)
        if count >= 2 and newest >= today - RECENT:
            seeds.append(DatedNames(DatedSitemap(kind="dated_sitemap", url=template), newest, count))
    return [names for names in seeds if set(_addresses(names.seed, today)) & set(children)]


def _date_in(url: str) -> re.Match[str] | None:
    return next(reversed(list(_DATE.finditer(url))), None)


def _template(found: re.Match[str], *, padded: bool) -> tuple[str, date] | None:
    """Return the address with placeholders, and the first day that it is for."""
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    except ValueError:
        return None
    digits = ":02" if padded else ""
    divider = found["divider"]
    parts = f"{{year}}{divider}{{month{digits}}}"
    parts += f"{divider}{{day{digits}}}" if found["day"] else ""
    url = found.string
    return None if "{" in url or "}" in url else (url[: found.start()] + parts + url[found.end() :], day)


def _addresses(seed: DatedSitemap, today: date) -> list[str]:
    return [seed.address(day) for day in periods(seed, Window(today - RECENT, today))]

"""What reading a seed document gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from crawlers.discovery.instants import published_at, read_moment
from crawlers.outlet import Outlet
from storage.model import DateSource, Hints, Link, Published
from storage.urls import is_web_address

MAX_LINKS = 50_000  # entries of one document, read or not: the sitemap protocol's own limit
MAX_TITLE = 500
_SHORT_YEAR = re.compile(r"^(\s*(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+)(\d{2})(?=\s+\d{1,2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Child:
    """A document that an index leads to."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A seed document as read.

    `skipped`: links that are no article of the outlet. `problems`: what was wrong with it, for a person. `complete` is
    False if links may be missing, so that its validators must not be kept.
    """

    links: tuple[Link, ...] = ()
    children: tuple[Child, ...] = ()
    next_page: str | None = None
    skipped: int = 0
    problems: tuple[str, ...] = ()
    complete: bool = True


class Collector:
    """Takes entries one by one; one bad entry loses only itself."""

    def __init__(self, outlet: Outlet, base: str) -> None:
        self._outlet, self._base = outlet, base
        self._links: dict[str, Link] = {}
        self._children: dict[str, Child] = {}
        self._taken = self._skipped = self._bad = self._undatable = 0
        self._problems: list[str] = []

    def link(self, href: str | None, hints: Hints = Hints()) -> None:
        """Take a link, if it leads to an article of the outlet."""
        self._taken += 1
        url = self._absolute(href)
        if url is None:
            return
        if not self._outlet.is_article(url):
            self._skipped += 1
        else:
            self._links.setdefault(url, Link(url, self._with_url_hints(url, hints)))

    def full(self) -> bool:
        """True if no more entries are taken, which is then said; ask before the next entry is read."""
        if self._taken < MAX_LINKS:
            return False
        self.problem(f"more than {MAX_LINKS} entries; the rest was not read")
        return True

    def published(self, text: str | None, source: DateSource) -> Published | None:
        """The instant that stands in `text`; what cannot be one is None, and counted as a problem."""
        told = published_at(_full_year(text), source, self._outlet.tz, self._outlet.languages[0])
        self._undatable += bool(text and text.strip() and told is None)
        return replace(told, raw=(text or "").strip()[:200]) if told else None

    def modified(self, text: str | None) -> datetime | None:
        """When a page was changed, as `text` has it; None, and a problem, as for `published`."""
        moment = read_moment(_full_year(text) or "", self._outlet.tz)
        self._undatable += bool(text and text.strip() and moment is None)
        return moment.at if moment else None

    def child(self, href: str | None, modified: datetime | None = None) -> None:
        url = self._absolute(href)
        if url is not None and len(self._children) < MAX_LINKS:
            self._children.setdefault(url, Child(url, modified))

    def problem(self, line: str) -> None:
        if line not in self._problems:
            self._problems.append(line)

    def reading(self, *, next_page: str | None = None, complete: bool = True) -> Reading:
        problems = list(self._problems)
        if self._bad:
            problems.append(f"{self._bad} entries without a usable address")
        if self._undatable:
            problems.append(f"{self._undatable} dates that cannot be read")
        return Reading(
            tuple(self._links.values()),
            tuple(self._children.values()),
            next_page,
            self._skipped,
            tuple(problems),
            complete,
        )

    def absolute(self, href: str | None) -> str | None:
        """An absolute http(s) address, or None; says nothing."""
        try:
            url = (href or "").strip()
            if not _needs_no_base(url):
                url = urljoin(self._base, url)
        except ValueError:
            return None
        return url if is_web_address(url) else None

    def _absolute(self, href: str | None) -> str | None:
        if not (href or "").strip():
            self._bad += 1
            return None
        url = self.absolute(href)
        if url is None:
            self._bad += 1
        return url

    def _with_url_hints(self, url: str, hints: Hints) -> Hints:
        told = self._outlet.url_hints(url)
        return replace(
            hints,
            title=(hints.title or "")[:MAX_TITLE] or None,
            published=hints.published or told.published,
            language=hints.language or told.language,
            section=hints.section or told.section,
        )


def _full_year(text: str | None) -> str | None:
    """RFC 822 had years of two digits ("Thu, 07 Dec 17 10:00 GMT"): with the century that RFC 2822 4.3 gives them."""
    if not text:
        return text
    return _SHORT_YEAR.sub(lambda found: f"{found[1]}{'20' if int(found[2]) < 50 else '19'}{found[2]}", text)


def _needs_no_base(url: str) -> bool:
    """True if urljoin, which takes half of the time that an entry costs, would return the address as it is."""
    return url.startswith(("https://", "http://")) and "/." not in url and url.isprintable()


def primary_language(tag: str | None) -> str | None:
    """`az` of `az-Latn-AZ`; None for nothing and for what is no tag."""
    primary = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return primary if 2 <= len(primary) <= 3 and primary.isalpha() else None


def squeezed(text: str | None) -> str | None:
    """Text on one line, or None if there is none."""
    return " ".join((text or "").split()) or None


def names(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for value in values if (name := squeezed(value))))

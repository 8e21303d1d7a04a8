"""What a seed document announces, and the collector that the readers of all formats fill."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from crawlers.discovery.instants import published_at, read_moment
from crawlers.outlet import Outlet
from storage.model import Capture, DateSource, Hints, Link, Published
from storage.text import primary_subtag
from storage.urls import is_web_address

MAX_LINKS = 50_000  # entries of one document, read or not: the sitemap protocol's own limit
MAX_TITLE = 500
_SHORT_YEAR = re.compile(r"^(\s*(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+)(\d{2})(?=\s+\d{1,2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Child:
    """A document that a sitemap index names."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeedDocument:
    """A seed document as read.

    `skipped`: number of links that are no articles of the outlet. `problems`: faults of the document, for a person.
    `complete`: False if links may be missing; then the validators (ETag, Last-Modified) must not be kept.
    `too_long`: it has more entries than are read, of which asking again brings no more.
    `refresh`: how long the document asks not to be requested again.
    `final`: False for the first links of a long document, whose other links follow in more SeedDocuments. `times`: how
    often the document names a link, for those that it names more than once.
    """

    links: tuple[Link, ...] = ()
    children: tuple[Child, ...] = ()
    next_page: str | None = None
    skipped: int = 0
    problems: tuple[str, ...] = ()
    complete: bool = True
    refresh: timedelta | None = None
    final: bool = True
    times: Mapping[str, int] = field(default_factory=dict)
    too_long: bool = False

    @property
    def newest_children(self) -> list[Child]:
        """The children, the last modified first and those without a date last; of one date, by descending URL."""
        return sorted(
            self.children,
            key=lambda child: (child.modified.timestamp() if child.modified else 0.0, child.url),
            reverse=True,
        )


def in_one(readings: Sequence[SeedDocument]) -> SeedDocument:
    """Join what was read of one document, a batch at a time."""
    return replace(readings[-1], links=tuple(link for reading in readings for link in reading.links))


class Collector:
    """Collects the entries of a seed document. A bad entry is counted and does not affect the others."""

    def __init__(self, outlet: Outlet, base: str) -> None:
        self._outlet, self._base = outlet, base
        self._links: dict[str, Link] = {}
        self._again: Counter[str] = Counter()  # further mentions of links
        self._children: dict[str, Child] = {}
        self._taken = self._skipped = self._bad = self._undatable = 0
        self._problems: list[str] = []
        self._too_long = False

    def link(
        self, href: str | None, hints: Hints = Hints(), *, full_text: bool = False, capture: Capture | None = None
    ) -> None:
        """Add a link if it leads to an article of the outlet."""
        self._taken += 1
        url = self._absolute(href)
        if url is None:
            return
        url = self._outlet.main_address(url)
        if not self._outlet.is_article(url):
            self._skipped += 1
        elif url in self._links:
            self._again[url] += 1
        else:
            number = self._outlet.number(url)
            self._links[url] = Link(
                url, self._with_url_hints(url, hints), number=number, full_text=full_text, capture=capture
            )

    @property
    def waiting(self) -> int:
        """Return how many links were collected and not returned yet."""
        return len(self._links)

    def batch(self) -> SeedDocument:
        """Return the links collected so far, of a document that goes on, and forget them."""
        links, self._links = tuple(self._links.values()), {}
        return SeedDocument(links, final=False)

    def full(self) -> bool:
        """Return True if no more entries are taken, and note that as a problem. To be called before each entry."""
        if self._taken < MAX_LINKS:
            return False
        self._leave_out("entries")
        return True

    def published(self, text: str | None, source: DateSource) -> Published | None:
        """Return the instant in `text`. Text that is no date gives None and is counted as a problem."""
        published = published_at(_full_year(text), source, self._outlet.tz, self._outlet.languages[0])
        self._undatable += bool(text and text.strip() and published is None)
        return replace(published, raw=(text or "").strip()[:200]) if published else None

    def modified(self, text: str | None) -> datetime | None:
        """Return the time of a change in `text`; None and a problem, as for `published`."""
        moment = read_moment(_full_year(text) or "", self._outlet.tz)
        self._undatable += bool(text and text.strip() and moment is None)
        return moment.at if moment else None

    def child(self, href: str | None, modified: datetime | None = None) -> None:
        """Add a document that an index names."""
        url = self._absolute(href)
        if url is None or url in self._children:
            return
        if len(self._children) < MAX_LINKS:
            self._children[url] = Child(url, modified)
        else:
            self._leave_out("documents")

    def _leave_out(self, what: str) -> None:
        self._too_long = True
        self.problem(f"more than {MAX_LINKS} {what}; the rest was not read")

    def problem(self, line: str) -> None:
        """Note a fault of the document, once."""
        if line not in self._problems:
            self._problems.append(line)

    def document(
        self, *, next_page: str | None = None, complete: bool = True, refresh: timedelta | None = None
    ) -> SeedDocument:
        """Return what was collected."""
        problems = list(self._problems)
        if self._bad:
            problems.append(f"{self._bad} entries without a usable address")
        if self._undatable:
            problems.append(f"{self._undatable} dates that cannot be read")
        return SeedDocument(
            tuple(self._links.values()),
            tuple(self._children.values()),
            next_page,
            self._skipped,
            tuple(problems),
            complete,
            refresh,
            times={url: 1 + more for url, more in self._again.items()},
            too_long=self._too_long,
        )

    def absolute(self, href: str | None) -> str | None:
        """Return the absolute http(s) URL of a link, or None. Counts nothing."""
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
        from_url = self._outlet.url_hints(url)
        return replace(
            hints,
            title=(hints.title or "")[:MAX_TITLE] or None,
            published=hints.published or from_url.published,
            language=hints.language or from_url.language,
            section=hints.section or from_url.section,
        )


def _full_year(text: str | None) -> str | None:
    """Complete a year of two digits as in RFC 822 ("Thu, 07 Dec 17 10:00 GMT"), by the rule of RFC 2822 4.3."""
    if not text:
        return text
    return _SHORT_YEAR.sub(lambda year: f"{year[1]}{'20' if int(year[2]) < 50 else '19'}{year[2]}", text)


def _needs_no_base(url: str) -> bool:
    """Return True if urljoin would return the URL unchanged. It would take half of the time of an entry."""
    return url.startswith(("https://", "http://")) and "/." not in url and url.isprintable()


def primary_language(tag: str | None) -> str | None:
    """Return `az` of `az-Latn-AZ`; None for nothing and for text that is no language tag."""
    primary = primary_subtag(tag or "")
    return primary if 2 <= len(primary) <= 3 and primary.isalpha() else None


def one_line(text: str | None) -> str | None:
    """Return text with its white space reduced to single spaces; None for empty text."""
    return " ".join((text or "").split()) or None


def unique_names(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the names that are not empty, each once."""
    return tuple(dict.fromkeys(name for value in values if (name := one_line(value))))

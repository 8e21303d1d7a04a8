"""The values that cross the lines between the rooms: what a seed tells of a page, and what a page says.

Plain frozen dataclasses without behaviour and without heavy imports, so that extraction workers start fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a publication instant is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


class DateSource(StrEnum):
    """Where a publication instant was read: a source that can be named, never a guess."""

    JSON_LD = "json-ld"
    META = "meta"
    MICRODATA = "microdata"
    TIME = "time"  # a <time datetime> in the article
    PAGE_TEXT = "page text"  # the outlet's own date line
    FEED = "feed"
    SITEMAP = "sitemap"  # a news sitemap's publication_date
    API = "api"
    URL = "url"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Published:
    """An instant of publication. `at` is aware, in the outlet's own offset; with DAY precision it is local midnight."""

    at: datetime
    precision: Precision
    source: DateSource
    raw: str  # the text it was read from


@dataclass(frozen=True, slots=True)
class Hints:
    """What a seed already tells of a page. Everything may be missing."""

    title: str | None = None
    published: Published | None = None
    modified: datetime | None = None  # aware; sitemap lastmod, Atom updated, WordPress modified
    language: str | None = None  # primary subtag, lower case: "az"
    authors: tuple[str, ...] = ()
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A page that a seed announces: an absolute http(s) address as the seed gives it, and its hints."""

    url: str
    hints: Hints = Hints()


@dataclass(frozen=True, slots=True)
class Article:
    """The clean record of a page. `text` is paragraphs divided by a blank line, without title, byline, boilerplate."""

    url: str  # the address it was finally fetched from
    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: Published | None = None
    language: str | None = None
    section: str | None = None
    image: str | None = None
    credit: str | None = None  # the agency or outlet that the text is taken from
    canonical_url: str | None = None  # as the page declares it, absolute; trusted only within the same site

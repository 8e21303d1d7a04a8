"""The values that the packages exchange: hints of seeds, links, and articles.

Plain frozen dataclasses without behaviour and without heavy imports, so that extraction workers start fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

MOST_ID = 2**63 - 1  # the largest number that both databases keep


class Precision(StrEnum):
    """The precision of a publication instant."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


class DateSource(StrEnum):
    """The source of a publication instant. A date without a source is not stored."""

    JSON_LD = "json-ld"
    META = "meta"
    MICRODATA = "microdata"
    TIME = "time"  # a <time datetime> in the article
    PAGE_TEXT = "page text"  # the outlet's own date line
    FEED = "feed"
    SITEMAP = "sitemap"  # a news sitemap's publication_date
    API = "api"
    URL = "url"
    MODIFIED = "modified"  # when the text was last changed, where nothing says when it was published
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Published:
    """A publication instant. `at` is aware, in the outlet's own offset; with DAY precision it is local midnight."""

    at: datetime
    precision: Precision
    source: DateSource
    raw: str  # the text it was read from


@dataclass(frozen=True, slots=True)
class Hints:
    """What a seed says about a page before it is fetched. Everything may be missing."""

    title: str | None = None
    published: Published | None = None
    modified: datetime | None = None  # aware; sitemap lastmod, Atom updated, WordPress modified
    language: str | None = None  # primary subtag, lower case: "az"
    authors: tuple[str, ...] = ()
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """A page in a web archive: the URL of its raw form there, and when it was captured (aware)."""

    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A page that a seed lists: an absolute http(s) address as the seed gives it, and its hints.

    `number`: its id by the outlet's counter, if the outlet file has an `id_range`; one number is one page, whatever the
    address. `estimated_at`: about when it was published, for the order of fetching alone.
    `full_text`: the answer that lists it holds its whole text, so that the page needs no fetch. `capture`: it is to be
    fetched from a web archive.
    """

    url: str
    hints: Hints = Hints()
    number: int | None = None
    estimated_at: datetime | None = None
    full_text: bool = False
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class FieldRules:
    """How the store and the command line treat a field of an article."""

    max_chars: int | None = None  # longer values are cut; of a list, this limits each item
    required: bool = False  # a row to import must have it
    revised: bool = False  # when the article's text changes, the new value replaces the old one
    filled: bool = False  # a later look at an unchanged article adds the value if it was missing
    shown: bool = False  # `pressrun extract` and `pressrun articles show` list it
    latest: bool = False  # every later look replaces it; one that did not ask (None) leaves it


def _rules(
    max_chars: int | None = None,
    *,
    required: bool = False,
    revised: bool = False,
    filled: bool = False,
    shown: bool = False,
    latest: bool = False,
) -> Mapping[str, FieldRules]:
    return {"rules": FieldRules(max_chars, required, revised, filled, shown, latest)}


@dataclass(frozen=True, slots=True)
class Article:
    """The clean record of a page. `text` is paragraphs divided by a blank line, without title, byline, boilerplate.

    The fields are stated here and nowhere else: storage/article_fields.py derives the columns of the store, exports,
    imports and batch rows from them.
    """

    url: str = field(metadata=_rules(required=True))  # the address it was finally fetched from
    title: str = field(metadata=_rules(1000, revised=True))
    text: str = field(metadata=_rules(required=True, revised=True))
    authors: tuple[str, ...] = field(default=(), metadata=_rules(200, revised=True, filled=True, shown=True))
    published: Published | None = field(default=None, metadata=_rules(200))
    # As a language tag; stored as its primary subtag, lower case.
    language: str | None = field(default=None, metadata=_rules(12, filled=True, shown=True))
    section: str | None = field(default=None, metadata=_rules(300, revised=True, filled=True, shown=True))
    # The agency or outlet that the text is taken from.
    credit: str | None = field(default=None, metadata=_rules(300, revised=True, filled=True, shown=True))
    image: str | None = field(default=None, metadata=_rules(4000, revised=True, filled=True))
    # What the page and its headers say on its use by machines, as crawlers/rights.py states it; and what its site says.
    rights: tuple[str, ...] | None = field(default=None, metadata=_rules(400, latest=True, shown=True))
    site_rights: tuple[str, ...] | None = field(default=None, metadata=_rules(400, latest=True, shown=True))
    # How sure the extraction is of it, 0 to 1, by its own evidence; None: it was stored without a score.
    quality: float | None = field(default=None, metadata=_rules(revised=True, filled=True, shown=True))
    # As the page declares it, absolute. Trusted only within the same site.
    canonical_url: str | None = field(default=None, metadata=_rules(4000))

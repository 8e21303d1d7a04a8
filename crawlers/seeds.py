"""The kinds of seed in an outlet file: the documents that list an outlet's pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

HTTP = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)


class Strict(BaseModel):
    """A frozen model; unknown keys are errors."""

    # Built at its first use: a seed alone never is, since the outlet's model holds it.
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


class _Seed(Strict):
    url: str

    @field_validator("url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not HTTP.match(value):
            raise ValueError("must begin with http:// or https://")
        return value


class Feed(_Seed):
    """RSS, RDF, Atom or JSON Feed."""

    kind: Literal["feed"]


class NewsSitemap(_Seed):
    """A Google News sitemap: articles of the last two days, with titles and dates."""

    kind: Literal["news_sitemap"]


class Sitemap(_Seed):
    """A sitemap, or an index of sitemaps."""

    kind: Literal["sitemap"]


class _Dated(_Seed):
    """A document for each day or month."""

    @field_validator("url")
    @classmethod
    def _has_a_date(cls, value: str) -> str:
        if "{year" not in value or "{month" not in value:
            raise ValueError("must hold {year} and {month}, and {day} if there is one for each day")
        _filled(value, year=2025, month=1, day=1)
        return value

    @property
    def daily(self) -> bool:
        """True if there is a document for each day, False if for each month."""
        return "{day" in self.url

    def address(self, day: date) -> str:
        """The address of the document for the day, or for its month."""
        return self.url.format(year=day.year, month=day.month, day=day.day)


class DatedSitemap(_Dated):
    """A sitemap for each day or month: `url` holds {year}, {month}, {day}, such as {month:02}."""

    kind: Literal["dated_sitemap"]


class DatedListing(_Dated):
    """A listing for each day or month, as `url` says; its further pages follow by `pages` or by rel=next."""

    kind: Literal["dated_listing"]
    pages: str | None = None  # with the same placeholders, and {page}
    links: str | None = None  # CSS selector of the <a> elements

    @field_validator("pages")
    @classmethod
    def _has_a_page(cls, value: str | None) -> str | None:
        if value is not None:
            if "{page" not in value:
                raise ValueError("must hold {page}")
            _filled(value, year=2025, month=1, day=1, page=2)
        return value

    def page_of(self, day: date, number: int) -> str | None:
        """The address of a further page of the day's listing; None if the outlet file does not say."""
        if self.pages is None:
            return None
        return self.pages.format(year=day.year, month=day.month, day=day.day, page=number)


class Listing(_Seed):
    """Pages of links, newest first. Older pages follow by `pages` ("...?page={page}", from 1) or by rel=next."""

    kind: Literal["listing"]
    pages: str | None = None
    links: str | None = None  # CSS selector of the <a> elements; without it, every link to an article
    max_pages: int = Field(default=20, ge=1)  # for a run that looks for new pages; 1: the listing has no older pages

    def page_address(self, number: int) -> str:
        """Return the URL of a page, counted from 1; that of the first page if the outlet file names no others."""
        return self.url if number == 1 or self.pages is None else self.pages.replace("{page}", str(number))

    @property
    def reaches_back(self) -> bool:
        """Whether older pages follow, so that a backfill can use it."""
        return self.max_pages > 1

    @field_validator("pages")
    @classmethod
    def _has_a_page(cls, value: str | None) -> str | None:
        if value is not None and "{page}" not in value:
            raise ValueError("must hold {page}")
        return value


class WordPress(_Seed):
    """The posts of the WordPress REST API: `url` ends in /wp-json/wp/v2/posts; `query` is sent along (lang = "en")."""

    kind: Literal["wordpress"]
    query: dict[str, str] = {}
    full_text: bool = True  # the answer's text is the article; False: each page is fetched


class Ghost(_Seed):
    """The posts of Ghost's content API: `url` ends in /ghost/api/content/posts/; `key` is the site's public key."""

    kind: Literal["ghost"]
    key: str = Field(pattern=r"^[0-9A-Za-z]+$")
    full_text: bool = True  # as for WordPress


class WebArchive(Strict):
    """Captures of the outlet's pages in a web archive.

    `url` is its CDX server; without it, that of the setting PRESSRUN_CDX. `captures` is the address of a capture in raw
    form; without it, what Wayback and pywb servers have (see `capture_template`).
    """

    kind: Literal["web_archive"]
    url: str = ""
    captures: str | None = None
    late: int = Field(default=30, ge=0, le=3660)  # days after the span in which a page may first have been captured

    @field_validator("url", "captures")
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        if value and not HTTP.match(value):
            raise ValueError("must begin with http:// or https://")
        return value

    @field_validator("captures")
    @classmethod
    def _has_its_parts(cls, value: str | None) -> str | None:
        if value is not None and ("{timestamp}" not in value or not value.endswith("{url}")):
            raise ValueError("must hold {timestamp} and end in {url}")
        return value


def capture_template(cdx: str) -> str:
    """The address of a capture in raw form, for a CDX server: .../web/{timestamp}id_/{url} or .../COLLECTION/..."""
    parts = urlsplit(cdx)
    folders = [name for name in parts.path.split("/") if name]
    # Wayback: /cdx/search/cdx beside /web/; pywb: /COLLECTION/cdx, and of old /COLLECTION-cdx or -index
    collection = "web" if folders[:1] == ["cdx"] or not folders else re.sub(r"-(?:cdx|index)$", "", folders[0])
    return f"{parts.scheme}://{parts.netloc}/{collection}/{{timestamp}}id_/{{url}}"


class IdRange(_Seed):
    """The outlet's counter: URLs that differ only in a number. `url` holds {id}; `known` has the dates of some ids.

    `budget`: ids that a run which looks for new pages may request. `languages`: those of articles to keep, where the
    counter is shared by several; without it, the languages of the outlet.
    """

    kind: Literal["id_range"]
    known: dict[int, date] = {}
    budget: int = Field(default=500, ge=0)
    languages: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_an_id(self) -> IdRange:
        if "{id}" not in self.url:
            raise ValueError("`url` must hold {id}")
        dates = [self.known[number] for number in sorted(self.known)]
        if dates != sorted(dates):
            raise ValueError("`known`: a higher id has an earlier date")
        return self

    def address(self, number: int) -> str:
        """Return the URL of an id."""
        return self.url.replace("{id}", str(number))


def _filled(template: str, **values: int) -> str:
    try:
        return template.format(**values)
    except (KeyError, IndexError, ValueError) as wrong:
        raise ValueError(f"cannot be filled in: {wrong}") from wrong


Seed = Annotated[
    Feed | NewsSitemap | Sitemap | DatedSitemap | Listing | DatedListing | WordPress | Ghost | WebArchive | IdRange,
    Field(discriminator="kind"),
]

KINDS = frozenset(get_args(model.model_fields["kind"].annotation)[0] for model in get_args(get_args(Seed)[0]))

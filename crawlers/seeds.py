"""The kinds of seed in an outlet file: the documents that list an outlet's pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

HTTP = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)


class Strict(BaseModel):
    """A frozen model; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


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


class DatedSitemap(_Seed):
    """One sitemap for each day or month. `url` holds {year}, {month}, {day}, such as {month:02}."""

    kind: Literal["dated_sitemap"]

    @field_validator("url")
    @classmethod
    def _has_a_date(cls, value: str) -> str:
        if "{year" not in value or "{month" not in value:
            raise ValueError("must hold {year} and {month}, and {day} if there is one for each day")
        try:
            value.format(year=2025, month=1, day=1)
        except (KeyError, IndexError, ValueError) as wrong:
            raise ValueError(f"cannot be filled in: {wrong}") from wrong
        return value

    @property
    def daily(self) -> bool:
        """Whether there is a sitemap for each day."""
        return "{day" in self.url


class Listing(_Seed):
    """Pages of links, newest first. Older pages follow by `pages` ("...?page={page}", from 1) or by rel=next."""

    kind: Literal["listing"]
    pages: str | None = None
    links: str | None = None  # CSS selector of the <a> elements; without it, every link to an article
    max_pages: int = Field(default=20, ge=1)  # for a run that looks for new pages; 1: the listing has no older pages

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
    """Posts of the WordPress REST API. `url` ends in /wp-json/wp/v2/posts; `query` is added (lang = "en")."""

    kind: Literal["wordpress"]
    query: dict[str, str] = {}


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


Seed = Annotated[
    Feed | NewsSitemap | Sitemap | DatedSitemap | Listing | WordPress | IdRange, Field(discriminator="kind")
]

KINDS = frozenset(get_args(model.model_fields["kind"].annotation)[0] for model in get_args(get_args(Seed)[0]))

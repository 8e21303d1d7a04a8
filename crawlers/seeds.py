"""The kinds of seed that an outlet file can name: where an outlet announces its pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

HTTP = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)


class Strict(BaseModel):
    """Frozen, and refusing keys that it does not know."""

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
    """A Google News sitemap: the articles of the last two days, with titles and instants."""

    kind: Literal["news_sitemap"]


class Sitemap(_Seed):
    """A sitemap, or an index of sitemaps."""

    kind: Literal["sitemap"]


class DatedSitemap(_Seed):
    """A sitemap for each day or month: `url` holds {year}, {month}, {day}, such as {month:02}."""

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
        return "{day" in self.url


class Listing(_Seed):
    """Links, newest first. Older pages follow by `pages` ("...?page={page}", counted from 1) or by rel=next."""

    kind: Literal["listing"]
    pages: str | None = None
    links: str | None = None  # CSS selector of the <a> elements; without it, every link that is an article's address
    max_pages: int = Field(default=20, ge=1)  # of a run that asks what is new; 1: the listing has no older pages

    @property
    def reaches_back(self) -> bool:
        """True if older pages follow, so that a backfill can use it."""
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


class IdRange(_Seed):
    """An outlet with nothing but a counter: `url` holds {id}; `known` dates some of its ids."""

    kind: Literal["id_range"]
    known: dict[int, date] = {}

    @model_validator(mode="after")
    def _has_an_id(self) -> IdRange:
        if "{id}" not in self.url:
            raise ValueError("`url` must hold {id}")
        dates = [self.known[number] for number in sorted(self.known)]
        if dates != sorted(dates):
            raise ValueError("`known`: the dates do not grow with the ids")
        return self


Seed = Annotated[
    Feed | NewsSitemap | Sitemap | DatedSitemap | Listing | WordPress | IdRange, Field(discriminator="kind")
]

"""An outlet as its TOML file describes it. Frozen; unknown keys are errors."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from storage.model import DateSource, Hints, Precision, Published
from storage.urls import host_of

from .cron import read_cron
from .seeds import (
    DatedListing,
    DatedSitemap,
    Feed,
    Ghost,
    IdRange,
    Listing,
    NewsSitemap,
    Seed,
    Sitemap,
    Strict,
    WebArchive,
    WordPress,
)  # fmt: skip

__all__ = [
    "ID_PATTERN", "DatedListing", "DatedSitemap", "Expect", "ExtractRule", "Feed", "Fetch", "Ghost", "IdRange",
    "Listing", "NewsSitemap", "NightlySchedule", "Outlet", "Seed", "Sitemap", "Urls", "WebArchive", "WordPress",
]  # fmt: skip


ID_PATTERN = r"^[a-z0-9][a-z0-9_]*$"  # of an outlet
_LANGUAGE = r"^[a-z]{2,3}$"  # the form of a code of ISO 639
_LANGUAGE_IN_SCHEMA = WithJsonSchema({"type": "string", "pattern": _LANGUAGE})
# For editors, which see most mistakes by it; `read_cron` sees all.
_CRON_IN_SCHEMA = WithJsonSchema({"type": "string", "pattern": r"^[\d*/,\-]+( [\d*/,\-A-Za-z]+){4}$"})
MAX_DIGITS = 18  # of an id that the databases can hold


def _language(value: str) -> str:
    if not re.fullmatch(_LANGUAGE, value):
        raise ValueError(f"must be the code of a language in two or three small letters, such as az, not {value!r}")
    return value


def _compiled(value: Any) -> re.Pattern[str]:
    if isinstance(value, re.Pattern):
        return value
    try:
        return re.compile(str(value))
    except re.error as wrong:
        raise ValueError(f"is not a regular expression: {wrong}") from wrong


Pattern = Annotated[re.Pattern[str], BeforeValidator(_compiled), PlainSerializer(lambda pattern: pattern.pattern)]


class Twin(Strict):
    """Addresses under which a page is also found: those that match `pattern` become `address`, with \\1 for a group."""

    pattern: Pattern
    address: str

    @model_validator(mode="after")
    def _can_be_filled_in(self) -> Twin:
        try:
            self.pattern.sub(self.address, "")
        except (re.error, IndexError) as wrong:
            raise ValueError(f"`address` does not fit `pattern`: {wrong}") from wrong
        return self


class Urls(Strict):
    """Which URLs are articles. Named groups of `article` are hints: section, language, year, month, day, id."""

    article: Pattern
    drop: tuple[Pattern, ...] = ()
    languages: dict[str, str] = Field(default_factory=dict)  # what the group `language` means: { arm = "hy" }
    twins: tuple[Twin, ...] = ()


class Fetch(Strict):
    """Pace and limits: seconds, parallel requests for each host, bytes, redirects."""

    delay: float = Field(default=1.0, ge=0, le=300)
    concurrency: int = Field(default=1, ge=1, le=16)
    timeout: float = Field(default=30, gt=0, le=300)
    max_bytes: int = Field(default=10_000_000, ge=10_000, le=200_000_000)
    max_redirects: int = Field(default=5, ge=0, le=20)


class ExtractRule(Strict):
    """CSS selectors of the fields in one page layout, and patterns of lines to `drop` from the text.

    `break_after` has what stands glued at the beginning of a line and is a line of its own, such as a byline. The
    newest layout stands first; an older one has `until`, the last day on which it was used.
    """

    until: dt.date | None = None
    body: str | None = None
    title: str | None = None
    date: str | None = None
    author: str | None = None
    section: str | None = None
    drop: tuple[Pattern, ...] = ()
    break_after: tuple[Pattern, ...] = ()

    @field_validator("body", "title", "date", "author", "section")
    @classmethod
    def _is_a_selector(cls, value: str | None) -> str | None:
        if value is not None:
            from cssselect import HTMLTranslator, SelectorError

            try:
                HTMLTranslator().css_to_xpath(value)
            except SelectorError as wrong:
                raise ValueError(f"is not a CSS selector: {wrong}") from wrong
        return value


class PerDay(Strict):
    """The normal number of articles a day."""

    min: int = Field(default=0, ge=0)
    max: int | None = Field(default=None, ge=1)


Filled = Literal["title", "published_at", "authors", "section", "language", "image", "credit"]


class Expect(Strict):
    """What is normal for the outlet: articles a day, share of articles with a field, hours without news."""

    per_day: PerDay = PerDay()
    fill: dict[Filled, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    silent_hours: int | None = Field(default=None, ge=1)


class NightlySchedule(Strict):
    """When the outlet's nights begin, in its time zone: with those of its group, or at its own cron."""

    group: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]*$")
    cron: Annotated[str, AfterValidator(read_cron), _CRON_IN_SCHEMA] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> NightlySchedule:
        if (self.group is None) == (self.cron is None):
            raise ValueError("needs either `group` or `cron`, such as cron = '30 1 * * *'")
        return self


class Outlet(Strict):
    """A news site that is crawled. `id` is the stem of its file."""

    id: str = Field(pattern=ID_PATTERN)
    name: str = Field(min_length=1)
    home: str = Field(pattern=r"^https?://[^\s/]+")
    country: str = Field(pattern=r"^[a-z]{2}$")
    languages: tuple[Annotated[str, AfterValidator(_language), _LANGUAGE_IN_SCHEMA], ...] = Field(min_length=1)
    timezone: str
    platform: str | None = None  # the platform file whose values stand beneath these
    platform_values: dict[str, str] = Field(default_factory=dict)  # of the placeholders in the platform file
    note: str = ""
    enabled: bool = True
    allow_private: bool = False
    hosts_too: tuple[str, ...] = ()  # more hosts that serve its pages
    credits: tuple[str, ...] = ()  # lines that credit the source of a text, beyond the usual "By NAME"
    examples: tuple[str, ...] = ()  # URLs of articles; checked against `urls.article`
    not_articles: tuple[str, ...] = ()  # URLs of the site that are none; checked too
    urls: Urls
    fetch: Fetch = Fetch()
    seeds: tuple[Seed, ...] = ()
    extract: tuple[ExtractRule, ...] = ()
    expect: Expect = Expect()
    schedule: NightlySchedule | None = None

    @field_validator("timezone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as wrong:
            raise ValueError(f"is not a time zone such as Asia/Baku: {value!r}") from wrong
        return value

    @model_validator(mode="after")
    def _counter_fits_the_pattern(self) -> Outlet:
        if sum(isinstance(seed, IdRange) for seed in self.seeds) > 1:
            raise ValueError("only one seed may be of the kind id_range")
        if self.counter:
            sample = max(self.counter.known, default=1)
            if self.number(self.counter.address(sample)) != sample:
                raise ValueError(
                    "`urls.article` must match the URLs of the id_range seed, with the id as its group `id`"
                )
        return self

    @cached_property
    def counter(self) -> IdRange | None:
        """The seed by which its pages have numbers; None if it has none."""
        return next((seed for seed in self.seeds if isinstance(seed, IdRange)), None)

    def number(self, url: str) -> int | None:
        """Return the id in the URL of an article, if the outlet has a counter."""
        if self.counter is None or not self.is_article(url):
            return None
        digits = self._match(url).groupdict().get("id") or ""  # type: ignore[union-attr]
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS else None

    def as_of(self, at: dt.datetime) -> Outlet:
        """Return the outlet as a page shows it that was taken then: the layout of that day stands first.

        The layouts follow in which the page may be all the same; of a day after all `until` it is the outlet as it is.
        """
        day = at.astimezone(self.tz).date()
        ended = [rule for rule in self.extract if rule.until and rule.until >= day]
        if not ended:
            return self
        then = min(ended, key=lambda rule: rule.until or day)
        return self.model_copy(update={"extract": (then, *(rule for rule in self.extract if rule is not then))})

    @cached_property
    def tz(self) -> ZoneInfo:
        """The time zone of dates without an offset."""
        return ZoneInfo(self.timezone)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts of the outlet, without those of web archives."""
        addresses = [self.home, *(seed.url for seed in self.seeds if not isinstance(seed, WebArchive))]
        return frozenset(host for host in (*map(host_of, addresses), *self.hosts_too) if host)

    @cached_property
    def hosts_named(self) -> frozenset[str]:
        """The hosts of the outlet and of the web archives that its file names."""
        archives = (seed for seed in self.seeds if isinstance(seed, WebArchive))
        named = (host_of(url) for seed in archives for url in (seed.url, seed.captures or ""))
        return self.hosts | frozenset(host for host in named if host)

    @property
    def addresses_named(self) -> list[str]:
        """The addresses that its file names: of its front page, its seeds, and web archives."""
        captures = (seed.captures for seed in self.seeds if isinstance(seed, WebArchive))
        return [self.home, *(seed.url for seed in self.seeds if seed.url), *filter(None, captures)]

    def is_article(self, url: str) -> bool:
        """Return True if the URL is one of the outlet's articles, or a twin of one."""
        return bool(self._match(url)) and not any(drop.search(url) for drop in self.urls.drop)

    def _match(self, url: str) -> re.Match[str] | None:
        return self.urls.article.search(self.main_address(url))

    def main_address(self, url: str) -> str:
        """Return the address under which a page is known; that of a page without twins is its own."""
        for twin in self.urls.twins:
            url = twin.pattern.sub(twin.address, url)
        return url

    def url_hints(self, url: str) -> Hints:
        """Return the hints in a URL: section, language, and the day if year, month and day are in it."""
        match = self._match(url)
        if not match:
            return Hints()
        groups = {name: value for name, value in match.groupdict().items() if value}
        code = groups.get("language", "")
        language = self.urls.languages.get(code, code)
        return Hints(
            published=self._day(groups),
            language=language if language in self.languages else None,
            section=groups.get("section"),
        )

    def _day(self, groups: dict[str, str]) -> Published | None:
        try:
            at = dt.datetime(int(groups["year"]), int(groups["month"]), int(groups["day"]), tzinfo=self.tz)
        except (KeyError, ValueError):
            return None
        return Published(at, Precision.DAY, DateSource.URL, f"{groups['year']}/{groups['month']}/{groups['day']}")

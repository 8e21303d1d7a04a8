"""The form of an address: which parts of its path are words, a date, a number, a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from storage.urls import canonical_url

LANGUAGES = {  # as first part of a path; "oz" is Uzbek in Latin letters
    "ab", "ar", "az", "be", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hr", "hu",
    "hy", "it", "ja", "ka", "kk", "ko", "ky", "lt", "lv", "mk", "nl", "no", "os", "oz", "pl", "pt", "ro", "ru",
    "sk", "sl", "sq", "sr", "sv", "tg", "th", "tk", "tr", "tt", "uk", "uz", "vi", "zh",
}  # fmt: skip
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.IGNORECASE)
_YEAR, _MONTH, _DAY = re.compile(r"(?:19|20)\d\d"), re.compile(r"0?[1-9]|1[0-2]"), re.compile(r"0?[1-9]|[12]\d|3[01]")
_COMPACT_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_ISO_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_SLUG_NUMBER = re.compile(r"(?=[\d-]*+[^\d-])(?P<slug>.*)-(?P<id>\d{4,})")
_NUMBER_SLUG = re.compile(r"(?P<id>\d{3,})[-_](?P<slug>.*[^\d-].*)")  # many sites find the page without the slug
MANY_WORDS = 3  # of a title in an address; section names and pages such as /about-us/ have fewer


@dataclass(frozen=True, slots=True)
class Form:
    """What addresses of one kind have in common. `tail` is number, slug, slug-number, number-slug or query."""

    tail: str
    extension: str = ""
    date: int = 0  # parts of the date in the path: 0, 2 (a month), 3 (a day), 1 for a day in one part
    divider: str = ""  # in that one part: "-" of 2025-07-21
    query: str = ""  # name of the parameter that holds the number

    @property
    def strong(self) -> bool:
        """Whether hardly any page but an article has such an address."""
        return bool(self.tail != "slug" or self.date)


@dataclass(frozen=True, slots=True)
class Shape:
    """An address in its parts."""

    url: str
    host: str  # with its port, without www.
    language: str
    before: tuple[str, ...]  # words before the date, or before the tail where there is no date
    date: tuple[str, ...]
    after: tuple[str, ...]  # words between the date and the tail
    number: str
    slug: str
    form: Form
    slash: bool
    extra_query: bool  # trackers and the like behind the address

    @property
    def words(self) -> int:
        """The words of its slug."""
        return len([word for word in re.split(r"[-_]+", self.slug) if word])


def shape_of(url: str) -> Shape | None:
    """Return the parts of an address; None for a front page and for what is no address."""
    try:
        canonical = canonical_url(url)
        parts = urlsplit(canonical)
    except ValueError:
        return None
    by_query = _query_number(parts.query)
    path = urlsplit(url).path if by_query else parts.path  # the canonical form leaves out index.php
    segments = [part for part in path.split("/") if part]
    language = segments.pop(0) if segments and segments[0] in LANGUAGES else ""
    if not segments or (parts.query and not by_query):
        return None
    last = segments.pop()
    extension = found[0] if (found := _EXTENSION.search(last)) else ""
    tail, number, slug = _tail(last.removesuffix(extension))
    if by_query:
        tail, number, slug = "query", by_query[1], last.removesuffix(extension)
    before, date, after = _dated(segments)
    divider = "-" if len(date) == 1 and "-" in date[0] else ""
    form = Form(tail, extension, len(date), divider, by_query[0] if by_query else "")
    extra = bool(urlsplit(url).query) and not parts.query
    return Shape(
        url, without_www(parts.netloc), language, before, date, after, number, slug, form,
        urlsplit(url).path.endswith("/"), extra,
    )  # fmt: skip


def without_www(host: str) -> str:
    """Return a host without `www.`, and without the dot of DNS's root that some addresses end in."""
    return re.sub(r"\.(?=:\d+$|$)", "", host.removeprefix("www."))


def _query_number(query: str) -> tuple[str, str] | None:
    numbers = [(name, value) for name, value in parse_qsl(query) if value.isdigit()]
    return numbers[0] if len(numbers) == 1 and len(parse_qsl(query)) == 1 else None


def _tail(last: str) -> tuple[str, str, str]:
    """Return the kind of the last part, its number and its slug."""
    if last.isdigit():
        return "number", last, ""
    if found := _SLUG_NUMBER.fullmatch(last):
        return "slug-number", found["id"], found["slug"]
    if found := _NUMBER_SLUG.fullmatch(last):
        return "number-slug", found["id"], found["slug"]
    return "slug", "", last


def _dated(segments: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Divide the parts before the last one into words, a date, and words."""
    for at, part in enumerate(segments):
        if _ISO_DAY.fullmatch(part) or _COMPACT_DAY.fullmatch(part):
            return tuple(segments[:at]), (part,), tuple(segments[at + 1 :])
        if _YEAR.fullmatch(part) and at + 1 < len(segments) and _MONTH.fullmatch(segments[at + 1]):
            long = at + 2 < len(segments) and _DAY.fullmatch(segments[at + 2]) is not None
            end = at + 2 + long
            return tuple(segments[:at]), tuple(segments[at:end]), tuple(segments[end:])
    return tuple(segments), (), ()

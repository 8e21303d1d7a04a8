"""An outlet file held against the live site: every seed, and an article of each, against what the file expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawlers.fetch_client import Fetch
from crawlers.filled_fields import filled_fields
from crawlers.outlet import Feed, IdRange, NewsSitemap, Outlet, Seed
from crawlers.readers import UNCONFINED, Readers
from storage.model import Article, Link

from .pages import PageLook, look_at_page
from .seeds import SeedLook, look_at_seed, shows_news

NEEDED = 0.9  # a field that at least this share of articles should have is reported if a single article lacks it
NOT_ASKED = "not asked: "  # begins the result of what was not requested; the reason follows
DATE_TOLERANCE = timedelta(days=7)  # between the date of a known id and that of its article


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the check: a seed, or an article that it listed. `off`: what is wrong; empty if nothing is."""

    outlet: str
    what: str  # the seed's kind, or "article"
    url: str
    result: str
    off: str = ""
    unreachable: bool = False

    @property
    def asked(self) -> bool:
        """Whether anything was requested for it."""
        return not self.result.startswith(NOT_ASKED)


def check_outlet(fetch: Fetch, outlet: Outlet, now: datetime, readers: Readers = UNCONFINED) -> Iterator[Finding]:
    """Yield what each seed of the outlet gives now, and an article of each. Sends about two requests for each seed.

    `readers` read articles and seeds. What strangers wrote belongs in processes with limits: `confined_readers`.
    """
    read: set[str] = set()
    for seed in outlet.seeds:
        if isinstance(seed, IdRange):
            yield from _known_id(fetch, outlet, seed, readers)
        elif not shows_news(seed, outlet, now):
            yield Finding(outlet.id, seed.kind, seed.url or "PRESSRUN_CDX", f"{NOT_ASKED}it serves backfills only")
        else:
            look = look_at_seed(fetch, outlet, seed, now, readers.read_seed)
            yield _of_seed(outlet, look, now)
            link = next((link for link in look.links if link.url not in read), None)
            if link is not None:
                read.add(link.url)
                yield _of_page(outlet, look_at_page(fetch, outlet, link, look, readers.extract))


def _of_seed(outlet: Outlet, look: SeedLook, now: datetime) -> Finding:
    newest = look.newest
    dated = f", the newest of {newest.astimezone(outlet.tz):%Y-%m-%d %H:%M}" if newest else ""
    number = f"{len(look.links)} article{'s' * (len(look.links) != 1)}"
    result = f"{number}{dated}" if look.links else look.fault
    off = look.fault if not look.links else _silence(outlet, look.seed, newest, now)
    return Finding(outlet.id, look.seed.kind, look.url, result, off, look.unreachable)


def _silence(outlet: Outlet, seed: Seed, newest: datetime | None, now: datetime) -> str:
    hours = outlet.expect.silent_hours
    if newest is None or hours is None or not isinstance(seed, Feed | NewsSitemap):
        return ""
    silent = (now - newest).total_seconds() / 3600
    return f"nothing new for {silent:.0f} hours; expected within {hours}" if silent > hours else ""


def _of_page(outlet: Outlet, look: PageLook) -> Finding:
    if look.article is None:
        return Finding(outlet.id, "article", look.link.url, f"refused: {look.refusal}", look.refusal, look.unreachable)
    missing = _missing(outlet, look.article)
    result = f"{look.article.title} ({len(look.article.text.split())} words)"
    return Finding(outlet.id, "article", look.link.url, result, f"has no {', '.join(missing)}" if missing else "")


def _missing(outlet: Outlet, article: Article) -> list[str]:
    """Return the fields that this article lacks although the file expects them of nearly every article."""
    filled = filled_fields(article)
    missing: list[str] = [name for name, share in outlet.expect.fill.items() if share >= NEEDED and name not in filled]
    if article.language and article.language not in outlet.languages:
        missing.append(f"language of the file (it is {article.language})")
    return missing


def _known_id(fetch: Fetch, outlet: Outlet, seed: IdRange, readers: Readers) -> Iterator[Finding]:
    """Yield whether the highest id whose date the file knows leads to an article of that date."""
    if not seed.known:
        yield Finding(outlet.id, seed.kind, seed.url, f"{NOT_ASKED}no id is `known`, so it serves nights alone")
        return
    number = max(seed.known)
    look = look_at_page(fetch, outlet, Link(seed.address(number)), extract=readers.extract)
    if look.article is None:
        result = f"id {number}: {look.refusal}"
        yield Finding(outlet.id, seed.kind, look.link.url, result, look.refusal, look.unreachable)
        return
    published = look.article.published
    day = published.at.astimezone(outlet.tz).date() if published else None
    off = "" if day and abs(day - seed.known[number]) <= DATE_TOLERANCE else f"`known` says {seed.known[number]}"
    yield Finding(outlet.id, seed.kind, look.link.url, f"id {number} is of {day or 'no known date'}", off)

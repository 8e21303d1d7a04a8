"""Fetch and extract a few articles of a site, to test a proposed outlet file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawlers.extraction import Rejected
from crawlers.fetch_client import WebPage
from crawlers.outlet import Outlet
from storage.model import Article, Link

from .shapes import shape_of
from .visits import Visits

ARTICLES = 5
EARLY = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SampledPage:
    """A page that was fetched, and the article or the refusal that it gave. `page` is None if there was no answer."""

    link: Link
    page: WebPage | None
    outcome: Article | Rejected | None
    why: str = ""  # why there is no article

    @property
    def article(self) -> Article | None:
        """The article, if the page gave one."""
        return self.outcome if isinstance(self.outcome, Article) else None


def read_sample(visits: Visits, links: Iterable[Link], outlet: Outlet) -> list[SampledPage]:
    """Fetch up to ARTICLES of the links, the newest of each language and section first."""
    return [_read(visits, link, outlet) for link in choose_links(list(links))]


def choose_links(links: Sequence[Link], most: int = ARTICLES) -> list[Link]:
    """Return the newest links, first one of each language and section."""
    newest = sorted(links, key=_published, reverse=True)
    first_of_kind: dict[tuple[object, ...], Link] = {}
    for link in newest:
        shape = shape_of(link.url)
        kind = (shape.language, shape.before[:1]) if shape else ()
        first_of_kind.setdefault(kind, link)
    return list(dict.fromkeys((*first_of_kind.values(), *newest)))[:most]


def _published(link: Link) -> datetime:
    return link.hints.published.at if link.hints.published else link.hints.modified or EARLY


def _read(visits: Visits, link: Link, outlet: Outlet) -> SampledPage:
    page = visits.get(link.url)
    if not isinstance(page, WebPage):
        return SampledPage(link, None, None, page.why)
    if not page.ok:
        return SampledPage(link, page, None, f"HTTP {page.status}")
    outcome = visits.extract(page, outlet, link.hints)
    if isinstance(outcome, Rejected):
        return SampledPage(link, page, outcome, outcome.why)
    return SampledPage(link, page, outcome)

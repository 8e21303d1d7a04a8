"""One page of an outlet, fetched now and read as a crawl reads it. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.discovery import page_in_answer
from crawlers.extraction import Explanation, PageSource, Rejected, explain
from crawlers.extraction.workers import Extract
from crawlers.fetch_client import Fetch, WebPage
from crawlers.outlet import Outlet
from storage.model import Article, Link

from .seeds import SeedLook, holds_texts

API = "the API's answer"


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page and what extraction made of it. `why` says why it was not fetched; `read_from`, where its text is from."""

    link: Link
    is_article_url: bool  # by urls.article
    outcome: Article | Rejected | None = None
    explanation: Explanation | None = None  # of that outcome, if one was asked for
    why: str = ""
    read_from: str = ""
    unreachable: bool = False

    @property
    def article(self) -> Article | None:
        """The article, if the page gave one."""
        return self.outcome if isinstance(self.outcome, Article) else None

    @property
    def refusal(self) -> str:
        """Why there is no article, in a line; empty if there is one."""
        return self.outcome.why if isinstance(self.outcome, Rejected) else self.why


def look_at_page(
    fetch: Fetch, outlet: Outlet, link: Link, look: SeedLook | None = None, extract: Extract | None = None
) -> PageLook:
    """Read a page; of a seed whose answer holds its text, that text, as a crawl does.

    It is read by `extract`; in this process and with an explanation if that is None.
    """
    fits = outlet.is_article(link.url)
    if look and link.full_text and holds_texts(look.seed):
        for answer in look.answers:
            if html := page_in_answer(outlet, answer.url, answer.body, link.url):
                source = PageSource(html, link.url, outlet, link.hints, "text/html; charset=utf-8")
                return PageLook(link, fits, *_read(source, outlet, extract), read_from=API)
    found = fetch(link.url, outlet=outlet.id)
    if not isinstance(found, WebPage):
        return PageLook(link, fits, why=found.why, unreachable=found.unreachable)
    if not found.ok:
        return PageLook(link, fits, why=f"HTTP {found.status}")
    source = PageSource(found.body, found.url, outlet, link.hints, found.content_type)
    return PageLook(link, fits, *_read(source, outlet, extract), read_from=found.url)


def _read(source: PageSource, outlet: Outlet, extract: Extract | None) -> tuple[Article | Rejected, Explanation | None]:
    if extract is not None:
        return extract(source.html, source.url, outlet, source.hints, source.content_type), None
    explanation = explain(source)
    return explanation.outcome, explanation

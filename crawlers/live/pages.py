"""One page of an outlet, fetched now and read as a crawl reads it. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.discovery import page_in_answer
from crawlers.extraction import Explanation, PageSource, Rejected, explain
from crawlers.fetch_client import Fetch, WebPage
from crawlers.outlet import Outlet
from storage.model import Article, Link

from .seeds import SeedLook, holds_texts

API = "the API's answer"


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page and its explanation; without one, `why` says why it was not fetched. `read_from`: its text's origin."""

    link: Link
    is_article_url: bool  # by urls.article
    explanation: Explanation | None = None
    why: str = ""
    read_from: str = ""
    unreachable: bool = False

    @property
    def article(self) -> Article | None:
        """The article, if the page gave one."""
        return self.explanation.outcome if self.explanation and isinstance(self.explanation.outcome, Article) else None

    @property
    def refusal(self) -> str:
        """Why there is no article, in a line; empty if there is one."""
        if self.explanation is None:
            return self.why
        outcome = self.explanation.outcome
        return outcome.why if isinstance(outcome, Rejected) else ""


def look_at_page(fetch: Fetch, outlet: Outlet, link: Link, look: SeedLook | None = None) -> PageLook:
    """Read a page; of a seed whose answer holds its text, that text, as a crawl does."""
    fits = outlet.is_article(link.url)
    if look and link.full_text and holds_texts(look.seed):
        for answer in look.answers:
            if html := page_in_answer(outlet, answer.url, answer.body, link.url):
                source = PageSource(html, link.url, outlet, link.hints, "text/html; charset=utf-8")
                return PageLook(link, fits, explain(source), read_from=API)
    found = fetch(link.url, outlet=outlet.id)
    if not isinstance(found, WebPage):
        return PageLook(link, fits, why=found.why, unreachable=found.unreachable)
    if not found.ok:
        return PageLook(link, fits, why=f"HTTP {found.status}")
    source = PageSource(found.body, found.url, outlet, link.hints, found.content_type)
    return PageLook(link, fits, explain(source), read_from=found.url)

"""The way of one page: bytes, tree, declarations, title, text, people, date; each guarded, text before date."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawlers.extraction.body import clean
from crawlers.extraction.credit import read_credits
from crawlers.extraction.dates import Dating, find_published
from crawlers.extraction.declared import Page, canonical, read_page
from crawlers.extraction.guard import refuse_bytes
from crawlers.extraction.jsonld import text_of
from crawlers.extraction.language import find_language
from crawlers.extraction.outcome import Reason, Rejected
from crawlers.extraction.parse import decode, parse
from crawlers.extraction.people import find_authors
from crawlers.extraction.refusal import refuse_page
from crawlers.extraction.title import find_title
from storage.records import Article, Hints

if TYPE_CHECKING:
    from crawlers.outlet import Outlet

NO_HINTS = Hints()


def extract(
    html: bytes, url: str, outlet: Outlet | None = None, hints: Hints = NO_HINTS, content_type: str | None = None, now: datetime | None = None
) -> Article | Rejected:
    """Return the article that a page holds, or why it holds none."""
    if refused := refuse_bytes(html, content_type):
        return refused
    tree = parse(decode(html, content_type))
    if tree is None:
        return Rejected(Reason.EMPTY, "no markup")
    page = read_page(tree, url)
    title = find_title(page, hints.title)
    lines = clean(tree)
    credits = read_credits(lines, ())
    published = find_published(page, Dating(outlet.tz if outlet else None, page.lang, now or datetime.now(UTC)), None, hints.published)
    authors = find_authors(page, None, hints.authors) or credits.authors
    around = " ".join("".join(page.tree.itertext()).split())[:8000]
    if refused := refuse_page(page, title, credits.lines, published is not None, around):
        return refused
    text = "\n\n".join(credits.lines)
    link = canonical(page)
    language = find_language(text, [page.lang, text_of(page.node.get("inLanguage")), page.first("og:locale")], outlet.languages if outlet else ())
    return Article(url, title, text, authors, published, language, credit=credits.credit, canonical_url=urljoin(url, link) if link else None)

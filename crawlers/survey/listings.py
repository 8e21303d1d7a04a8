"""Choose the listing of a site, the front page or a linked page of all news, and find out how older pages follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from crawlers.outlet import Listing, Outlet
from storage.model import Link
from storage.urls import same_site

from .front_page import FrontPage, read_front_page, same_links
from .shapes import LANGUAGES
from .visits import Visits

# Words in the addresses of pages that list all news, in the languages of the region
ALL_NEWS = re.compile(
    r"(?:^|[/_-])(?:all|latest|news|newsline|archive|lenta|novosti|list|feed|xeber\w*|butun\w*|haber\w*|jangiliklar|"
    r"yangiliklar|zhanalyktar|today|index)(?:$|[/_-])",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?P<before>[?&]page=|[?&]p=|[?&]paged=|/page/|/page-|/p/)2(?=$|[/&.])")
TRIED = 3  # pages besides the front page
DEEP = 2  # parts that the path of such a page has at most


@dataclass(frozen=True, slots=True)
class FoundListing:
    """A listing. `older`: its older pages follow."""

    seed: Listing
    older: bool

    @property
    def comment(self) -> str:
        """What the file says beside it."""
        return "its older pages follow" if self.older else "no older page was found, so this is all that it gives"


def find_listing(visits: Visits, front: FrontPage, outlet: Outlet, *, reaches_back: bool) -> FoundListing | None:
    """Return the page of links to use: the front page, unless another one lists more and its older pages follow.

    With `reaches_back` another seed lists old articles, so that none is looked for here.
    """
    pages = [front, *(page for url in _candidates(front, outlet) if (page := _read(visits, url)))]
    pages = [page for page in pages if _articles(page, outlet)]
    if not reaches_back:
        for page in pages:
            if older := _older_pages(visits, page, outlet):
                return FoundListing(Listing(kind="listing", url=page.url, pages=older.pages), True)
    if not pages:
        return None
    # A page of all news is worth more than a front page, which shows what is important.
    most = max(pages, key=lambda page: len(_articles(page, outlet)) * (1 if page is front else 2))
    return FoundListing(Listing(kind="listing", url=most.url, max_pages=1), False)


def _candidates(front: FrontPage, outlet: Outlet) -> list[str]:
    """Return the linked pages that may list all news."""
    found = []
    for link in front.links:
        parts = [part for part in urlsplit(link.url).path.split("/") if part]
        is_named = bool(ALL_NEWS.search(urlsplit(link.url).path)) or (len(parts) == 1 and parts[0] in LANGUAGES)
        if is_named and 0 < len(parts) <= DEEP and same_site(link.url, front.url) and not outlet.is_article(link.url):
            found.append(link.url)
    return list(dict.fromkeys(url for url in found if url != front.url))[:TRIED]


def _read(visits: Visits, url: str) -> FrontPage | None:
    page = visits.page(url)
    return read_front_page(visits.outlet, page.url, page.body, page.headers, visits.readers.read_seed) if page else None


def _articles(page: FrontPage, outlet: Outlet) -> Sequence[Link]:
    return [link for link in page.links if outlet.is_article(link.url)]


@dataclass(frozen=True, slots=True)
class _Pagination:
    """How older pages of a listing are found."""

    pages: str | None  # with {page}; None if the pages link to each other


def _older_pages(visits: Visits, first: FrontPage, outlet: Outlet) -> _Pagination | None:
    """Return how the older pages of a listing are found; None if the second page shows the same articles again."""
    url = first.next_page or urljoin(first.url, "?page=2")
    second = _read(visits, url)
    if second is None:
        return None
    older = _articles(second, outlet)
    if not older or same_links(_articles(first, outlet), older):
        return None
    linked = first.next_page is not None and second.next_page is not None
    template = None if linked else _PAGE.sub(r"\g<before>{page}", url)
    return _Pagination(template if template and "{page}" in template else None)

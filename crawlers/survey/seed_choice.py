"""Choose the seeds of the outlet file among the documents that a survey found, each with its comment in the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from crawlers.outlet import DatedListing, Feed, IdRange, NewsSitemap, Outlet
from storage.model import Article, Link

from .counter import CounterProposal, found_by_number, propose_counter
from .dated_names import dated_listing, dated_sitemap
from .documents import Document
from .draft import Draft
from .front_page import FrontPage, read_front_page
from .listings import find_listing
from .sample import SampledPage
from .visits import Visits

YEAR, DAY = timedelta(days=365), timedelta(days=1)
UNANNOUNCED = 0.2  # share of the front page's articles that no other seed has: then the page itself is a seed


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything on the site that lists articles."""

    front: FrontPage
    apis: tuple[Document, ...] = ()
    feeds: tuple[Document, ...] = ()
    sitemaps: tuple[Document, ...] = ()

    @property
    def newest(self) -> list[Document]:
        """The documents that show what is new and nothing else."""
        return [*self.feeds, *(one for one in self.sitemaps if isinstance(one.seed, NewsSitemap | Feed)), *self.apis]

    @property
    def newest_links(self) -> tuple[Link, ...]:
        """The links of those documents, each once."""
        return _unique([link for document in self.newest for link in document.links])

    @property
    def all_links(self) -> tuple[Link, ...]:
        """All links, with the hints of the document that says most; those of the front page last."""
        documents = [*self.newest, *self.sitemaps]
        return _unique([*(link for one in documents for link in one.links), *self.front.links])


def _unique(links: Sequence[Link]) -> tuple[Link, ...]:
    return tuple({link.url: link for link in reversed(links)}.values())[::-1]


def choose_seeds(visits: Visits, sources: Sources, outlet: Outlet, sample: Sequence[SampledPage], draft: Draft) -> None:
    """Put the seeds into the draft: what is new first, then what lists the past, then what is left to try."""
    for document in sources.newest:
        if _articles(document.links, outlet):
            _add(draft, document)
    reaches_back = bool(sources.apis)
    for document in sources.sitemaps:
        if not isinstance(document.seed, NewsSitemap | Feed) and _articles(document.links, outlet):
            _add_sitemap(draft, document, visits)
            reaches_back = reaches_back or not _is_rolling(document, visits)
    reaches_back = _add_listing(visits, sources, outlet, draft, reaches_back=reaches_back) or reaches_back
    reaches_back = reaches_back or _add_dated_listing(visits, sources, outlet, draft)
    if not reaches_back:
        _add_counter(visits, sources, outlet, sample, draft)
    if not any(seed.kind != "id_range" for seed, _ in draft.seeds):
        draft.doubt("seeds", "no seed was found that shows what is new")


def _is_rolling(document: Document, visits: Visits) -> bool:
    """Return True for a sitemap of recent articles only: one document, whose oldest date is not a year back."""
    dates = [link.hints.modified for link in document.links if link.hints.modified]
    return not document.is_index and bool(dates) and min(dates) > visits.now - YEAR


def _articles(links: Sequence[Link], outlet: Outlet) -> list[Link]:
    return [link for link in links if outlet.is_article(link.url)]


def _add(draft: Draft, document: Document) -> None:
    comment = {"wordpress": "with the text of each post", "ghost": "with the text of each post"}
    where = "" if document.declared else "not named by the site; found at a usual address"
    draft.seeds.append((document.seed, "; ".join(filter(None, (comment.get(document.seed.kind, ""), where)))))


def _add_sitemap(draft: Draft, document: Document, visits: Visits) -> None:
    children = [child.url for child in document.reading.children]
    named = dated_sitemap(children, visits.now.date())
    if not named:
        return _add(draft, document)
    for names in named:
        at = len(draft.seeds)
        draft.seeds.append(
            (names.seed, f"one for each {names.seed.period}; {document.seed.url} names {names.documents} of them")
        )
        draft.doubt(f"seeds[{at}]", f"how far back it reaches was not tried; the newest is that of {names.newest}")
    return None


def _add_listing(visits: Visits, sources: Sources, outlet: Outlet, draft: Draft, *, reaches_back: bool) -> bool:
    """Add a listing if one is needed. Returns True if its older pages follow."""
    listed = {link.url for document in (*sources.newest, *sources.sitemaps) for link in document.links}
    shown = _articles(sources.front.links, outlet)
    missing = [link for link in shown if link.url not in listed]
    lacks = not sources.newest or len(missing) >= max(3, UNANNOUNCED * len(shown))
    if reaches_back and (not lacks or (sources.newest and sources.sitemaps)):
        return False  # polls have a seed that shows what is new, and the past is listed
    found = find_listing(visits, sources.front, outlet, reaches_back=reaches_back)
    if found is None or not (lacks or found.older):
        return False
    draft.seeds.append((found.seed, found.comment))
    return found.older


def _add_dated_listing(visits: Visits, sources: Sources, outlet: Outlet, draft: Draft) -> bool:
    """Add the pages of single days, if the front page links to that of today and it lists articles."""
    others = [link.url for link in sources.front.links if not outlet.is_article(link.url)]
    template = dated_listing(others, visits.now.date())
    if template is None:
        return False
    seed = DatedListing(kind="dated_listing", url=template)
    page = visits.page(seed.address(visits.now.date())) or visits.page(seed.address(visits.now.date() - DAY))
    if page is None:
        return False
    shown = read_front_page(visits.outlet, page.url, page.body, page.headers, visits.readers.read_seed)
    if not _articles(shown.links, outlet):
        return False
    draft.seeds.append((seed, "one for each day; the front page links to that of today"))
    return True


def _add_counter(visits: Visits, sources: Sources, outlet: Outlet, sample: Sequence[SampledPage], draft: Draft) -> None:
    """Add the counter of the addresses, if no other seed lists old pages and the section does not matter."""
    links = _articles(sources.all_links, outlet)
    counter = propose_counter([*links, *_dated(sample)], outlet.tz)
    if counter is None:
        draft.doubt("seeds", "no seed lists old pages, so there is no backfill but from a web archive")
        return
    if not _leads_to_the_same(visits, counter, outlet, sample):
        draft.doubt("seeds", "ids grow with time, but a page is found below its own section only: no id_range")
        return
    at = len(draft.seeds)
    seed = IdRange(kind="id_range", url=counter.url, known=dict(counter.known))
    if not _is_read(seed, outlet):
        draft.doubt("seeds", "ids grow with time, but only some addresses of articles have one: no id_range")
        return
    draft.seeds.append((seed, f"about {counter.per_day:.0f} ids a day; no other seed lists old pages"))
    draft.doubt(
        f"seeds[{at}]", "`known` has recent ids only; add the dates of some old articles for a backfill far back"
    )


def _is_read(seed: IdRange, outlet: Outlet) -> bool:
    """Return True if the pattern reads the id in the addresses of the counter."""
    number = max(seed.known)
    found = outlet.urls.article.search(seed.address(number))
    return found is not None and found.groupdict().get("id") == str(number)


def _dated(sample: Sequence[SampledPage]) -> list[Link]:
    """Return the sampled links with the dates that their pages give."""
    return [
        replace(page.link, hints=replace(page.link.hints, published=page.article.published))
        for page in sample
        if page.article and page.article.published
    ]


def _leads_to_the_same(visits: Visits, counter: CounterProposal, outlet: Outlet, sample: Sequence[SampledPage]) -> bool:
    for page in sample:
        if page.article:
            return found_by_number(counter, page.link.url, _same_title(visits, outlet, page.article.title))
    return counter.other_section is None


def _same_title(visits: Visits, outlet: Outlet, title: str) -> Callable[[str], bool]:
    def same(url: str) -> bool:
        page = visits.page(url)
        outcome = visits.extract(page, outlet) if page else None
        return isinstance(outcome, Article) and outcome.title == title

    return same

"""Look at a site and propose its outlet file. Everything is fetched through `Visits`; nothing is stored."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError

from crawlers.fetch_client import Fetch, NotFetched, WebPage
from crawlers.outlet import Outlet, Urls
from crawlers.readers import UNCONFINED, Readers
from storage.model import Article, Link, Precision, Published
from storage.urls import same_site

from .articles import article_links
from .documents import read_api, read_feeds, read_sitemaps
from .draft import Doubt, Draft, SurveyOptions
from .errors import SurveyError
from .expectations import estimate_expectations
from .front_page import FrontPage, read_front_page
from .outlet_text import outlet_text
from .pattern import propose_pattern
from .place import find_place
from .platforms import api_seeds
from .sample import SampledPage, read_sample
from .seed_choice import Sources, choose_seeds
from .selectors import propose_selectors
from .shapes import shape_of, without_www
from .visits import Visits


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed outlet file: the parsed outlet, its TOML text, the doubts, and the articles read to test it."""

    outlet: Outlet
    text: str
    doubts: tuple[Doubt, ...]
    sample: tuple[SampledPage, ...]
    requests: int


def survey(
    fetch: Fetch,
    options: SurveyOptions,
    now: datetime | None = None,
    tell: Callable[[str], None] = lambda _: None,
    readers: Readers = UNCONFINED,
) -> Proposal:
    """Look at the site of `options.url` and propose its outlet file. `tell` gets a line for each request.

    `readers` read articles and seeds. What strangers wrote belongs in processes with limits: `confined_readers`.
    Raises SurveyError if the site cannot be reached, forbids it, or shows no addresses that look like articles.
    """
    visits = Visits(fetch, provisional_outlet(options), now, tell, readers)
    return _Survey(visits, options).run()


def provisional_outlet(options: SurveyOptions) -> Outlet:
    """Return the outlet under which a survey fetches: it takes every address for an article. Raises SurveyError."""
    try:
        host = urlsplit(options.url).hostname or ""
    except ValueError:
        host = ""
    if not re.match(r"https?://[^\s/]+", options.url) or not host:
        raise SurveyError(f"{options.url} is not the address of a site; give one such as https://www.example.ge/")
    values = {
        "id": options.outlet_id or default_id(options.url),
        "name": options.name or host,
        "home": options.url,
        "country": options.country or "xx",
        "languages": options.languages or ("en",),
        "timezone": options.timezone or "UTC",
        "allow_private": options.allow_private,
        "urls": {"article": "."},
        "fetch": {"delay": options.delay},
    }
    try:
        return Outlet.model_validate(values)
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        raise SurveyError(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
        ) from wrong


def default_id(url: str) -> str:
    """Return the id of an outlet by its host: "example_ge" of https://www.example.ge/."""
    parts = urlsplit(url)
    port = f"_{parts.port}" if parts.port else ""
    name = re.sub(r"[^a-z0-9]+", "_", without_www((parts.hostname or "").rstrip(".")) + port).strip("_")
    return name or "outlet"


class _Survey:
    """One survey. `run` calls the steps in the order in which they are defined; each adds its part to the draft."""

    def __init__(self, visits: Visits, options: SurveyOptions) -> None:
        self._visits, self._options = visits, options
        self._draft = Draft(visits.outlet.id, "", options.url, visits.now.date(), delay=options.delay)
        self._draft.allow_private = options.allow_private

    def run(self) -> Proposal:
        front = self._front_page()
        self._draft.home = front.url
        sources = self._sources(front)
        self._pattern(sources)
        outlet = self._outlet()
        links = [link for link in sources.all_links if outlet.is_article(link.url)]
        sample = read_sample(self._visits, links, outlet)
        self._place_and_languages(front, links, sample)
        self._name(front)
        self._selectors(sample)
        choose_seeds(self._visits, sources, self._outlet(), sample, self._draft)
        self._expectations(sources, sample)
        self._refusals()
        self._draft.requests = self._visits.count
        return self._proposal(sample)

    def _front_page(self) -> FrontPage:
        found = self._visits.get(self._options.url)
        if isinstance(found, NotFetched):
            raise SurveyError(_unreached(found))
        if not same_site(found.url, self._options.url):
            raise SurveyError(
                f"{self._options.url} leads to another site, {found.url}; give that address if you mean it"
            )
        if not found.ok:
            self._draft.doubt("home", f"it answers HTTP {found.status}; links on it could not be looked at")
            return FrontPage(self._options.url)
        home = found.url if urlsplit(found.url).path else f"{found.url}/"
        read_seed = self._visits.readers.read_seed
        return read_front_page(self._visits.outlet, home, found.body, found.headers, read_seed)

    def _sources(self, front: FrontPage) -> Sources:
        robots = self._visits.get(urljoin(front.url, "/robots.txt"), "robots")
        apis = [document for seed in api_seeds(front) if (document := read_api(self._visits, seed))]
        feeds = read_feeds(self._visits, front.feeds, front.url)
        readable = robots if isinstance(robots, WebPage) and robots.ok else None
        sitemaps = [] if apis else read_sitemaps(self._visits, readable, front.url)
        return Sources(front, tuple(apis), tuple(feeds), tuple(sitemaps))

    def _pattern(self, sources: Sources) -> None:
        certain = article_links(sources)
        proposal = propose_pattern(
            (link.url for link in certain), (link.url for link in sources.all_links), self._draft.home
        )
        if proposal is None:
            raise SurveyError(
                f"{self._options.url} shows no addresses that look like articles, in {self._visits.count} requests; "
                "give the address of a page that lists its news, or write the file by hand (docs/adding-an-outlet.md)"
            )
        self._draft.article, self._draft.drop = proposal.article, proposal.drop
        for doubt in proposal.doubts:
            self._draft.doubt(doubt.key, doubt.why)
        self._draft.examples = tuple(_examples(certain, self._outlet()))
        hosts = {urlsplit(link.url).hostname or "" for link in certain}
        home = urlsplit(self._draft.home).hostname
        self._draft.hosts_too = tuple(sorted(host for host in hosts if host and host != home))

    def _place_and_languages(self, front: FrontPage, links: Sequence[Link], sample: Sequence[SampledPage]) -> None:
        options, draft = self._options, self._draft
        draft.languages = options.languages or _languages(front, links, sample)
        dates = [link.hints.published for link in links if link.hints.published]
        dates += [article.published for article in _articles(sample) if article.published]
        place = find_place(draft.home, front.region, draft.languages, dates)
        draft.country, draft.timezone = options.country or place.country, options.timezone or place.zone
        draft.doubt("country", "" if options.country else place.country_doubt)
        draft.doubt("timezone", "" if options.timezone else place.zone_doubt)
        if not options.languages and not _articles(sample):
            draft.doubt("languages", "no article could be read; taken from the front page, or English")

    def _name(self, front: FrontPage) -> None:
        host = urlsplit(self._draft.home).hostname or ""
        self._draft.name = self._options.name or front.name or without_www(host)
        if not (self._options.name or front.name):
            self._draft.doubt("name", "the front page does not say it")

    def _selectors(self, sample: Sequence[SampledPage]) -> None:
        draft = self._draft
        draft.selectors = propose_selectors(sample, self._outlet())
        for name in draft.selectors:
            draft.doubt("extract", f"`{name}` is the element that worked on the {len(sample)} pages that were read")
        failed = [f"{page.link.url}: {page.why}" for page in sample if page.why]
        if failed and not draft.selectors:
            draft.doubt("urls.article", f"{len(failed)} of {len(sample)} pages gave no article, such as {failed[0]}")

    def _expectations(self, sources: Sources, sample: Sequence[SampledPage]) -> None:
        outlet = self._outlet()
        shown = [link.hints.published for link in sources.newest_links if outlet.is_article(link.url)]
        self._draft.expect = estimate_expectations(_instants(shown), _articles(sample))
        self._draft.doubt("expect", self._draft.expect.doubt)

    def _refusals(self) -> None:
        if forbidden := self._visits.forbidden:
            self._draft.doubt("home", f"robots.txt forbids {', '.join(forbidden[:3])}")
        if self._visits.used_up:
            self._draft.doubt("home", f"the survey ended after {self._visits.count} requests; there may be more seeds")

    def _outlet(self) -> Outlet:
        """Return the provisional outlet with what is known by now."""
        draft, given = self._draft, self._visits.outlet
        urls = Urls.model_validate({"article": draft.article, "drop": draft.drop})
        values = {"home": draft.home, "languages": draft.languages, "timezone": draft.timezone}
        return given.model_copy(update={**values, "urls": urls})

    def _proposal(self, sample: Sequence[SampledPage]) -> Proposal:
        text = outlet_text(self._draft)
        outlet = Outlet.model_validate({"id": self._draft.id} | tomllib.loads(text))
        return Proposal(outlet, text, tuple(self._draft.doubts), tuple(sample), self._visits.count)


def _unreached(found: NotFetched) -> str:
    if found.unreachable:
        return f"{found.url} cannot be reached ({found.why}): is the network up, and the address right?"
    if found.cause == "blocked_address":
        return f"{found.url} is on this machine or in a private network; give --allow-private if that is meant"
    if found.cause == "robots":
        return f"robots.txt forbids {found.url}, and Pressrun obeys it; ask the outlet"
    return f"{found.url} cannot be fetched: {found.why}"


def _articles(sample: Sequence[SampledPage]) -> list[Article]:
    return [page.article for page in sample if page.article]


def _examples(links: Sequence[Link], outlet: Outlet) -> list[str]:
    """Return three addresses, the first one, the last one and one between them."""
    urls = list(dict.fromkeys(link.url for link in links if outlet.is_article(link.url)))
    return list(dict.fromkeys(urls[at] for at in (0, len(urls) // 2, -1))) if urls else []


def _languages(front: FrontPage, links: Sequence[Link], sample: Sequence[SampledPage]) -> tuple[str, ...]:
    """Return the languages, those of most articles first: by the texts that were read, and by parts of addresses."""
    read = [article.language for article in _articles(sample) if article.language]
    in_paths = [
        shape.language.replace("oz", "uz") for link in links if (shape := shape_of(link.url)) and shape.language
    ]
    found = sorted(set(read), key=lambda language: (-read.count(language), language))
    found += [language for language in dict.fromkeys(in_paths) if in_paths.count(language) > 1]
    if front.language in found:
        found.insert(0, front.language)
    return tuple(dict.fromkeys(found)) or ((front.language,) if len(front.language) == 2 else ("en",))


def _instants(dates: Sequence[Published | None]) -> list[datetime]:
    return [one.at for one in dates if one and one.precision != Precision.DAY]

"""A stand-in for an outlet's site, made from its file: every seed of the file, and articles of our own, in memory.

It is what a survey of the outlet would find if the file were right: the front page names the feeds, robots.txt the
sitemaps, and addresses have the form of the file's examples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import urljoin

from crawlers.fetch_client import NotFetched, WebPage
from crawlers.fetch_order import Role
from crawlers.outlet import (
    DatedListing,
    DatedSitemap,
    Feed,
    Ghost,
    Listing,
    NewsSitemap,
    Outlet,
    Seed,
    Sitemap,
    WordPress,
)

ARTICLES = 60
EVERY = timedelta(hours=5)
UNANNOUNCED = 8  # articles that only pages show, where the file has a listing
OTHERS = ("/contact/", "/about/", "/privacy-policy", "/advertising.html")
_WORDS = (
    "harbour council bridge railway orchard valley museum teacher engine festival bakery ferry library garden winter "
    "signal market school river tunnel pipeline concert factory border clinic stadium vineyard archive lighthouse mill"
)
WORDS = _WORDS.split()
XML = {"content-type": "application/xml"}
HTML = {"content-type": "text/html; charset=utf-8"}
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@dataclass(frozen=True, slots=True)
class StandInArticle:
    """An article: its address, title and instant."""

    url: str
    title: str
    at: datetime


def words(number: int, count: int) -> str:
    """Return a sequence of words that few other numbers have, for titles, slugs and texts."""
    return " ".join(WORDS[(number * 7 + place * (number % 11 + 3)) % len(WORDS)] for place in range(count))


def addresses(outlet: Outlet, at: datetime, number: int) -> Iterator[str]:
    """Yield an address like each of the file's examples, for an article of that instant and number."""
    for place, example in enumerate(filter(outlet.urls.article.search, outlet.examples)):
        url = _like(outlet, example, at, number + place)
        yield url if outlet.is_article(url) else example


def _like(outlet: Outlet, example: str, at: datetime, number: int) -> str:
    found = outlet.urls.article.search(example)
    assert found, f"{outlet.id}: {example} does not match urls.article"
    values = {"year": f"{at:%Y}", "month": f"{at:%m}", "day": f"{at:%d}"}
    spans = []
    for name, value in found.groupdict().items():
        if value and name in values:
            spans.append((*found.span(name), values[name]))
        elif value and name == "id":
            spans.append((*found.span(name), str(_id(outlet, at, value, number)) if value.isdigit() else _slug(number)))
    url = example
    for start, end, text in sorted(spans, reverse=True):
        url = url[:start] + text + url[end:]
    return _with_slug(outlet, url, number) if not any(text == _slug(number) for _, _, text in spans) else url


def _id(outlet: Outlet, at: datetime, value: str, number: int) -> int:
    """Return an id that grows with the instant: of a counter, beyond the highest that the file knows."""
    given = [outlet.number(example) or 0 for example in outlet.examples] if outlet.counter else [int(value)]
    base = max(*given, *(outlet.counter.known if outlet.counter else ()), 0)
    return base + 1000 + int((at - datetime(2026, 1, 1, tzinfo=at.tzinfo)).total_seconds() // 3600) * 3 + number % 3


def _slug(number: int) -> str:
    return words(number, 5).replace(" ", "-") + f"-{WORDS[number % len(WORDS)]}"


def _with_slug(outlet: Outlet, url: str, number: int) -> str:
    """Return the address with another title in it, if it has one."""
    head, _, last = url.rstrip("/").rpartition("/")
    longest = max(re.findall(r"[A-Za-z][A-Za-z_-]*", last), key=len, default="")
    if len(re.split(r"[-_]", longest)) < 3:
        return url
    changed = f"{head}/{last.replace(longest, _slug(number))}{'/' if url.endswith('/') else ''}"
    return changed if outlet.is_article(changed) else url


class StandIn:
    """The site. It is called as a `Fetch` is."""

    def __init__(self, outlet: Outlet, now: datetime) -> None:
        self.outlet, self.now = outlet, now
        count = max(1, ARTICLES // max(1, len(outlet.examples)))
        found: dict[str, StandInArticle] = {}
        for nth in range(count):
            at = (now - nth * EVERY).astimezone(outlet.tz).replace(microsecond=0)
            for url in addresses(outlet, at, 10_000 - 10 * nth):
                found.setdefault(url, StandInArticle(url, f"{words(len(found), 6).capitalize()} {nth}", at))
        self.articles = list(found.values())
        self._pages = dict(self._documents())
        self._pages |= {article.url: (HTML, _article_page(article)) for article in self.articles}
        self._pages |= {
            urljoin(outlet.home, path): (HTML, b"<html><body><p>Write to us.</p></body></html>") for path in OTHERS
        }

    def __call__(self, url: str, role: Role = "page", *, outlet: str | None = None) -> WebPage | NotFetched:
        del role, outlet  # all that is asked for is here
        known = self._pages.get(url) or self._pages.get(url.partition("?")[0])
        if known is None and (article := self._by_number(url)) is not None:
            known = (HTML, _article_page(article))
        if known is None:
            return WebPage(url, 404, HTML, b"<h1>Not found</h1>")
        return WebPage(url, 200, known[0], known[1])

    def _by_number(self, url: str) -> StandInArticle | None:
        """Return the article with this number in its address, whatever its section, where the file says so."""
        number = self.outlet.number(url)
        if self.outlet.counter and number in self.outlet.counter.known:
            at = datetime.combine(self.outlet.counter.known[number], time(12), self.outlet.tz)
            return StandInArticle(url, f"{words(number, 6).capitalize()} {number}", at)
        return next((one for one in self.articles if number and self.outlet.number(one.url) == number), None)

    @property
    def others(self) -> list[str]:
        """Addresses of the site that are no articles."""
        return [self.outlet.home, *(urljoin(self.outlet.home, path) for path in OTHERS)]

    def _documents(self) -> Iterator[tuple[str, tuple[dict[str, str], bytes]]]:
        outlet, announced = self.outlet, self._announced()
        dated: list[str] = []
        for seed in outlet.seeds:
            if isinstance(seed, DatedSitemap):
                documents = dict(self._dated(seed))
                dated += documents
                yield from ((url, (XML, body)) for url, body in documents.items())
            elif isinstance(seed, Feed):
                yield seed.url, (XML, _feed(self._share(seed, announced)))
            elif isinstance(seed, NewsSitemap):
                yield seed.url, (XML, _news_sitemap(announced[:20]))
            elif isinstance(seed, Sitemap):
                yield seed.url, (XML, _urlset(self._share(seed, announced)))
            elif isinstance(seed, WordPress):
                yield seed.url, ({"content-type": "application/json"}, _posts(announced))
            elif isinstance(seed, Ghost):
                yield seed.url, ({"content-type": "application/json"}, _ghost(announced))
            elif isinstance(seed, DatedListing):
                for back in range(3):
                    day = self.now.date() - timedelta(days=back)
                    shown = [article for article in self.articles if article.at.date() == day]
                    yield seed.address(day), (HTML, f"<html><body>{_links(shown)}</body></html>".encode())
            elif isinstance(seed, Listing) and seed.url != outlet.home:
                yield from self._listing(seed)
        if dated:
            yield self._index_url, (XML, _index(dated))
        yield urljoin(outlet.home, "/robots.txt"), ({"content-type": "text/plain"}, self._robots(bool(dated)))
        yield outlet.home, (HTML, self._front_page())

    def _listing(self, seed: Listing) -> Iterator[tuple[str, tuple[dict[str, str], bytes]]]:
        """The pages of a listing: by their template, or linked to each other; one page if there are no older ones."""
        size, last = 12, 4 if seed.reaches_back else 1
        for number in range(1, last + 1):
            url = seed.page_address(number) if seed.pages or number == 1 else f"{seed.url}?page={number}"
            following = f'<a rel="next" href="?page={number + 1}">Next</a>' if number < last and not seed.pages else ""
            shown = _links(self.articles[size * (number - 1) : size * number])
            yield url, (HTML, f"<html><body>{shown}{following}</body></html>".encode())

    @property
    def _index_url(self) -> str:
        return urljoin(self.outlet.home, "/sitemaps-index.xml")

    def _announced(self) -> list[StandInArticle]:
        """The articles that feeds and sitemaps have. A file has a listing beside them since it shows what they lack."""
        has_listing = any(isinstance(seed, Listing) for seed in self.outlet.seeds)
        return self.articles[: 2 * UNANNOUNCED : 2] + self.articles[2 * UNANNOUNCED :] if has_listing else self.articles

    def _share(self, seed: Seed, announced: Sequence[StandInArticle]) -> list[StandInArticle]:
        """Return the articles that a seed lists: the seeds of one kind share the announced articles among them."""
        seeds = [one for one in self.outlet.seeds if one.kind == seed.kind]
        return list(announced[seeds.index(seed) :: len(seeds)])

    def _dated(self, seed: DatedSitemap) -> Iterator[tuple[str, bytes]]:
        by_address: dict[str, list[StandInArticle]] = {}
        for article in self.articles:
            by_address.setdefault(seed.address(article.at.date()), []).append(article)
        for back in range(120):  # periods without an article of ours have documents, too
            by_address.setdefault(seed.address(self.now.date() - timedelta(days=back)), self.articles[-1:])
        return ((url, _urlset(articles)) for url, articles in by_address.items())

    def _robots(self, dated: bool) -> bytes:
        named = [seed.url for seed in self.outlet.seeds if isinstance(seed, Sitemap | NewsSitemap)]
        named += [self._index_url] if dated else []
        return "\n".join(["User-agent: *", "Disallow: /search/", *(f"Sitemap: {url}" for url in named)]).encode()

    def _front_page(self) -> bytes:
        outlet = self.outlet
        feeds = [seed.url for seed in outlet.seeds if isinstance(seed, Feed)]
        head = "".join(f'<link rel="alternate" type="application/rss+xml" href="{escape(url)}">' for url in feeds)
        for seed in outlet.seeds:
            if isinstance(seed, WordPress):
                root = seed.url.removesuffix("wp/v2/posts")
                head += f'<link rel="https://api.w.org/" href="{escape(root)}">'
            if isinstance(seed, Ghost):
                head += f'<script src="/p.js" data-key="{seed.key}" data-api="{escape(seed.url)}"></script>'
        listings = [seed.url for seed in outlet.seeds if isinstance(seed, Listing) and seed.url != outlet.home]
        listings += [seed.address(self.now.date()) for seed in outlet.seeds if isinstance(seed, DatedListing)]
        others = "".join(f'<a href="{escape(path)}">{path.strip("/")}</a>' for path in (*OTHERS, *listings))
        return (
            f'<!doctype html><html lang="{outlet.languages[0]}"><head><meta charset="utf-8">'
            f"<title>{escape(outlet.name)}</title>{head}</head><body>{others}{_links(self.articles[:20])}</body></html>"
        ).encode()


def _links(articles: Sequence[StandInArticle]) -> str:
    return "".join(f'<a href="{escape(one.url)}">{escape(one.title)}</a>' for one in articles)


def _article_page(article: StandInArticle) -> bytes:
    number = sum(map(ord, article.url))
    paragraphs = "".join(
        f"<p>In the {words(number + n, 1)} of the town the {words(number * 3 + n, 2)} was opened by the people of the "
        f"{words(number + 5 * n, 1)}, who had waited for the {words(number + n, 3)} and said so to the newspaper.</p>"
        for n in range(5)
    )
    declared = json.dumps({"@type": "NewsArticle", "headline": article.title, "datePublished": article.at.isoformat()})
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(article.title)}</title>'
        f'<script type="application/ld+json">{declared}</script></head><body><article><h1>{escape(article.title)}</h1>'
        f"{paragraphs}</article></body></html>"
    ).encode()


def _feed(articles: Sequence[StandInArticle]) -> bytes:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.url)}</link>"
        f"<pubDate>{format_datetime(one.at)}</pubDate></item>"
        for one in articles[:30]
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def _urlset(articles: Sequence[StandInArticle]) -> bytes:
    rows = "".join(
        f"<url><loc>{escape(one.url)}</loc><lastmod>{one.at.isoformat()}</lastmod></url>" for one in articles
    )
    return f"<urlset {NS}>{rows}</urlset>".encode()


def _news_sitemap(articles: Sequence[StandInArticle]) -> bytes:
    rows = "".join(
        f"<url><loc>{escape(one.url)}</loc><news:news><news:publication_date>{one.at.isoformat()}"
        f"</news:publication_date><news:title>{escape(one.title)}</news:title></news:news></url>"
        for one in articles
    )
    return f"<urlset {NS} {NEWS}>{rows}</urlset>".encode()


def _index(urls: Sequence[str]) -> bytes:
    rows = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls)
    return f"<sitemapindex {NS}>{rows}</sitemapindex>".encode()


def _posts(articles: Sequence[StandInArticle]) -> bytes:
    return json.dumps(
        [
            {
                "link": one.url, "date": one.at.replace(tzinfo=None).isoformat(), "title": {"rendered": one.title},
                "content": {"rendered": f"<p>{words(n, 60)}</p>", "protected": False},
            }
            for n, one in enumerate(articles)
        ]
    ).encode()  # fmt: skip


def _ghost(articles: Sequence[StandInArticle]) -> bytes:
    posts = [{"url": one.url, "title": one.title, "html": f"<p>{words(n, 60)}</p>", "published_at": one.at.isoformat()}
             for n, one in enumerate(articles)]  # fmt: skip
    return json.dumps({"posts": posts, "meta": {"pagination": {"next": None}}}).encode()

"""How the demo's press announces its pages: feeds, sitemaps, listings."""

from __future__ import annotations

import gzip
from email.utils import format_datetime
from html import escape

from .pages import NAMES, OTHER, listing_page, path_of
from .stories import Story

Document = tuple[str, bytes]  # content type, body
PER_PAGE = 6
NEWS = 5  # entries of the news sitemap

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_GOOGLE = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def seed_document(
    outlet: str, path: str, query: dict[str, list[str]], stories: list[Story], origin: str
) -> Document | None:
    """The seed at a path of an outlet, over its stories (newest first); None where there is none."""
    number = query.get("page", ["1"])[0]
    page = int(number) if number.isdigit() else 1
    match outlet, path:
        case "herald", "/rss/":
            return _feed(outlet, stories, origin, full=False)
        case "digest", "/rss.php":
            return _feed(outlet, stories, origin, full=True)
        case "herald", "/":
            return _listing(outlet, stories, 1, "/")
        case "digest", "/" | "/news/":
            return _listing(outlet, stories, page, "/news/")
        case "xeber", "/" | "/az/xeberler/":
            return _listing(outlet, stories, page, "/az/xeberler/")
        case "xeber", "/news-sitemap.xml":
            return _news_sitemap(stories[:NEWS], origin)
        case "xeber", "/sitemap.xml":
            return _index(stories, origin)
    if outlet == "xeber" and path.startswith("/sitemaps/") and path.endswith(".xml.gz"):
        return _month(path.removeprefix("/sitemaps/").removesuffix(".xml.gz"), stories, origin)
    return None


def _feed(outlet: str, stories: list[Story], origin: str, *, full: bool) -> Document:
    # Bay Today's feed marks its links for a visitor counter: the same pages, under other addresses than in its listing.
    mark = "?utm_source=rss&utm_medium=feed" if full else ""
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{escape(origin + path_of(story) + mark)}</link>"
        f"<category>{story.section.title()}</category><pubDate>{format_datetime(story.published)}</pubDate>"
        f"<description>{escape(_full_text(story) if full else story.paragraphs[0])}</description></item>"
        for story in stories
    )
    items += "".join(
        f"<item><title>News</title><link>{origin}{path}</link></item>" for path in OTHER[outlet] if not full
    )
    channel = f"<channel><title>{NAMES[outlet]}</title><link>{origin}/</link><description/>{items}</channel>"
    return _xml(f'<rss version="2.0">{channel}</rss>')


def _full_text(story: Story) -> str:
    return ("By Caspian Herald" if story.copied else "") + f"By {story.author}" + " ".join(story.paragraphs)


def _listing(outlet: str, stories: list[Story], page: int, path: str) -> Document | None:
    shown = stories[PER_PAGE * (page - 1) : PER_PAGE * page]
    if not shown:
        return None
    extra = list(OTHER[outlet]) if page == 1 and outlet == "digest" else []
    older = f"{path}?page={page + 1}" if len(stories) > PER_PAGE * page else None
    return "text/html; charset=utf-8", listing_page(outlet, shown, extra, older).encode()


def _news_sitemap(stories: list[Story], origin: str) -> Document:
    rows = "".join(
        f"<url><loc>{origin}{path_of(story)}</loc><news:news><news:publication><news:name>{NAMES[story.outlet]}</news:name>"
        f"<news:language>az</news:language></news:publication><news:publication_date>{story.published.isoformat()}"
        f"</news:publication_date><news:title>{escape(story.title)}</news:title></news:news></url>"
        for story in stories
    )
    return _xml(f"<urlset {_SITEMAP} {_GOOGLE}>{rows}</urlset>")


def _index(stories: list[Story], origin: str) -> Document:
    months = sorted({f"{story.published:%Y-%m}" for story in stories})
    rows = "".join(f"<sitemap><loc>{origin}/sitemaps/{month}.xml.gz</loc></sitemap>" for month in months)
    return _xml(f"<sitemapindex {_SITEMAP}>{rows}</sitemapindex>")


def _month(month: str, stories: list[Story], origin: str) -> Document | None:
    urls = [(path_of(story), story.published) for story in stories if f"{story.published:%Y-%m}" == month]
    if not urls:
        return None
    first = urls[-1][1]
    urls += [(path, first) for path in OTHER["xeber"] if month == "2025-08"]
    rows = "".join(f"<url><loc>{origin}{path}</loc><lastmod>{when.isoformat()}</lastmod></url>" for path, when in urls)
    _, body = _xml(f"<urlset {_SITEMAP}>{rows}</urlset>")
    return "application/gzip", gzip.compress(body, mtime=0)


def _xml(text: str) -> Document:
    return "application/xml; charset=utf-8", f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()

"""The posts of a WordPress site by its REST API: /wp-json/wp/v2/posts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.outlet import Outlet, WordPress
from crawlers.window import Window
from storage.model import DateSource, Hints

from .feeds import MAX_MARKUP
from .full_text import Post, is_whole, plain
from .seed_document import Collector, SeedDocument, one_line, primary_language, unique_names

POSTS_A_PAGE = 100  # the API's own limit
_FIELDS = "link,date,date_gmt,modified,modified_gmt,title,lang"
_TEXT_FIELDS = f"{_FIELDS},content,excerpt,_links,_embedded"  # the last two are what `_embed` fills
_PAGE = re.compile(r"[0-9]{1,6}")  # a number of pages that can be believed
_NO_SECTION = ("uncategorized", "uncategorised", "без рубрики", "genel")


def first_page(seed: WordPress, window: Window | None) -> str:
    """The address of the newest posts, or of the newest of the window's days."""
    query = {"per_page": str(POSTS_A_PAGE)}
    if seed.full_text:
        query |= {"_embed": "author,wp:term,wp:featuredmedia", "_fields": _TEXT_FIELDS}
    else:
        query |= {"_fields": _FIELDS}
    query |= seed.query
    if window:
        # The API compares with the site's own time, whatever zone that is in; a day on either side is cut off again by
        # the posts' own instants. Both ends are left out of what it answers.
        query["after"] = f"{window.first - timedelta(days=1)}T00:00:00"
        query["before"] = f"{window.last + timedelta(days=2)}T00:00:00"
    return f"{seed.url}{'&' if '?' in seed.url else '?'}{urlencode(query)}"


def read_posts(seed: WordPress, outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> SeedDocument:
    """One page of posts, newest first; the next page if there may be one."""
    found = posts_in(body)
    if isinstance(found, str):
        return SeedDocument(problems=(f"no posts: {found}",), complete=False)
    collector = Collector(outlet, url)
    for one in found:
        if isinstance(one, dict):
            post = read_post(one, collector)
            collector.link(post.url, post.hints, full_text=seed.full_text and post.body is not None)
        else:
            collector.problem("a post that is no object")
    return collector.document(next_page=_next(url, headers) if found else None)


def posts_in(body: bytes) -> list[Any] | str:
    """The posts of an answer, or in a few words why there are none."""
    try:
        posts = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as wrong:
        return f"JSON that cannot be read ({wrong})"
    if isinstance(posts, list):
        return posts
    code = posts.get("code") if isinstance(posts, dict) else type(posts).__name__
    return f"the API answers {code!r}"


def read_post(post: dict[str, Any], collector: Collector) -> Post:
    """A post; its body only if it is the whole text of the article."""
    content = post.get("content")
    protected = isinstance(content, dict) and bool(content.get("protected"))
    body = None if protected else _rendered(content)
    hints = Hints(
        title=one_line(plain((_rendered(post.get("title")) or "")[:MAX_MARKUP])),
        published=collector.published(_zoned(post, "date"), DateSource.API),
        modified=collector.modified(_zoned(post, "modified")),
        language=primary_language(_text(post.get("lang"))),
        authors=unique_names(_text(one.get("name")) for one in _embedded(post, "author")),
        section=_section(post),
    )
    image = next((_text(one.get("source_url")) for one in _embedded(post, "wp:featuredmedia")), None)
    whole = body if is_whole(body, _rendered(post.get("excerpt"))) else None
    return Post(_text(post.get("link")) or "", hints, whole, image)


def _zoned(post: dict[str, Any], name: str) -> str | None:
    """`date` is in the site's own time, without an offset; `date_gmt` is in UTC, without saying so."""
    universal = _text(post.get(f"{name}_gmt"))
    return f"{universal}Z" if universal and not universal.startswith("0000") else _text(post.get(name))


def _embedded(post: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The objects that `_embed` brought along under a name; terms come in a list for each taxonomy."""
    embedded = post.get("_embedded")
    found = embedded.get(name) if isinstance(embedded, dict) else None
    for one in found if isinstance(found, list) else []:
        yield from (each for each in (one if isinstance(one, list) else [one]) if isinstance(each, dict))


def _section(post: dict[str, Any]) -> str | None:
    terms = (one for one in _embedded(post, "wp:term") if one.get("taxonomy") == "category")
    called = (one_line(plain(_text(one.get("name")))) for one in terms)
    return next((name for name in called if name and name.lower() not in _NO_SECTION), None)


def _rendered(value: Any) -> str | None:
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def page_number(url: str) -> int:
    """Return the page number in the query of a URL; 1 if there is none."""
    page = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)).get("page", "")
    return int(page) if _PAGE.fullmatch(page) else 1


def _next(url: str, headers: Mapping[str, str]) -> str | None:
    """The next page, unless the header says that this is the last. Where caches drop the header, it is tried."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    page, pages = page_number(url), headers.get("x-wp-totalpages", "").strip()
    if _PAGE.fullmatch(pages) and page >= int(pages):
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {"page": str(page + 1)})))

"""Posts of a WordPress site from its REST API: /wp-json/wp/v2/posts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from crawlers.outlet import Outlet
from storage.model import DateSource, Hints

from .feeds import MAX_MARKUP
from .seed_document import Collector, SeedDocument, one_line
from .xml import whole_text


def read_posts(outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str]) -> SeedDocument:
    """Read one page of posts, newest first, with the next page if the headers announce one."""
    try:
        posts = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as wrong:
        return SeedDocument(problems=(f"no posts: JSON that cannot be read ({wrong})",), complete=False)
    if not isinstance(posts, list):
        code = posts.get("code") if isinstance(posts, dict) else type(posts).__name__
        return SeedDocument(problems=(f"no posts: the API answers {code!r}",), complete=False)
    collector = Collector(outlet, url)
    for post in posts:
        if isinstance(post, dict):
            collector.link(_text(post.get("link")), _hints(post, collector))
        else:
            collector.problem("a post that is no object")
    return collector.document(next_page=_next(url, headers, len(posts)))


def _hints(post: dict[str, Any], collector: Collector) -> Hints:
    return Hints(
        title=one_line(_plain(_rendered(post.get("title")))),
        published=collector.published(_zoned(post, "date"), DateSource.API),
        modified=collector.modified(_zoned(post, "modified")),
    )


def _zoned(post: dict[str, Any], name: str) -> str | None:
    """Return the UTC field of a date with a Z, which the API leaves out, else the field in the site's local time."""
    universal = _text(post.get(f"{name}_gmt"))
    return f"{universal}Z" if universal and not universal.startswith("0000") else _text(post.get(name))


def _rendered(value: Any) -> str | None:
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _plain(text: str | None) -> str | None:
    fragment = etree.HTML(f"<p>{text[:MAX_MARKUP]}</p>") if text else None
    return whole_text(fragment) if fragment is not None else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _next(url: str, headers: Mapping[str, str], posts: int) -> str | None:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    page = int(query["page"]) if re.fullmatch(r"\d{1,6}", query.get("page", "")) else 1
    pages = headers.get("x-wp-totalpages", "")
    there_is_more = page < int(pages) if pages.isdigit() else posts >= 100
    if not there_is_more or not posts:
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {"page": str(page + 1)})))

"""The posts of a Ghost site by its content API: /ghost/api/content/posts/."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.outlet import Ghost, Outlet
from crawlers.window import Window
from storage.model import DateSource, Hints

from .full_text import Post, is_whole
from .seed_document import Collector, SeedDocument, one_line, unique_names

POSTS_A_PAGE = 100  # the API's own limit since Ghost 6


def first_page(seed: Ghost, window: Window | None) -> str:
    """The address of the newest posts, or of the newest of the window's days."""
    query = {
        "key": seed.key, "include": "authors,tags", "formats": "html", "order": "published_at desc",
        "limit": str(POSTS_A_PAGE), "page": "1",
    }  # fmt: skip
    if window:
        # The API compares in UTC; a day on either side is cut off again by the posts' own instants.
        since, until = window.first - dt.timedelta(days=1), window.last + dt.timedelta(days=2)
        query["filter"] = f"published_at:>='{since} 00:00:00'+published_at:<'{until} 00:00:00'"
    return f"{seed.url}{'&' if '?' in seed.url else '?'}{urlencode(query)}"


def read_posts(seed: Ghost, outlet: Outlet, url: str, body: bytes) -> SeedDocument:
    """One page of posts, newest first; the next page if the answer says that there is one."""
    found = posts_in(body)
    if isinstance(found, str):
        return SeedDocument(problems=(f"no posts: {found}",), complete=False)
    collector = Collector(outlet, url)
    for one in found["posts"]:
        if isinstance(one, dict):
            post = read_post(one, collector)
            collector.link(post.url, post.hints, full_text=seed.full_text and post.body is not None)
        else:
            collector.problem("a post that is no object")
    return collector.document(next_page=_next(url, found) if found["posts"] else None)


def posts_in(body: bytes) -> dict[str, Any] | str:
    """The answer, whose `posts` are a list; or in a few words why there is none."""
    try:
        answer = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as wrong:
        return f"JSON that cannot be read ({wrong})"
    if isinstance(answer, dict) and isinstance(answer.get("posts"), list):
        return answer
    errors = answer.get("errors") if isinstance(answer, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return f"the API answers {first.get('message') or first.get('type') or type(answer).__name__!r}"


def read_post(post: dict[str, Any], collector: Collector) -> Post:
    """A post; its body only if it is the whole text of the article, and not what is shown to those who did not pay."""
    body = _text(post.get("html")) if post.get("access") is not False else None
    hints = Hints(
        title=one_line(_text(post.get("title"))),
        published=collector.published(_text(post.get("published_at")), DateSource.API),
        modified=collector.modified(_text(post.get("updated_at"))),
        authors=unique_names(_text(one.get("name")) for one in _objects(post.get("authors"))),
        section=_section(post),
    )
    excerpt = _text(post.get("custom_excerpt")) or _text(post.get("excerpt"))
    return Post(
        _text(post.get("url")) or "", hints, body if is_whole(body, excerpt) else None, _text(post.get("feature_image"))
    )


def _section(post: dict[str, Any]) -> str | None:
    """The first tag that readers see; those that begin with # are the editors' own."""
    tags = _objects([post.get("primary_tag"), *_objects(post.get("tags"))])
    called = (one_line(_text(one.get("name"))) for one in tags if one.get("visibility") != "internal")
    return next((name for name in called if name and not name.startswith("#")), None)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _next(url: str, answer: dict[str, Any]) -> str | None:
    meta = answer.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    following = pagination.get("next") if isinstance(pagination, dict) else None
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not isinstance(following, int) or isinstance(following, bool) or not 1 < following < 1_000_000:
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {"page": str(following)})))

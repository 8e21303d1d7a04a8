"""Answers: HTML, JSON or RSS of the same values, with an ETag, so that what has not changed is not sent again."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response

from flows.rss import Item, rss

from . import chart, rows

_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
}


def answer(request: Request, body: bytes, form: str, status: int = 200) -> Response:
    """Return an answer, or 304 if the client has it already."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "no-cache"}  # kept, and asked for again each time
    if status == 200 and tag in _tags(request):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, _TYPES[form])


def _tags(request: Request) -> set[str]:
    given = request.headers.get("if-none-match", "")
    return {each.strip().removeprefix("W/") for each in given.split(",")}


def json_answer(request: Request, values: Any, status: int = 200) -> Response:
    """Return values as JSON."""
    return answer(request, rows.as_json(values), "json", status)


def html_answer(request: Request, template: str, values: dict[str, Any], status: int = 200) -> Response:
    """Return a page."""
    env = request.app.state.templates
    page = env.get_template(template).render(
        path=request.url.path, charts_of=chart.charts_of, may_leave=request.app.state.token is not None, **values
    )
    return answer(request, page.encode("utf-8", "replace"), "html", status)


def rss_answer(request: Request, title: str, articles: Any) -> Response:
    """Return articles as a feed."""
    base = str(request.base_url).rstrip("/")
    path = request.url.path.removesuffix(".rss")
    link = str(request.url.replace(path="/" if path == "/index" else path))
    feed = rss(title, link, f"{title}, from an archive kept by Pressrun", (_item(each, base) for each in articles))
    return answer(request, feed, "rss")


def _item(article: dict[str, Any], base: str) -> Item:
    address = f"{base}/articles/{article['id']}"
    return Item(
        article["title"], address, address, article["published_at"] or article["first_seen_at"], article["teaser"],
        category=article["section"], source=(article["url"], article["outlet_name"]),
    )  # fmt: skip

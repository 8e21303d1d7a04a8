"""The pages that an API's answer holds, as they are read again from the archive of raw answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from crawlers.outlet import Outlet
from storage.urls import canonical_url

from . import ghost, wordpress
from .full_text import Post, as_page
from .seed_document import Collector

ReadPost = Callable[[dict[str, Any], Collector], Post]


def pages_in_answer(outlet: Outlet, url: str, body: bytes) -> dict[str, bytes]:
    """Return the pages, as HTML by canonical URL, whose complete text is in an API's answer.

    Total: an answer that is none of an API that is known here, or holds no whole text, gives none.
    """
    collector = Collector(outlet, url)
    pages: dict[str, bytes] = {}
    for address, post, read in _posts(body, collector):
        found = read(post, collector)
        if found.body is not None:
            pages.setdefault(address, as_page(found))
    return pages


def page_in_answer(outlet: Outlet, url: str, body: bytes, page: str) -> bytes | None:
    """The one page of an API's answer that has this address; None if its whole text is not there."""
    collector, wanted = Collector(outlet, url), canonical_url(page)
    for address, post, read in _posts(body, collector):
        if address == wanted and (found := read(post, collector)).body is not None:
            return as_page(found)
    return None


def _posts(body: bytes, collector: Collector) -> Iterator[tuple[str, dict[str, Any], ReadPost]]:
    """Each post that has an address: its canonical form, the post as it came, and how it is read."""
    posts, name, read = _of_any_api(body)
    for post in posts:
        link = post.get(name) if isinstance(post, dict) else None
        address = collector.absolute(link) if isinstance(link, str) else None
        if address:
            yield canonical_url(address), post, read


def _of_any_api(body: bytes) -> tuple[list[Any], str, ReadPost]:
    """The posts, the name of their addresses, and how they are read; by the form of the answer."""
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        answer = ghost.posts_in(body)
        return ([] if isinstance(answer, str) else answer["posts"]), "url", ghost.read_post
    found = wordpress.posts_in(body)
    return ([] if isinstance(found, str) else found), "link", wordpress.read_post

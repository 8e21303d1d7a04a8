"""Which raw answers hold pages that are taken down: by their addresses, and by the forms in which lists write these."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, select

from storage.schema.tables import PageAddress
from storage.urls import canonical_url, url_key
from storage.warc import WantedAnswers

AT_ONCE = 10_000  # values in one statement


def answers_of_pages(c: Connection, pages: Sequence[Any]) -> WantedAnswers:
    """Return which answers hold these pages, given as rows with `id`, `url`, `canonical_url` and `final_url`."""
    keys: set[bytes] = set()
    led = select(PageAddress.url_key).where(PageAddress.declared.is_(False))
    for at in range(0, len(pages), AT_ONCE):
        ids = [page.id for page in pages[at : at + AT_ONCE]]
        keys |= set(c.execute(led.where(PageAddress.page_id.in_(ids))).scalars())
    names = {name for page in pages for name in _names(page)}
    return WantedAnswers(lambda url: _key(url) in keys, tuple(sorted(names)))


def _key(url: str) -> bytes:
    try:
        return url_key(canonical_url(url))
    except ValueError:
        return b""


def _names(page: Any) -> Iterator[bytes]:
    """Yield the forms in which JSON or XML may write a page's address: without its host, escaped or not."""
    for url in filter(None, (page.url, page.canonical_url, page.final_url)):
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        for tail in {parts.path.rstrip("/") + query, parts.path + query if query else ""} - {"", "/"}:  # the front page
            for form in (tail, unquote(tail)):
                yield from _written_forms(form)


def _written_forms(text: str) -> Iterator[bytes]:
    in_json = json.dumps(text)[1:-1]
    for form in (text, in_json, text.replace("&", "&amp;"), in_json.replace("&", "\\u0026")):
        yield form.encode()
        yield form.replace("/", "\\/").encode()

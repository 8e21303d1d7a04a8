"""A page of a harbour's paper, with what a test wants it to declare and show."""

from __future__ import annotations

import json
from collections.abc import Mapping

from crawlers.extraction import extract
from storage.model import Article

TEXT = [
    "The council of the harbour town voted on Tuesday to build a second pier for the ferries to the outer islands.",
    "The first stone is to be laid in spring, and the pier is to be finished before the summer of next year begins.",
    "Fishermen had asked for it for a decade, since the old pier is too short for boats of the size in use today.",
]


def page(
    h1: str = "Council votes for a second pier", *, ld: Mapping[str, object] | None = None, head: str = "", byline: str = "",
    before: str = "", after: str = "", text: list[str] = TEXT,
) -> bytes:  # fmt: skip
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2025-03-04T09:30:00+04:00"}
    script = f'<script type="application/ld+json">{json.dumps(data | dict(ld))}</script>' if ld is not None else ""
    paragraphs = "".join(f"<p>{one}</p>" for one in text)
    return (
        f'<!doctype html><html lang="en"><head>{head}{script}</head><body>{before}<article><h1>{h1}</h1>{byline}'
        f"<div class=story>{paragraphs}{after}</div></article></body></html>"
    ).encode()


def article(html: bytes, url: str = "https://www.pier.example/news/pier-1") -> Article:
    found = extract(html, url)
    assert isinstance(found, Article), found
    return found

"""Articles made ready for the store: what takes long and needs no lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storage import model as records
from storage.dedup.tokens import Wording, wording_of
from storage.schema.tables import in_range
from storage.text import clean_text, normalised_tokens, text_hash
from storage.urls import canonical_url, same_site, url_key


@dataclass(frozen=True, slots=True)
class Draft:
    """An article made ready for the store, before the transaction: columns, words, and the keys of its addresses."""

    fields: dict[str, Any]
    wording: Wording
    reached: frozenset[bytes]  # the page was met there: these decide whether it is a page that is known
    passed: frozenset[bytes]  # addresses on the way there
    declared: (
        bytes | None
    )  # what it says of itself: believed if title or text agree, since some sites always say the same


def draft_of(article: records.Article, addresses: Sequence[str] = (), final_url: str | None = None) -> Draft:
    """The article as columns and keys. `addresses`: all hops to it, in order."""
    reached = frozenset(_keys([article.url, *([final_url] if final_url else [])]))
    declared = article.canonical_url
    believable = declared is not None and same_site(declared, article.url)
    key = next(_keys([declared]), None) if believable and declared else None
    fields, passed = _fields(article), frozenset(_keys(addresses)) - reached
    return Draft(fields, wording_of(fields["text"]), reached, passed, None if key in reached else key)


def plainest(a: str, b: str) -> str:
    """The address that is nearer to its canonical form, if both are forms of one; else `b`."""
    try:
        canonical = canonical_url(a)
        if a == b or canonical != canonical_url(b):
            return b
    except ValueError:
        return b
    return min((b, a), key=lambda form: (_bare(form) != _bare(canonical), len(form)))


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address)


def _keys(addresses: Iterable[str]) -> Iterator[bytes]:
    for address in addresses:
        try:
            yield url_key(canonical_url(address))
        except ValueError:
            continue  # no address that a page could be known by


def _fields(article: records.Article) -> dict[str, Any]:
    text, published = clean_text(article.text), article.published
    if published and in_range(published.at) is None:
        published = None
    tokens = normalised_tokens(text)
    offset = published.at.utcoffset() if published else None
    return {
        "url": clean_text(article.url), "canonical_url": _short(article.canonical_url, 4000),
        "title": clean_text(article.title)[:1000], "text": text,
        "authors": [clean_text(author)[:200] for author in article.authors[:50]],
        "published_at": published.at if published else None,
        "published_offset": int(offset.total_seconds() // 60) if offset is not None else None,
        "published_precision": str(published.precision) if published else None,
        "published_source": str(published.source) if published else None,
        "published_raw": _short(published.raw, 200) if published else None, "language": _short(article.language, 12),
        "section": _short(article.section, 300), "image": _short(article.image, 4000),
        "credit": _short(article.credit, 300),
        "words": len(tokens), "text_hash": text_hash(tokens),
    }  # fmt: skip


def _short(value: str | None, most: int) -> str | None:
    return clean_text(value)[:most] if value else None

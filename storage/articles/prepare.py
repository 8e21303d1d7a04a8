"""Articles prepared for the store outside of the transaction: everything that takes long and needs no lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.article_fields import to_columns
from storage.dedup import TokenizedText, tokenize
from storage.model import Article
from storage.search import AnalysedText, analyse
from storage.text import normalised_tokens, text_hash
from storage.urls import canonical_url, same_site, url_key


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """An article as column values, tokens and terms of the search index, with the keys of its addresses.

    `reached_keys`: the addresses that answered with the article; they decide whether the page is known.
    `redirect_keys`: the addresses on the way there. `declared_key`: what the page says of itself; trusted only if title
    or text agree, since some sites declare one address for all pages.
    """

    columns: dict[str, Any]
    tokens: TokenizedText
    terms: AnalysedText
    reached_keys: frozenset[bytes]
    redirect_keys: frozenset[bytes]
    declared_key: bytes | None

    @property
    def claimed_keys(self) -> frozenset[bytes]:
        """The keys by which an article that is known already may be found."""
        return self.reached_keys | ({self.declared_key} if self.declared_key else set())


@dataclass(frozen=True, slots=True)
class IncomingArticle:
    """A prepared article and its page. `page`: a row with id, outlet_id and url_key."""

    page: Any
    prepared: PreparedArticle
    fetched_at: datetime


def prepare_article(article: Article, addresses: Sequence[str] = (), final_url: str | None = None) -> PreparedArticle:
    """Prepare an article. `addresses`: all redirect hops to it, in order."""
    reached = frozenset(_keys([article.url, *([final_url] if final_url else [])]))
    declared = _declared_key(article)
    columns = to_columns(article)
    counted = normalised_tokens(columns["text"])
    columns |= {"words": len(counted), "text_hash": text_hash(counted)}
    return PreparedArticle(
        columns,
        tokenize(columns["text"]),
        analyse(columns["title"], columns["text"], columns["language"]),
        reached,
        frozenset(_keys(addresses)) - reached,
        None if declared in reached else declared,
    )


def _declared_key(article: Article) -> bytes | None:
    declared = article.canonical_url
    if not declared or not same_site(declared, article.url):
        return None
    return next(_keys([declared]), None)


def preferred_url(url: str, other: str) -> str:
    """Return the address that is nearer to its canonical form, if both are forms of one; else `other`."""
    try:
        canonical = canonical_url(url)
        if url == other or canonical != canonical_url(other):
            return other
    except ValueError:
        return other
    return min((other, url), key=lambda form: (_bare(form) != _bare(canonical), len(form)))


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address)


def _keys(addresses: Iterable[str]) -> Iterator[bytes]:
    for address in addresses:
        try:
            yield url_key(canonical_url(address))
        except ValueError:
            continue  # not an address under which a page could be known

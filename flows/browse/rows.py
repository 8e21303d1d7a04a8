"""Articles, outlets and runs as JSON values. Templates get the same values."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from storage.articles import Provenance, SearchHit, StoredArticle, as_row
from storage.frontier import PastRun

_SPACE = re.compile(r"\s+")
TEASER = 260  # characters


def brief(article: StoredArticle) -> dict[str, Any]:
    """Return what lists say of an article."""
    return {
        "id": article.id, "title": article.title, "url": article.url, "outlet": article.outlet,
        "outlet_name": article.outlet_name, "published_at": article.published_at,
        "published_precision": article.published_precision, "first_seen_at": article.first_seen_at,
        "language": article.language, "section": article.section, "credit": article.credit,
        "authors": list(article.authors), "words": article.words, "duplicate_of": article.duplicate_of,
        "teaser": teaser(article.text),
    }  # fmt: skip


def hit(found: SearchHit) -> dict[str, Any]:
    """Return what search results say of an article. Snippets are stretches, and whether each is a match."""
    return brief(found.article) | {
        "score": round(found.score, 4), "marked_title": found.title.parts, "snippet": found.snippet.parts,
        "copies": found.copies, "copied_by": list(found.copied_by),
    }  # fmt: skip


def full(article: StoredArticle) -> dict[str, Any]:
    """Return an article with all its fields, as exports have them, and its outlet's name."""
    return as_row(article) | {"outlet_name": article.outlet_name}


def provenance_row(found: Provenance | None) -> dict[str, Any] | None:
    """Return how the page was found and fetched."""
    return asdict(found) if found else None


def run_row(run: PastRun, living: frozenset[int]) -> dict[str, Any]:
    """Return what lists say of a run."""
    names = ("id", "outlet", "kind", "started_at", "ended_at", "error", "new")
    return {name: getattr(run, name) for name in names} | {"state": run.state_now(living)}


def teaser(text: str) -> str:
    """Return the beginning of a text, at the end of a word."""
    start = _SPACE.sub(" ", text[: 2 * TEASER]).strip()
    return start if len(start) <= TEASER else f"{start[:TEASER].rpartition(' ')[0] or start[:TEASER]} …"


def direction(text: str | None) -> str:
    """Return `rtl` for a text whose first strong letter is written from right to left, else `ltr`."""
    for letter in (text or "")[:500]:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def as_json(value: Any) -> bytes:
    """Return the JSON of a value; instants and days in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, default=_plain, separators=(",", ":")).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)

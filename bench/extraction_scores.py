"""How well answers agree with what people say of the pages.

Body F1 is that of the article-extraction-benchmark: four-word shingles as multisets, precision and recall a page, F1 of
the two means. Titles are equal after folding case, quotes, dashes and white space; authors as sets of names; days in
the page's offset or in UTC; instants within a minute.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

_QUOTES = str.maketrans(
    {**dict.fromkeys("‘’‚‛′`", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‐‑‒–—―", "-"), "\u00ad": None}
)


def scores(rows: list[dict[str, Any]], found: dict[str, dict[str, Any]]) -> dict[str, float | None]:
    """Shares of pages, 0 to 1, but for body F1; None where no page has a truth of the kind."""
    hits: dict[str, list[bool]] = {name: [] for name in ("title", "authors", "nobody", "day", "instant", "answered")}
    bodies = []
    for row in rows:
        truth, got = row["truth"], found.get(row["id"], {})
        if truth.get("text"):
            bodies.append(overlap(truth["text"], got.get("text") or ""))
            hits["answered"].append(bool(got.get("text")))
        if truth.get("title"):
            hits["title"].append(fold(truth["title"]) == fold(got.get("title")))
        if truth.get("authors"):
            hits["authors"].append(names(truth["authors"]) == names(got.get("authors")))
        elif "authors" in truth:
            hits["nobody"].append(not got.get("authors"))
        if (want := instant(truth.get("published_at"))) is not None:
            have = instant(got.get("published_at"))
            hits["day"].append(bool(have and days(want) & days(have)))
            if want.tzinfo is not None and truth.get("precision") != "day":
                near = have is not None and have.tzinfo is not None and abs((have - want).total_seconds()) < 60
                hits["instant"].append(near)
    shares = {name: sum(marks) / len(marks) if marks else None for name, marks in hits.items()}
    return {"body F1": _f1(bodies), **shares}


def overlap(want: str, got: str) -> tuple[float, float]:
    """(precision, recall) of four-word shingles; precision is 1 where nothing was said."""
    truth, said = _shingles(want), _shingles(got)
    both = (truth & said).total()
    return (both / said.total() if said else 1.0, both / truth.total() if truth else 1.0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def _f1(bodies: list[tuple[float, float]]) -> float | None:
    if not bodies:
        return None
    precision, recall = (sum(values) / len(bodies) for values in zip(*bodies, strict=True))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def fold(text: object) -> str:
    plain = unicodedata.normalize("NFKC", str(text or "")).translate(_QUOTES)
    return re.sub(r"\s+", " ", plain).strip().casefold()


def names(value: Any) -> set[str]:
    value = re.split(r"\s*[;,]\s*|\s+and\s+", value) if isinstance(value, str) else value or []
    return {bare for name in value if (bare := re.sub(r"\W", "", fold(name)))}


def instant(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value).strip()) if value else None
    except ValueError:
        return None


def days(at: datetime) -> set[date]:
    return {at.date(), at.astimezone(UTC).date()} if at.tzinfo else {at.date()}

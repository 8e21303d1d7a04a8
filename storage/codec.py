"""Hints as JSON, as the ledger stores them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from storage.model import DateSource, Hints, Precision, Published
from storage.text import clean_text


def hints_to_json(hints: Hints) -> dict[str, Any]:
    """Only what is there, so that most rows stay small."""
    out = {name: _cleaned(value) for name, value in asdict(hints).items() if value}
    if hints.modified:
        out["modified"] = hints.modified.isoformat()
    if hints.published:
        out["published"] = {
            "at": hints.published.at.isoformat(), "precision": str(hints.published.precision),
            "source": str(hints.published.source), "raw": clean_text(hints.published.raw)[:200],
        }  # fmt: skip
    return out


def _cleaned(value: Any) -> Any:
    """Text that both databases can hold; PostgreSQL refuses NUL in JSON too."""
    if isinstance(value, str):
        return clean_text(value)
    return [clean_text(one) for one in value] if isinstance(value, tuple) else value


def hints_from_json(raw: dict[str, Any]) -> Hints:
    published = raw.get("published")
    return Hints(
        title=raw.get("title"),
        published=Published(
            at=datetime.fromisoformat(published["at"]),
            precision=Precision(published["precision"]),
            source=DateSource(published["source"]),
            raw=published["raw"],
        )
        if published
        else None,
        modified=datetime.fromisoformat(raw["modified"]) if raw.get("modified") else None,
        language=raw.get("language"),
        authors=tuple(raw.get("authors", ())),
        section=raw.get("section"),
    )

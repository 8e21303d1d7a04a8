"""Hints as JSON, as the ledger keeps them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from .records import DateSource, Hints, Precision, Published


def hints_to_json(hints: Hints) -> dict[str, Any]:
    """Only what is there, so that most rows stay small."""
    out = {name: value for name, value in asdict(hints).items() if value}
    if hints.modified:
        out["modified"] = hints.modified.isoformat()
    if hints.published:
        out["published"] = asdict(hints.published) | {"at": hints.published.at.isoformat()}
    return out


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

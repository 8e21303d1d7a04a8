"""Instants that both databases can hold."""

from __future__ import annotations

from datetime import UTC, datetime


def in_range(at: datetime | None) -> datetime | None:
    """Return the instant; None if its year does not exist in UTC. Such dates occur in real feeds."""
    try:
        return at.astimezone(UTC) and at if at else None
    except OverflowError:
        return None

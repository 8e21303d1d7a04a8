"""The tables of coverage gaps, health findings and saved searches: what reports and messages are made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, String, text

from storage.schema.base import Base, BigId, one_of
from storage.schema.columns import Mapped, mapped_column

GAP_CLOSED = ("counter", "backfill", "archive")
_OPEN = text("closed_at IS NULL")
_UNTOLD = text("told_at IS NULL")


class Gap(Base):
    """A span in which a seed may have announced pages that no run has seen, or ids of a counter not requested yet."""

    __tablename__ = "gaps"
    __table_args__ = (
        CheckConstraint(one_of("closed_how", GAP_CLOSED), name="gaps_closed_how"),
        Index("gaps_open", "outlet_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"))
    seed_url: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    first_number: Mapped[int | None] = mapped_column(BigInteger)  # ids of the counter that are left to request
    last_number: Mapped[int | None] = mapped_column(BigInteger)
    found_at: Mapped[datetime]
    run_id: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]
    closed_how: Mapped[str | None] = mapped_column(String(12))


class Finding(Base):
    """Something odd about an outlet. Open until a run finds it no more; at most one of a kind is open."""

    __tablename__ = "findings"
    __table_args__ = (
        Index("findings_open", "outlet_id", "kind", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("findings_untold", "outlet_id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"))
    kind: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(8))
    since: Mapped[date]
    evidence: Mapped[str]
    advice: Mapped[str]
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # the last run that found it
    closed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]  # its last change was told; NULL: it is still to be told


class Watch(Base):
    """A saved search. Articles up to the id `seen_id`, as they were at `seen_at`, have been looked through."""

    __tablename__ = "watches"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    filters: Mapped[dict[str, Any]]
    destinations: Mapped[list[str]]  # URLs of messengers; they may hold passwords
    daily: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime]
    seen_id: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    teller_until: Mapped[datetime | None]  # a process is sending its messages, at most until then


class WatchStory(Base):
    """A story that a saved search has found: an article without its copies. Found once, told once."""

    __tablename__ = "watch_stories"
    __table_args__ = (Index("watch_stories_waiting", "watch", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),)
    watch: Mapped[str] = mapped_column(String(80), ForeignKey("watches.name"), primary_key=True)
    story_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # of its original
    found_at: Mapped[datetime]
    sent_to: Mapped[list[str]]  # hashes of the destinations that have it
    told_at: Mapped[datetime | None]  # every destination has it; NULL: it is still to be sent

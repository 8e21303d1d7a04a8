"""The tables of the ledger: outlets, their runs and seeds, and every page with its one outcome."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)

from storage.schema.base import Base, BigId, one_of
from storage.schema.columns import Mapped, mapped_column

STATES = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed", "waiting")
RUN_STATES = ("running", "completed", "stopped", "failed", "died")
_RUNNING = text("state = 'running'")
_HAS_MORE = text("next_at IS NOT NULL")
_LEASED = text("lease_run_id IS NOT NULL")
_NO_ARTICLE = text("article_id IS NULL")
_NUMBERED = text("number IS NOT NULL")


class Outlet(Base):
    __tablename__ = "outlets"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str]
    first_seen_at: Mapped[datetime]
    articles: Mapped[int] = mapped_column(server_default="0")  # stored so far, without copies: the clock of `passages`
    numbered_to: Mapped[int] = mapped_column(BigInteger, server_default="0")  # pages up to this id have their `number`
    walked_to: Mapped[int | None] = mapped_column(BigInteger)  # numbers up to this one are pages, or in a gap
    removed_at: Mapped[datetime | None]  # it was taken down as a whole, and is not crawled again


class Run(Base):
    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(one_of("state", RUN_STATES), name="runs_state"),
        # The hold: the database allows one running run for each outlet.
        Index("runs_hold", "outlet_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outlet_id: Mapped[str | None] = mapped_column(String(120), ForeignKey("outlets.id"), index=True)  # NULL: an import
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    host: Mapped[str]
    machine: Mapped[str]  # boot of the machine and namespace of process ids, in which `pid` is valid
    pid: Mapped[int]
    pid_started: Mapped[float] = mapped_column(Float)
    parameters: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    flow_run_id: Mapped[str | None]


class Seed(Base):
    __tablename__ = "seeds"
    __table_args__ = (UniqueConstraint("outlet_id", "url_hash"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"))
    kind: Mapped[str] = mapped_column(String(20))
    url: Mapped[str]
    url_hash: Mapped[bytes]
    parent_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    fetched_at: Mapped[datetime | None]  # NULL: another document led to it, and it was never read
    status: Mapped[int | None]
    entries: Mapped[int]
    newest_at: Mapped[datetime | None]  # of the dated links of the last answer
    oldest_at: Mapped[datetime | None]
    problem: Mapped[str | None]


class SeedPoll(Base):
    """What polls have learned of a seed, and when it is asked next."""

    __tablename__ = "seed_polls"
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"), primary_key=True)
    url_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    url: Mapped[str]
    polled_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]  # the last poll that was answered
    next_poll_at: Mapped[datetime]
    interval: Mapped[float] = mapped_column(Float)  # seconds
    floor: Mapped[float] = mapped_column(Float)  # seconds: the shortest interval that its server or feed permits
    rate: Mapped[float | None] = mapped_column(Float)  # highest recent number of new links an hour
    depth: Mapped[int]  # links in the document
    failures: Mapped[int]  # in a row
    last_new_at: Mapped[datetime | None]


class Page(Base):
    __tablename__ = "pages"
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), name="pages_state"),
        CheckConstraint("lane IN ('news', 'past')", name="pages_lane"),
        # Read backwards they give the newest first without sorting. Pages with nothing more to do are not in them.
        Index("pages_due", "outlet_id", "lane", "dated_at", "id", sqlite_where=_HAS_MORE, postgresql_where=_HAS_MORE),
        Index("pages_seen_due", "seen_run_id", "dated_at", "id", sqlite_where=_HAS_MORE, postgresql_where=_HAS_MORE),
        Index("pages_by_state", "outlet_id", "state"),
        Index("pages_leased", "lease_run_id", sqlite_where=_LEASED, postgresql_where=_LEASED),
        Index("pages_by_article", "article_id"),
        Index(
            "pages_by_number", "outlet_id", "number", unique=True, sqlite_where=_NUMBERED, postgresql_where=_NUMBERED
        ),
        # Completeness by day. The day of a page with an article is in `articles_by_outlet`.
        Index("pages_without_article", "outlet_id", "dated_at", sqlite_where=_NO_ARTICLE, postgresql_where=_NO_ARTICLE),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"))
    url_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    url: Mapped[str]
    canonical_url: Mapped[str]
    number: Mapped[int | None] = mapped_column(BigInteger)  # its id by the outlet's counter
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    lane: Mapped[str] = mapped_column(String(8))
    seed_kind: Mapped[str | None] = mapped_column(String(20))
    seed_url: Mapped[str | None]
    discovered_at: Mapped[datetime]
    discovered_run_id: Mapped[int] = mapped_column(BigInteger)
    seen_run_id: Mapped[int] = mapped_column(BigInteger)  # the last run that announced it while it was to be fetched
    hints: Mapped[dict[str, Any]]
    dated_at: Mapped[datetime]  # best known date, for the order of leasing; UNDATED if there is none
    modified_at: Mapped[datetime | None]  # the newest edit that a seed has claimed, trusted or not
    attempts: Mapped[int]
    next_at: Mapped[datetime | None]  # when it is due; NULL: nothing more to do
    looks: Mapped[int]
    lease_run_id: Mapped[int | None] = mapped_column(BigInteger)
    lease_alone: Mapped[bool] = mapped_column(Boolean)
    deaths: Mapped[int]
    solo_deaths: Mapped[int]
    fetched_at: Mapped[datetime | None]
    http_status: Mapped[int | None]
    final_url: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    article_id: Mapped[int | None] = mapped_column(BigInteger)
    fetch_url: Mapped[str | None]  # where it is fetched from instead: its capture in a web archive
    full_text: Mapped[bool | None]  # true: it needs no fetch, since the answer at `warc_*` holds its text
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    warc_length: Mapped[int | None] = mapped_column(BigInteger)


class PageAddress(Base):
    """Every form of a page's address: its own, those that answered, and the one that it declares (may be wrong)."""

    __tablename__ = "page_addresses"
    url_key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    page_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("pages.id"), primary_key=True, index=True)
    declared: Mapped[bool] = mapped_column(Boolean)  # only declared by the page (rel=canonical)


class Host(Base):
    __tablename__ = "hosts"
    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    paused_until: Mapped[datetime | None]
    cause: Mapped[str | None]
    failures: Mapped[int]


class BackfillWindow(Base):
    __tablename__ = "windows"
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"), primary_key=True)
    first: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[date] = mapped_column(Date, primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger)
    done_at: Mapped[datetime]

"""The tables. docs/storage.md explains them; a test holds them against the migrations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON, BigInteger, Boolean, Date, DateTime, Float, ForeignKey, Index, Integer, LargeBinary, String, Text,
    TypeDecorator, UniqueConstraint,
)  # fmt: skip
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in INTEGER keys


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. A naive one is refused: nobody knows when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}; every instant in the store is aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's way to declare it
        datetime: Instant,
        str: Text,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[str]: JSON,
        date: Date,
    }


class Outlet(Base):
    __tablename__ = "outlets"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    name: Mapped[str]
    first_seen_at: Mapped[datetime]
    held_by_run: Mapped[int | None] = mapped_column(BigInteger)


class Run(Base):
    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outlet_id: Mapped[str | None] = mapped_column(String(120), ForeignKey("outlets.id"), index=True)  # null: an import
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    host: Mapped[str]
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
    fetched_at: Mapped[datetime | None]  # null: another document led here, but it was never read
    status: Mapped[int | None]
    entries: Mapped[int]
    problem: Mapped[str | None]


class Page(Base):
    __tablename__ = "pages"
    __table_args__ = (
        Index("pages_due", "outlet_id", "next_at"),
        Index("pages_by_state", "outlet_id", "state"),
        Index("pages_leased", "lease_run_id"),
        Index("pages_by_article", "article_id"),
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"))
    url_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    url: Mapped[str]
    canonical_url: Mapped[str]
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    lane: Mapped[str] = mapped_column(String(8))
    seed_kind: Mapped[str | None] = mapped_column(String(20))
    seed_url: Mapped[str | None]
    discovered_at: Mapped[datetime]
    discovered_run_id: Mapped[int] = mapped_column(BigInteger)
    seen_run_id: Mapped[int] = mapped_column(BigInteger)
    hints: Mapped[dict[str, Any]]
    dated_at: Mapped[datetime | None]
    modified_at: Mapped[datetime | None]
    attempts: Mapped[int]
    next_at: Mapped[datetime | None]
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
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    warc_length: Mapped[int | None] = mapped_column(BigInteger)


class PageAddress(Base):
    __tablename__ = "page_addresses"
    url_key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    page_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("pages.id"), index=True)


class Article(Base):
    __tablename__ = "articles"
    __table_args__ = (Index("articles_by_outlet", "outlet_id", "published_at"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    page_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("pages.id"), unique=True)
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"))
    url: Mapped[str]
    canonical_url: Mapped[str | None]
    title: Mapped[str]
    text: Mapped[str]
    authors: Mapped[list[str]]
    published_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    published_offset: Mapped[int | None]
    published_precision: Mapped[str | None] = mapped_column(String(10))
    published_source: Mapped[str | None] = mapped_column(String(20))
    published_raw: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(12))
    section: Mapped[str | None]
    image: Mapped[str | None]
    credit: Mapped[str | None]
    words: Mapped[int]
    text_hash: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    duplicate_of: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("articles.id"), index=True)
    relation: Mapped[str | None] = mapped_column(String(20))
    similarity: Mapped[float | None] = mapped_column(Float)


class Copy(Base):
    """The evidence for `articles.duplicate_of`."""

    __tablename__ = "copies"
    article_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("articles.id"), primary_key=True)
    original_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("articles.id"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    similarity: Mapped[float] = mapped_column(Float)
    containment: Mapped[float] = mapped_column(Float)
    rule: Mapped[str] = mapped_column(String(40))
    rule_version: Mapped[int]
    found_at: Mapped[datetime]
    by_hand: Mapped[bool] = mapped_column(Boolean)


class Revision(Base):
    __tablename__ = "revisions"
    article_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("articles.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    seen_from: Mapped[datetime]
    replaced_at: Mapped[datetime]


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

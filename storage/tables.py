"""The tables. What each column promises stands here and, for readers, in docs/storage.md."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, LargeBinary, MetaData, UniqueConstraint, false, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.instants import Id, Instant, Json

STATES = ("waiting", "leased", "stored", "unchanged", "duplicate", "rejected", "gone", "failed")
HELD = ("stored", "unchanged", "duplicate")  # a page in one of these points at an article
RUN_STATES = ("running", "completed", "stopped", "failed", "died")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        date: Date(),
        bytes: LargeBinary(),
        float: Float(),
        dict[str, Any]: Json,
        list[str]: Json,
    }


class Outlet(Base):
    """Whoever publishes: an outlet file's id, or the host of imported articles that have none."""

    __tablename__ = "outlets"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    added_at: Mapped[datetime]


class RunRow(Base):
    """One run of one outlet. The row in state `running` is the outlet's hold: the database allows one."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(_one_of("state", RUN_STATES), name="state"),
        Index("ix_runs_hold", "outlet_id", unique=True, sqlite_where=text("state = 'running'"), postgresql_where=text("state = 'running'")),
        Index("ix_runs_outlet_id_started_at", "outlet_id", "started_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id"))
    kind: Mapped[str]
    state: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    flow_run_id: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    host: Mapped[str]
    machine: Mapped[str]  # this boot of this machine, and its process namespace: where `pid` means something
    pid: Mapped[int]
    pid_started: Mapped[float]  # seconds since 1970; a pid alone is used again
    beat_at: Mapped[datetime]
    counts: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error: Mapped[str | None]


class SeedRow(Base):
    """A seed document that was asked for, with the validators of its last complete answer."""

    __tablename__ = "seeds"
    __table_args__ = (UniqueConstraint("outlet_id", "key"), Index("ix_seeds_outlet_id_parent_key", "outlet_id", "parent_key"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id"))
    key: Mapped[bytes]  # of the address exactly as given: PostgreSQL's index takes no long text
    kind: Mapped[str]
    url: Mapped[str]
    parent_key: Mapped[bytes | None]
    parent_url: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    fetched_at: Mapped[datetime]
    status: Mapped[int | None]
    entries: Mapped[int]
    problem: Mapped[str | None]


_HAS_MORE = text("next_at IS NOT NULL")


class Page(Base):
    """The ledger: one row for each page that was ever announced."""

    __tablename__ = "pages"
    __table_args__ = (
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint("lane IN ('news', 'past')", name="lane"),
        Index("ix_pages_outlet_id_state", "outlet_id", "state"),
        Index("ix_pages_due", "outlet_id", "lane", "dated_at", sqlite_where=_HAS_MORE, postgresql_where=_HAS_MORE),
        Index("ix_pages_seen_due", "seen_run_id", "dated_at", sqlite_where=_HAS_MORE, postgresql_where=_HAS_MORE),
        Index("ix_pages_article_id", "article_id"),
        Index("ix_pages_lease_run_id", "lease_run_id", sqlite_where=text("lease_run_id IS NOT NULL"), postgresql_where=text("lease_run_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id"))
    url_key: Mapped[bytes] = mapped_column(unique=True)  # of the canonical address
    url: Mapped[str]  # what is fetched: the address as it was announced
    host: Mapped[str]
    state: Mapped[str]
    state_before: Mapped[str | None]  # while leased: what a page that is put back goes back to
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    lane: Mapped[str]
    seed_id: Mapped[int | None] = mapped_column(Id, ForeignKey("seeds.id"))
    discovered_run_id: Mapped[int | None] = mapped_column(Id, ForeignKey("runs.id"))
    discovered_at: Mapped[datetime]
    seen_run_id: Mapped[int | None] = mapped_column(Id)  # the last run that announced it while it had something to do
    hints: Mapped[dict[str, Any]]
    dated_at: Mapped[datetime]  # best known date, or when it was discovered: the order of leasing
    modified: Mapped[datetime | None]  # the newest change that a seed has claimed, believed or not
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]  # when it is due; NULL: nothing more to do
    lease_run_id: Mapped[int | None] = mapped_column(Id, ForeignKey("runs.id"))
    leased_at: Mapped[datetime | None]
    lease_alone: Mapped[bool] = mapped_column(default=False)
    deaths: Mapped[int] = mapped_column(default=0)  # runs that died while holding it
    solo_deaths: Mapped[int] = mapped_column(default=0)  # ... while holding nothing else
    fetched_at: Mapped[datetime | None]
    http_status: Mapped[int | None]
    final_url: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    article_id: Mapped[int | None] = mapped_column(Id, ForeignKey("articles.id", use_alter=True))
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(Id)
    warc_length: Mapped[int | None] = mapped_column(Id)


class PageAddress(Base):
    """Another form of a page's address: where it redirected to, what it declares as canonical."""

    __tablename__ = "page_addresses"
    __table_args__ = (Index("ix_page_addresses_page_id", "page_id"),)

    url_key: Mapped[bytes] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(Id, ForeignKey("pages.id"))
    url: Mapped[str]
    sure: Mapped[bool]  # the page was really met there; False: only passed on the way, says nothing of what is there


class ArticleRow(Base):
    """The clean record of a page; `duplicate_of`, `relation` and `similarity` repeat its row in `copies`."""

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_text_hash_duplicate_of", "text_hash", "duplicate_of"),
        Index("ix_articles_outlet_id_published_at", "outlet_id", "published_at"),
        Index("ix_articles_published_at", "published_at"),
        Index("ix_articles_duplicate_of", "duplicate_of", sqlite_where=text("duplicate_of IS NOT NULL"), postgresql_where=text("duplicate_of IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    page_id: Mapped[int] = mapped_column(Id, ForeignKey("pages.id"), unique=True)  # the page that holds it
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id"))
    url: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    authors: Mapped[list[str]]
    published_at: Mapped[datetime | None]
    published_offset: Mapped[int | None]  # minutes east of UTC, as the outlet gave it
    published_precision: Mapped[str | None]
    published_source: Mapped[str | None]
    published_raw: Mapped[str | None]
    language: Mapped[str | None]
    section: Mapped[str | None]
    image: Mapped[str | None]
    credit: Mapped[str | None]
    canonical_url: Mapped[str | None]
    text_hash: Mapped[bytes]  # of the normalised tokens
    tokens: Mapped[int]
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]  # when its text or title last changed
    duplicate_of: Mapped[int | None] = mapped_column(Id, ForeignKey("articles.id"))
    relation: Mapped[str | None]
    similarity: Mapped[float | None]


class CopyRow(Base):
    """Why an article counts as a copy, and of what: the evidence, so that it can be judged again or undone."""

    __tablename__ = "copies"
    __table_args__ = (CheckConstraint("article_id <> original_id", name="not_itself"), Index("ix_copies_original_id", "original_id"))

    article_id: Mapped[int] = mapped_column(Id, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    original_id: Mapped[int] = mapped_column(Id, ForeignKey("articles.id"))
    relation: Mapped[str]
    similarity: Mapped[float]
    containment: Mapped[float | None]
    rule: Mapped[str]
    rule_version: Mapped[int]
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    found_at: Mapped[datetime]


class RevisionRow(Base):
    """An earlier text of an article. `seq` counts from 1, the oldest."""

    __tablename__ = "revisions"
    __table_args__ = (Index("ix_revisions_text_hash", "text_hash"),)

    article_id: Mapped[int] = mapped_column(Id, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[bytes]
    seen_at: Mapped[datetime]  # when this text was first seen
    replaced_at: Mapped[datetime]  # when another was seen in its place


class HostRow(Base):
    """A host that is left alone for now, or was lately."""

    __tablename__ = "hosts"

    host: Mapped[str] = mapped_column(primary_key=True)
    paused_until: Mapped[datetime | None]
    failures: Mapped[int]  # pauses in a row without an answer between them
    reason: Mapped[str | None]
    changed_at: Mapped[datetime]


class WindowRow(Base):
    """Days of an outlet's past that a backfill has gone through, both ends included."""

    __tablename__ = "windows"

    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlets.id"), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[date] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(Id, ForeignKey("runs.id"))
    done_at: Mapped[datetime]

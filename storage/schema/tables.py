"""The tables. docs/storage.md explains them; a test compares them with the migrations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)  # fmt: skip

from storage.article_fields import KINDS, LISTS, Kind
from storage.schema.columns import Mapped, TableClass, mapped_column

GAP_CLOSED = ("counter", "backfill", "archive")
STATES = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed", "waiting")
RUN_STATES = ("running", "completed", "stopped", "failed", "died")
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # `dated_at` of a page without a date: it comes after all dated ones

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite increments only INTEGER keys


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. A naive one raises ValueError: its instant is not known."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}; every instant in the store is aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _ddl(statement: str) -> Any:
    return DDL(statement)  # type: ignore[no-untyped-call]


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


_RUNNING = text("state = 'running'")
_HAS_MORE = text("next_at IS NOT NULL")
_LEASED = text("lease_run_id IS NOT NULL")
_NO_ARTICLE = text("article_id IS NULL")
_IS_COPY = text("duplicate_of IS NOT NULL")
_RECURS = text("seen >= 2")
_NUMBERED = text("number IS NOT NULL")
_OPEN = text("closed_at IS NULL")
_UNTOLD = text("told_at IS NULL")


class Base(TableClass):
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
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
    articles: Mapped[int] = mapped_column(server_default="0")  # stored so far, without copies: the clock of `passages`
    numbered_to: Mapped[int] = mapped_column(BigInteger, server_default="0")  # pages up to this id have their `number`
    walked_to: Mapped[int | None] = mapped_column(BigInteger)  # numbers up to this one are pages, or in a gap
    removed_at: Mapped[datetime | None]  # it was taken down as a whole, and is not crawled again


class Run(Base):
    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(_one_of("state", RUN_STATES), name="runs_state"),
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
        CheckConstraint(_one_of("state", STATES), name="pages_state"),
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


class Article(Base):
    __tablename__ = "articles"
    __table_args__ = (
        Index("articles_by_outlet", "outlet_id", "published_at"),
        Index("articles_by_text", "text_hash", "duplicate_of"),
        Index("articles_copies", "duplicate_of", sqlite_where=_IS_COPY, postgresql_where=_IS_COPY),
        Index("articles_by_change", "changed_at", "id"),
        Index("articles_by_quality", "quality", "id"),
        # The stories of a day and the copies of each outlet, without reading articles.
        Index(
            "articles_copies_by_day",
            "published_at",
            "duplicate_of",
            "outlet_id",
            sqlite_where=_IS_COPY,
            postgresql_where=_IS_COPY,
        ),
    )
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
    quality: Mapped[float | None] = mapped_column(Float)
    words: Mapped[int]
    text_hash: Mapped[bytes]  # of the normalised words
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    duplicate_of: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("articles.id"))
    relation: Mapped[str | None] = mapped_column(String(20))
    similarity: Mapped[float | None] = mapped_column(Float)
    fingerprint_version: Mapped[int | None]  # of its rows in `fingerprints`; NULL: it has none yet


for _name, _kind in KINDS.items():
    # Columns that code refers to by name are declared above. A new field of the model gets its column here.
    if _name not in Article.__table__.columns and _kind is not Kind.PUBLISHED:
        Article.add_column(_name, mapped_column(JSON(none_as_null=True) if _kind in LISTS else Text))


class Copy(Base):
    """The evidence for `articles.duplicate_of`."""

    __tablename__ = "copies"
    __table_args__ = (CheckConstraint("article_id <> original_id", name="copies_not_itself"),)
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
    text_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)  # to find copies of the earlier text
    seen_from: Mapped[datetime]
    replaced_at: Mapped[datetime]


class ArticleChange(Base):
    """The last change of an article, written by triggers: new, edited, another original, removed.

    Numbers grow in the order in which changes become visible. An article that is not there any more was removed.
    """

    __tablename__ = "article_changes"
    __table_args__ = (UniqueConstraint("article_id"), {"sqlite_autoincrement": True})  # a number is never used again
    number: Mapped[int] = mapped_column(BigId, primary_key=True)
    article_id: Mapped[int] = mapped_column(BigInteger)


class RemovedText(Base):
    """The hash of a text that was taken down: its outlet's pages with this text are refused."""

    __tablename__ = "removed_texts"
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"), primary_key=True)
    text_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    removed_at: Mapped[datetime]


class ManualDecision(Base):
    """A person's decision about two articles: the same piece of news, or not. No rule changes it."""

    __tablename__ = "hand_decisions"
    __table_args__ = (CheckConstraint("first_id < second_id", name="hand_decisions_order"),)
    first_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("articles.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("articles.id"), primary_key=True, index=True)
    together: Mapped[bool] = mapped_column(Boolean)
    decided_at: Mapped[datetime]


class Passage(Base):
    """Lines of an outlet's articles, by a hash of their words. Lines that recur are boilerplate; others are deleted."""

    __tablename__ = "passages"
    __table_args__ = (
        Index("passages_recurring", "outlet_id", "hash", sqlite_where=_RECURS, postgresql_where=_RECURS),
        {"sqlite_with_rowid": False},
    )
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"), primary_key=True)
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seen: Mapped[int]  # articles that held it
    last_seen: Mapped[int]  # `outlets.articles` when the last of them came


# The smallest hashes of each text's shingles. In SQLite the table is its own index; PostgreSQL's heap with an index on
# the hash alone is a seventh smaller than one with a primary key, and as fast.
fingerprints = Table(
    "fingerprints",
    Base.metadata,
    Column("hash", BigInteger, nullable=False),
    Column("article_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("hash", "article_id").ddl_if(dialect="sqlite"),
    Index("fingerprints_by_hash", "hash").ddl_if(dialect="postgresql"),
    sqlite_with_rowid=False,
)


class SearchDocument(Base):
    """An article that is in the search index. The index itself, `search_index`, is storage.search's own."""

    __tablename__ = "search_documents"
    __table_args__ = (Index("search_documents_newest", "at", "article_id"),)
    article_id: Mapped[int] = mapped_column(BigId, ForeignKey("articles.id"), primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)  # seconds since 1970 of its publication, or of its first fetch
    day: Mapped[int | None] = mapped_column(Integer)  # of its publication in its outlet's zone, as date.toordinal()


class SearchState(Base):
    """One row: by which analyser the search index is written, and whether it holds every article."""

    __tablename__ = "search_state"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    analyser: Mapped[str]
    complete: Mapped[bool] = mapped_column(Boolean)


class SearchLanguage(Base):
    """A language of articles in the search index: a word of a query is tried in each."""

    __tablename__ = "search_languages"
    language: Mapped[str] = mapped_column(String(12), primary_key=True)


# The index has no form that SQLAlchemy knows on both databases. `ascii` splits at blanks and leaves all else as the
# analyser has written it; FTS5's own ranking, which columnsize serves, is not used.
for _dialect, _statement in (
    (
        "sqlite",
        "CREATE VIRTUAL TABLE search_index USING fts5(title, body, facets, content='', columnsize=0, tokenize='ascii')",
    ),
    ("postgresql", "CREATE TABLE search_index (article_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL)"),
    ("postgresql", "CREATE INDEX search_index_tokens ON search_index USING gin (tokens)"),
):
    event.listen(SearchDocument.__table__, "after_create", _ddl(_statement).execute_if(dialect=_dialect))
event.listen(
    SearchState.__table__,
    "after_create",
    _ddl("INSERT INTO search_state (id, analyser, complete) VALUES (1, '', true)"),
)


class Container(Base):
    """An element that holds an outlet's articles, as crawls have learned it."""

    __tablename__ = "containers"
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)  # XPath
    plain: Mapped[bool] = mapped_column(Boolean)  # its blocks are the text and need no further cleaning
    learned_at: Mapped[datetime]
    verified_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]  # since when pages no longer have it


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


class Gap(Base):
    """A span in which a seed may have announced pages that no run has seen, or ids of a counter not requested yet."""

    __tablename__ = "gaps"
    __table_args__ = (
        CheckConstraint(_one_of("closed_how", GAP_CLOSED), name="gaps_closed_how"),
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

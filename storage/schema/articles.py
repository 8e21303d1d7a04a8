"""The tables of articles: texts, copies, earlier texts, and what tells copies."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.article_fields import KINDS, LISTS, Kind
from storage.schema.base import Base, BigId, Instant
from storage.schema.columns import Mapped, mapped_column

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # `dated_at` of a page without a date: it comes after all dated ones
_IS_COPY = text("duplicate_of IS NOT NULL")
_RECURS = text("seen >= 2")


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


class Container(Base):
    """An element that holds an outlet's articles, as crawls have learned it."""

    __tablename__ = "containers"
    outlet_id: Mapped[str] = mapped_column(String(120), ForeignKey("outlets.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)  # XPath
    plain: Mapped[bool] = mapped_column(Boolean)  # its blocks are the text and need no further cleaning
    learned_at: Mapped[datetime]
    verified_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]  # since when pages no longer have it

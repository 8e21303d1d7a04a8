"""How a page ends: what the crawl says of it (`Result` in a `PageEnd`), and what the ledger made of that (`Ended`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records import Article


@dataclass(frozen=True, slots=True)
class Place:
    """Where a raw answer lies: a file below the archive folder, and the bytes of its gzip member."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Extracted:
    """The page holds this article."""

    article: Article


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the page is as it was (304)."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The page is no article for us, for ever or until it is announced as changed."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The page is no more (404, 410)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The page could not be had this time. It is tried again at `retry_at`, or by the ledger's own back-off."""

    cause: str
    detail: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """The page was not really tried: it goes back to what it was, due at `next_at`, and no attempt is counted."""

    cause: str
    next_at: datetime
    detail: str = ""


Result = Extracted | NotModified | Refused | Gone | Trouble | PutBack


@dataclass(frozen=True, slots=True)
class PageEnd:
    """The end of one lease. `addresses` are all addresses of the way there, redirects included."""

    page_id: int
    result: Result
    fetched_at: datetime
    http_status: int | None = None
    final_url: str | None = None
    addresses: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    warc: Place | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a page in this look at it.

    `state` is the outcome of the look: the page's state, or "put_back"; a page that holds an article keeps its state in the
    ledger when a later look at it is refused or fails. `duplicate_of` is the original if the page's article is a copy.
    """

    page_id: int
    state: str
    reason: str | None = None
    article_id: int | None = None
    duplicate_of: int | None = None

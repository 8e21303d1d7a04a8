"""How a lease can end, as the fetching side reports it, and what the ledger made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.model import Article
from storage.warc.archive import Place


@dataclass(frozen=True, slots=True)
class Extracted:
    """The page holds this article; the ledger decides between stored, unchanged and duplicate."""

    article: Article


@dataclass(frozen=True, slots=True)
class NotModified:
    """The outlet says that nothing changed since the last fetch."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The page is not for the archive, for good: `reason` from a closed list."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The page is no longer there (404, 410)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A passing failure: tried again with growing pauses, or at `retry_at` if the outlet said when."""

    cause: str
    detail: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """Not the page's fault (host paused, robots unreadable, run stopped): back to where it was, no try counted."""

    cause: str
    next_at: datetime
    detail: str = ""


Result = Extracted | NotModified | Refused | Gone | Trouble | PutBack


@dataclass(frozen=True, slots=True)
class PageEnd:
    """The end of one lease, and what is known of the answer."""

    page_id: int
    result: Result
    fetched_at: datetime
    http_status: int | None = None
    final_url: str | None = None
    addresses: tuple[str, ...] = ()  # every address that answered for the page: redirect hops and the final one
    etag: str | None = None
    last_modified: str | None = None
    warc: Place | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What the ledger made of an end. `state` is `put_back` if the lease was only returned."""

    page_id: int
    state: str
    reason: str | None
    article_id: int | None
    duplicate_of: int | None

"""The result of a lease as the crawler reports it, and the outcome that the ledger makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.model import Article
from storage.warc import Place


@dataclass(frozen=True, slots=True)
class Extracted:
    """The page holds this article. The ledger decides between stored, unchanged and duplicate."""

    article: Article


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server answered 304: nothing changed since the last fetch."""


# Refusals that are the host's of that day, not the page's: an address that resolves to a private one, a robots.txt that
# forbids everything, a wall before all pages. Such a page is tried again, ever more seldom.
REFUSED_FOR_NOW = frozenset({"blocked_address", "robots", "challenge", "consent", "offsite_redirect"})
OTHER_LANGUAGE = "other_language"  # an article of the outlet, in a language that is not asked for


@dataclass(frozen=True, slots=True)
class Rejected:
    """The page is not for the archive, permanently. `reason` is one of a closed list.

    `published_at`: the date of an article in another language, which dates the number of its page.
    """

    reason: str
    detail: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The page is no longer there (404, 410)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A temporary failure: tried again with growing pauses, or at `retry_at` if the outlet named a time."""

    cause: str
    detail: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """The page was not tried (host paused, robots unreadable, run stopped): its state stays, no attempt is counted."""

    cause: str
    next_at: datetime
    detail: str = ""


Result = Extracted | NotModified | Rejected | Gone | Failed | PutBack


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A leased page with its result, and what is known of the answer.

    Without `look_again` a new article is not fetched a second time: its seed will say if it is edited.
    """

    page_id: int
    result: Result
    fetched_at: datetime
    http_status: int | None = None
    final_url: str | None = None
    addresses: tuple[str, ...] = ()  # every address that answered for the page: redirect hops and the final one
    etag: str | None = None
    last_modified: str | None = None
    warc: Place | None = None
    look_again: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ledger recorded for a page. `state` is `put_back` if the lease was only returned.

    `is_new`: the page brought an article that the archive did not have.
    """

    page_id: int
    state: str
    reason: str | None
    article_id: int | None
    duplicate_of: int | None
    is_new: bool = False

"""The end of leases: article, outcome and everything that belongs to it, in one transaction for a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from .database import Database
from .keeping import Kept, keep_article
from .outcomes import Ended, Extracted, Gone, NotModified, PageEnd, PutBack, Refused, Trouble
from .runs import Run
from .tables import Article, Page

FIRST_RETRY = timedelta(minutes=1)
RETRY_FACTOR = 4  # 1, 4, 16, 64 minutes
MAX_ATTEMPTS = 5
SECOND_LOOK = timedelta(days=1)
RECENT = timedelta(days=2)  # articles younger than this get a second look: most edits come on the first day


def finish(db: Database, run: Run, ends: Sequence[PageEnd], now: datetime) -> list[Ended]:
    """End leases of the run. An end whose page the run no longer holds changes nothing and says `put_back`."""
    # Alone: two writers that end two copies of one text at the same moment must see each other.
    return db.write(lambda c: finish_in(c, run, ends, now), alone=True)


def finish_in(c: Connection, run: Run, ends: Sequence[PageEnd], now: datetime) -> list[Ended]:
    """`finish`, in the caller's transaction."""
    ids = [end.page_id for end in ends]
    held = c.execute(select(Page.__table__).where(Page.id.in_(ids), Page.lease_run_id == run.id))
    pages = {row.id: row for row in held}
    return [_end(c, pages[end.page_id], end, now) if end.page_id in pages else _lost(end) for end in ends]


def _lost(end: PageEnd) -> Ended:
    return Ended(end.page_id, "put_back", "lease_lost", None, None)


@dataclass(frozen=True, slots=True)
class _Ending:
    """What becomes of the page's row."""

    state: str
    reason: str | None = None
    detail: str | None = None
    next_at: datetime | None = None
    attempts: int = 0
    kept: Kept | None = None
    looks: int = 0


def _end(c: Connection, page: Any, end: PageEnd, now: datetime) -> Ended:
    if isinstance(end.result, PutBack):
        _return(c, page, end.result)
        return Ended(page.id, "put_back", end.result.cause, page.article_id, None)
    ending = _judge(c, page, end, now)
    article_id = ending.kept.article_id if ending.kept else page.article_id
    values: dict[str, Any] = {
        "state": ending.state, "reason": ending.reason, "detail": (ending.detail or None) and ending.detail[:500],
        "next_at": ending.next_at, "attempts": ending.attempts, "article_id": article_id, "looks": ending.looks,
        "lease_run_id": None, "deaths": 0, "solo_deaths": 0, "fetched_at": end.fetched_at, "http_status": end.http_status,
    }  # fmt: skip
    if end.final_url:
        values |= {"final_url": end.final_url}
    if end.etag or end.last_modified or isinstance(end.result, Extracted):
        values |= {"etag": end.etag, "last_modified": end.last_modified}
    if end.warc:
        values |= {"warc_file": end.warc.file, "warc_offset": end.warc.offset, "warc_length": end.warc.length}
    c.execute(update(Page).where(Page.id == page.id).values(values))
    return Ended(page.id, ending.state, ending.reason, article_id, ending.kept.duplicate_of if ending.kept else None)


def _return(c: Connection, page: Any, back: PutBack) -> None:
    waiting = {"reason": back.cause, "detail": back.detail[:500]} if page.state == "waiting" else {}
    c.execute(update(Page).where(Page.id == page.id).values(lease_run_id=None, next_at=back.next_at, **waiting))


def _judge(c: Connection, page: Any, end: PageEnd, now: datetime) -> _Ending:
    match end.result:
        case Extracted(article):
            kept = keep_article(c, page, article, end.addresses, now)
            due = _second_look(page, kept.published_at, now)
            return _Ending(kept.state, kept.reason, next_at=due, kept=kept, looks=page.looks + 1)
        case NotModified():
            return _not_modified(c, page, now)
        case Refused(reason, detail):
            return _once_good(page) or _Ending("rejected", reason, detail, looks=page.looks)
        case Gone(reason):
            # What was stored stays stored: an outlet that takes an article down does not take it from the archive.
            return _once_good(page, reason) or _Ending("gone", reason, looks=page.looks)
        case Trouble(cause, detail, retry_at):
            return _trouble(page, cause, detail, retry_at, now)
    raise AssertionError(f"no rule for {end.result!r}")


def _once_good(page: Any, reason: str | None = None) -> _Ending | None:
    """A second look that finds no article leaves the first one as it is, and looks no more."""
    if page.article_id is None:
        return None
    return _Ending("unchanged" if page.state != "duplicate" else "duplicate", reason, looks=page.looks + 1)


def _not_modified(c: Connection, page: Any, now: datetime) -> _Ending:
    if page.article_id is None:
        # A 304 to a page without an article: the same refusal as before stands.
        return _Ending(
            page.state if page.state in ("rejected", "gone") else "failed",
            page.reason or "not_modified",
            page.detail,
            looks=page.looks,
        )
    published = c.execute(select(Article.published_at).where(Article.id == page.article_id)).scalar()
    state = "duplicate" if page.state == "duplicate" else "unchanged"
    return _Ending(
        state,
        page.reason if state == "duplicate" else None,
        next_at=_second_look(page, published, now),
        looks=page.looks + 1,
    )


def _second_look(page: Any, published: datetime | None, now: datetime) -> datetime | None:
    """Once, a day after the first look, for an article that was new then."""
    if page.looks > 0 or (published or page.discovered_at) < now - RECENT:
        return None
    return now + SECOND_LOOK


def _trouble(page: Any, cause: str, detail: str, retry_at: datetime | None, now: datetime) -> _Ending:
    attempts = page.attempts + 1
    again = None if attempts >= MAX_ATTEMPTS else retry_at or now + FIRST_RETRY * RETRY_FACTOR ** (attempts - 1)
    if page.article_id is not None:  # a second look that failed: the article is not in doubt
        return _Ending(page.state, page.reason, page.detail, next_at=again, attempts=attempts, looks=page.looks)
    return _Ending("failed", cause, detail, next_at=again, attempts=attempts, looks=page.looks)

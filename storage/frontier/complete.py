"""The end of leases: article, outcome and everything that belongs to it, in one transaction for a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.articles.write import (
    SAME_PAGE,
    IncomingArticle,
    PreparedArticle,
    SavedArticle,
    prepare_article,
    save_articles,
    split_on_repeated_url,
)
from storage.database import Database
from storage.frontier.numbers import ID_RANGE
from storage.frontier.results import (
    OTHER_LANGUAGE,
    REFUSED_FOR_NOW,
    Extracted,
    Failed,
    FinishedPage,
    Gone,
    NotModified,
    Outcome,
    PutBack,
    Rejected,
)
from storage.frontier.runs import Run
from storage.removed import REMOVED, REMOVED_BEFORE, removed_again
from storage.schema.tables import UNDATED, Article, Page
from storage.text import clean_text

FIRST_RETRY = timedelta(minutes=1)
RETRY_FACTOR = 4  # 1, 4, 16, 64 minutes
FIRST_NEW_TRY = timedelta(hours=20)  # of a page that its host refused: the next night, then after 3, 13 and 53 days
MAX_ATTEMPTS = 5
SECOND_LOOK = timedelta(days=1)
DRAFT_LOOK = timedelta(hours=12)  # so that the next night finds what was published meanwhile
NOT_THERE = ("soft_404",)  # reasons that amount to a 404
RECENT = timedelta(days=2)  # articles younger than this get a second look: most edits come on the first day

# The columns that a result may change. Every result writes all of them, so that one statement serves a batch.
_WRITTEN = (
    "state", "reason", "detail", "next_at", "attempts", "looks", "deaths", "solo_deaths", "article_id", "fetched_at",
    "http_status", "final_url", "etag", "last_modified", "warc_file", "warc_offset", "warc_length", "dated_at",
    "full_text",
)  # fmt: skip
_READ = (
    Page.id, Page.outlet_id, Page.url_key, Page.discovered_at, Page.seed_kind, Page.lane, Page.lease_run_id,
    *(getattr(Page, name) for name in _WRITTEN),
)  # fmt: skip

Prepared = Mapping[int, PreparedArticle]  # by page id
_Rows = Mapping[int, Any]  # rows of `pages`, by id


@dataclass(frozen=True, slots=True)
class _PageUpdate:
    """The new values of a page's row, and the outcome that is reported."""

    values: dict[str, Any]
    outcome: Outcome


def finish(db: Database, run: Run, pages: Sequence[FinishedPage], now: datetime) -> list[Outcome]:
    """End leases of the run. A page that the run no longer holds is not changed; its outcome is `put_back`."""
    return finish_together(db, [(run, pages)], now)


def finish_together(
    db: Database, batches: Sequence[tuple[Run, Sequence[FinishedPage]]], now: datetime
) -> list[Outcome]:
    """Do what `finish` does for several runs, in one transaction. No page may occur twice."""
    pages = [page for _, of_run in batches for page in of_run]
    holders = {page.page_id: run.id for run, of_run in batches for page in of_run}
    prepared = prepare_articles(pages)  # tokenizing takes longest and needs no lock
    # Alone: two writers that bring two copies of one text at the same moment must see each other's.
    return db.write(lambda c: _finish_held(c, holders, pages, prepared, now), alone=True)


def prepare_articles(pages: Sequence[FinishedPage]) -> dict[int, PreparedArticle]:
    """Prepare the articles of the pages, outside of the transaction. Return them by page id."""
    return {
        page.page_id: prepare_article(page.result.article, page.addresses, page.final_url)
        for page in pages
        if isinstance(page.result, Extracted)
    }


def finish_in_transaction(
    c: Connection, run: Run, pages: Sequence[FinishedPage], prepared: Prepared, now: datetime
) -> list[Outcome]:
    """Do what `finish` does, in the caller's transaction, which holds the writers' lock. A page occurs once."""
    return _finish_held(c, {page.page_id: run.id for page in pages}, pages, prepared, now)


def _finish_held(
    c: Connection, holders: Mapping[int, int], pages: Sequence[FinishedPage], prepared: Prepared, now: datetime
) -> list[Outcome]:
    """End the leases that still belong to the run that brings the page. `holders`: the runs, by page id."""
    mine = (Page.id.in_(list(holders)), Page.lease_run_id.in_(sorted(set(holders.values()))))
    leased = c.execute(select(*_READ).where(*mine).with_for_update())
    rows: _Rows = {row.id: row for row in leased if row.lease_run_id == holders[row.id]}
    held, prepared = _without_removed(c, [page for page in pages if page.page_id in rows], rows, prepared)
    outcomes = _finish_without_article(c, [page for page in held if page.page_id not in prepared], rows, now)
    outcomes |= _finish_articles(c, [page for page in held if page.page_id in prepared], rows, prepared, now)
    return [outcomes.get(page.page_id) or _lease_lost(page) for page in pages]


def _without_removed(
    c: Connection, held: Sequence[FinishedPage], rows: _Rows, prepared: Prepared
) -> tuple[list[FinishedPage], Prepared]:
    """Refuse what was taken down. Nothing that its answer said is kept."""
    brought = {
        page_id: (rows[page_id].outlet_id, one.columns["text_hash"], one.reached_keys | one.redirect_keys)
        for page_id, one in prepared.items()
        if page_id in rows
    }
    refused = dict.fromkeys(removed_again(c, brought), REMOVED_BEFORE)
    refused |= {page_id: REMOVED for page_id, row in rows.items() if row.reason == REMOVED}
    pages = [
        FinishedPage(page.page_id, Rejected(refused[page.page_id]), page.fetched_at, page.http_status)
        if page.page_id in refused
        else page
        for page in held
    ]
    return pages, {page_id: one for page_id, one in prepared.items() if page_id not in refused}


def _finish_without_article(
    c: Connection, pages: Sequence[FinishedPage], rows: _Rows, now: datetime
) -> dict[int, Outcome]:
    dates = _dates_of_unmodified(c, pages, rows)
    return _write(c, [_update(rows[page.page_id], page, dates, now) for page in pages])


def _finish_articles(
    c: Connection, pages: Sequence[FinishedPage], rows: _Rows, prepared: Prepared, now: datetime
) -> dict[int, Outcome]:
    by_id = {page.page_id: page for page in pages}
    incoming = [IncomingArticle(rows[page_id], prepared[page_id], page.fetched_at) for page_id, page in by_id.items()]
    outcomes: dict[int, Outcome] = {}
    for group in split_on_repeated_url(incoming):
        saved = save_articles(c, group, now)
        # Written before the next group, which may find that an article of this one is a copy of one of its own.
        updates = [_article_update(each.page, by_id[each.page.id], saved[each.page.id], now) for each in group]
        outcomes |= _write(c, updates)
    return outcomes


def _lease_lost(page: FinishedPage) -> Outcome:
    return Outcome(page.page_id, "put_back", "lease_lost", None, None)


def _article_update(row: Any, page: FinishedPage, saved: SavedArticle, now: datetime) -> _PageUpdate:
    due = _second_look(row, saved.published_at, now) if page.look_again else None
    change = _change(saved.state, saved.reason, next_at=due, looks=row.looks + 1, article_id=saved.article_id)
    is_new = row.article_id is None and saved.reason != SAME_PAGE
    outcome = Outcome(row.id, saved.state, saved.reason, saved.article_id, saved.duplicate_of, is_new)
    return _fetched(row, page, change, outcome)


def _update(row: Any, page: FinishedPage, dates: Mapping[int, datetime | None], now: datetime) -> _PageUpdate:
    match page.result:
        case PutBack():
            return _put_back(row, page.result)
        case NotModified():
            return _fetched(row, page, _not_modified(row, dates, now))
        case Rejected():
            return _fetched(row, page, _keep_article(row, page.result.reason) or _rejected(row, page.result, now))
        case Gone(reason):
            # A stored article stays in the archive when its outlet removes it.
            return _fetched(row, page, _keep_article(row, reason) or _missing(row, "gone", reason, now))
        case Failed():
            return _failed(row, page, page.result, now)
    raise AssertionError(f"no rule for {page.result!r}")


def _rejected(row: Any, result: Rejected, now: datetime) -> dict[str, Any]:
    detail = _detail(result.detail)
    if result.reason == OTHER_LANGUAGE:
        return _change("rejected", result.reason, detail, dated_at=result.published_at or UNDATED)
    if result.reason in REFUSED_FOR_NOW and row.attempts + 1 < MAX_ATTEMPTS:
        again = now + FIRST_NEW_TRY * RETRY_FACTOR**row.attempts
        return _change("rejected", result.reason, detail, next_at=again, attempts=row.attempts + 1)
    if result.reason in NOT_THERE:
        return _missing(row, "rejected", result.reason, now) | {"detail": detail}
    return _change("rejected", result.reason, detail)


def _missing(row: Any, state: str, reason: str, now: datetime) -> dict[str, Any]:
    """A number that was tried while it was new may be a draft: look once more."""
    if row.seed_kind == ID_RANGE and row.lane == "news" and not row.looks:
        return _change(state, reason, next_at=now + DRAFT_LOOK, looks=1)
    return _change(state, reason)


def _put_back(row: Any, result: PutBack) -> _PageUpdate:
    waiting = {"reason": result.cause, "detail": _detail(result.detail)} if row.state == "waiting" else {}
    values = _unchanged(row) | {"next_at": result.next_at} | waiting
    return _PageUpdate(values, Outcome(row.id, "put_back", result.cause, row.article_id, None))


def _detail(text: str) -> str | None:
    return clean_text(text)[:500] or None


def _unchanged(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _WRITTEN}


def _change(state: str, reason: str | None = None, detail: str | None = None, **more: Any) -> dict[str, Any]:
    return {"state": state, "reason": reason, "detail": detail, "next_at": None, "attempts": 0, **more}


def _fetched(row: Any, page: FinishedPage, change: dict[str, Any], outcome: Outcome | None = None) -> _PageUpdate:
    """The page was fetched, or tried: end the lease, and record what is known of the answer."""
    values = _unchanged(row) | {
        "deaths": 0, "solo_deaths": 0, "fetched_at": page.fetched_at, "http_status": page.http_status,
        "final_url": page.final_url or row.final_url, "full_text": None,
    }  # fmt: skip
    if page.etag or page.last_modified or isinstance(page.result, Extracted):
        values |= {"etag": page.etag, "last_modified": page.last_modified}
    if page.warc:
        values |= {"warc_file": page.warc.file, "warc_offset": page.warc.offset, "warc_length": page.warc.length}
    values |= change
    reported = outcome or Outcome(row.id, values["state"], values["reason"], values["article_id"], None)
    return _PageUpdate(values, reported)


def _with_article(row: Any) -> tuple[str, str | None]:
    """Return state and reason of a page that keeps its article."""
    return ("duplicate", row.reason) if row.state == "duplicate" else ("unchanged", None)


def _keep_article(row: Any, reason: str) -> dict[str, Any] | None:
    """A later look that finds no article changes nothing and is the last one. None if the page has no article."""
    if row.article_id is None:
        return None
    return _change(*_with_article(row), f"the last look found: {reason}", looks=row.looks + 1)


def _dates_of_unmodified(c: Connection, pages: Sequence[FinishedPage], rows: _Rows) -> dict[int, datetime | None]:
    """Return the publication dates of pages that answered 304, by article id."""
    ids = {
        rows[page.page_id].article_id
        for page in pages
        if isinstance(page.result, NotModified) and not rows[page.page_id].looks
    } - {None}
    if not ids:
        return {}
    dates = c.execute(select(Article.id, Article.published_at).where(Article.id.in_(ids)))
    return {row.id: row.published_at for row in dates}


def _not_modified(row: Any, dates: Mapping[int, datetime | None], now: datetime) -> dict[str, Any]:
    if row.article_id is not None:
        state, reason = _with_article(row)
        due = _second_look(row, dates.get(row.article_id), now)
        return _change(state, reason, next_at=due, looks=row.looks + 1)
    if row.state in ("rejected", "gone"):  # the page is as it was when it was rejected
        return _change(row.state, row.reason, row.detail)
    # 304 for a page that we do not have: forget the validators, so that the next request is unconditional.
    again = {"next_at": _retry_at(row, None, now), "attempts": row.attempts + 1, "etag": None, "last_modified": None}
    return _change("failed", "not_modified", **again)


def _second_look(row: Any, published: datetime | None, now: datetime) -> datetime | None:
    """Look again once, a day after the first look, if the article was new then."""
    if row.looks > 0 or (published or row.discovered_at) < now - RECENT:
        return None
    return now + SECOND_LOOK


def _retry_at(row: Any, retry_at: datetime | None, now: datetime) -> datetime | None:
    """Return when to try the page again; None after the last attempt."""
    if row.attempts + 1 >= MAX_ATTEMPTS:
        return None
    return retry_at or now + FIRST_RETRY * RETRY_FACTOR**row.attempts


def _failed(row: Any, page: FinishedPage, result: Failed, now: datetime) -> _PageUpdate:
    again = {"next_at": _retry_at(row, result.retry_at, now), "attempts": row.attempts + 1}
    failed = _fetched(row, page, _change("failed", result.cause, _detail(result.detail), **again))
    if row.article_id is None:
        return failed
    # A later look that failed says nothing about the article: the page stays what it was.
    kept = {
        "state": row.state,
        "reason": row.reason,
        "detail": f"the last look failed: {result.cause}",
        "fetched_at": row.fetched_at,
    }
    return replace(failed, values=failed.values | kept)


def _write(c: Connection, updates: Sequence[_PageUpdate]) -> dict[int, Outcome]:
    """Write the updates in one statement. Return the outcomes by page id."""
    if updates:
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _WRITTEN}
        finished = update(Page).where(Page.id == bindparam("finished_id"))
        c.execute(
            finished.values(**columns, lease_run_id=None, lease_alone=False),
            [
                {"finished_id": each.outcome.page_id} | {f"new_{name}": value for name, value in each.values.items()}
                for each in updates
            ],
        )
    return {each.outcome.page_id: each.outcome for each in updates}

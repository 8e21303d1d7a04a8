"""The end of leases: article, outcome and everything that belongs to it, in one transaction for a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.articles.prepare import Draft, draft_of
from storage.articles.write import Arrived, Kept, keep_articles, rounds
from storage.database import Database
from storage.frontier.results import Ended, Extracted, Gone, NotModified, PageEnd, PutBack, Refused, Trouble
from storage.frontier.runs import Run
from storage.schema.tables import Article, Page
from storage.text import clean_text

FIRST_RETRY = timedelta(minutes=1)
RETRY_FACTOR = 4  # 1, 4, 16, 64 minutes
MAX_ATTEMPTS = 5
SECOND_LOOK = timedelta(days=1)
RECENT = timedelta(days=2)  # articles younger than this get a second look: most edits come on the first day

# What an end may change in a page's row; each end writes all of them, so that one statement serves a batch.
_WRITTEN = (
    "state", "reason", "detail", "next_at", "attempts", "looks", "deaths", "solo_deaths", "article_id", "fetched_at",
    "http_status", "final_url", "etag", "last_modified", "warc_file", "warc_offset", "warc_length",
)  # fmt: skip
_READ = (
    Page.id, Page.outlet_id, Page.url_key, Page.discovered_at, *(getattr(Page, name) for name in _WRITTEN),
)  # fmt: skip


def finish(db: Database, run: Run, ends: Sequence[PageEnd], now: datetime) -> list[Ended]:
    """End leases of the run. An end whose page the run no longer holds changes nothing and says `put_back`."""
    drafts = drafts_of(ends)  # tokenising takes longest and needs no lock
    # Alone: two writers that end two copies of one text at the same moment must see each other.
    return db.write(lambda c: finish_in(c, run, ends, drafts, now), alone=True)


def drafts_of(ends: Sequence[PageEnd]) -> dict[int, Draft]:
    """The articles of the ends, made ready outside of the transaction, by page."""
    return {
        end.page_id: draft_of(end.result.article, end.addresses, end.final_url)
        for end in ends
        if isinstance(end.result, Extracted)
    }


def finish_in(
    c: Connection, run: Run, ends: Sequence[PageEnd], drafts: Mapping[int, Draft], now: datetime
) -> list[Ended]:
    """`finish`, in the caller's transaction, which holds the writers' lock. A page occurs in `ends` once."""
    ids = [end.page_id for end in ends]
    held = c.execute(select(*_READ).where(Page.id.in_(ids), Page.lease_run_id == run.id).with_for_update())
    pages = {row.id: row for row in held}
    mine = [end for end in ends if end.page_id in pages]
    ended = _end_others(c, [end for end in mine if end.page_id not in drafts], pages, now)
    by_page = {end.page_id: end for end in mine}
    arrivals = [
        Arrived(pages[end.page_id], drafts[end.page_id], end.fetched_at) for end in mine if end.page_id in drafts
    ]
    for group in rounds(arrivals):
        kept = keep_articles(c, group, now)
        # Written before the next round, which may find that an article of this one is a copy of one of its own.
        ended |= _write(c, [_judge(one.page, by_page[one.page.id], kept[one.page.id], {}, now) for one in group])
    return [ended.get(end.page_id) or _lost(end) for end in ends]


def _end_others(c: Connection, ends: Sequence[PageEnd], pages: Mapping[int, Any], now: datetime) -> dict[int, Ended]:
    dates = _dates_of_unmodified(c, ends, pages)
    return _write(c, [_judge(pages[end.page_id], end, None, dates, now) for end in ends])


def _lost(end: PageEnd) -> Ended:
    return Ended(end.page_id, "put_back", "lease_lost", None, None)


@dataclass(frozen=True, slots=True)
class _Ending:
    """What becomes of the page's row, and what is said of it."""

    values: dict[str, Any]
    ended: Ended


def _judge(page: Any, end: PageEnd, kept: Kept | None, dates: Mapping[int, datetime | None], now: datetime) -> _Ending:
    match end.result:
        case PutBack(cause, next_at, detail):
            waiting = {"reason": cause, "detail": _detail(detail)} if page.state == "waiting" else {}
            return _Ending(
                _as_it_was(page) | {"next_at": next_at} | waiting,
                Ended(page.id, "put_back", cause, page.article_id, None),
            )
        case Extracted() if kept is not None:
            due = _second_look(page, kept.published_at, now)
            change = _change(kept.state, kept.reason, next_at=due, looks=page.looks + 1, article_id=kept.article_id)
            return _looked(
                page, end, change, Ended(page.id, kept.state, kept.reason, kept.article_id, kept.duplicate_of)
            )
        case NotModified():
            return _looked(page, end, _not_modified(page, dates, now))
        case Refused(reason, detail):
            return _looked(page, end, _once_good(page, reason) or _change("rejected", reason, _detail(detail)))
        case Gone(reason):
            # What was stored stays stored: an outlet that takes an article down does not take it from the archive.
            return _looked(page, end, _once_good(page, reason) or _change("gone", reason))
        case Trouble(cause, detail, retry_at):
            return _trouble(page, end, cause, detail, retry_at, now)
    raise AssertionError(f"no rule for {end.result!r}")


def _detail(text: str) -> str | None:
    return clean_text(text)[:500] or None


def _as_it_was(page: Any) -> dict[str, Any]:
    return {name: getattr(page, name) for name in _WRITTEN}


def _change(state: str, reason: str | None = None, detail: str | None = None, **more: Any) -> dict[str, Any]:
    return {"state": state, "reason": reason, "detail": detail, "next_at": None, "attempts": 0, **more}


def _looked(page: Any, end: PageEnd, change: dict[str, Any], ended: Ended | None = None) -> _Ending:
    """The page answered, or was tried: the lease ends, and what is known of the answer is kept."""
    values = _as_it_was(page) | {
        "deaths": 0, "solo_deaths": 0, "fetched_at": end.fetched_at, "http_status": end.http_status,
        "final_url": end.final_url or page.final_url,
    }  # fmt: skip
    if end.etag or end.last_modified or isinstance(end.result, Extracted):
        values |= {"etag": end.etag, "last_modified": end.last_modified}
    if end.warc:
        values |= {"warc_file": end.warc.file, "warc_offset": end.warc.offset, "warc_length": end.warc.length}
    values |= change
    return _Ending(values, ended or Ended(page.id, values["state"], values["reason"], values["article_id"], None))


def _once_good(page: Any, reason: str) -> dict[str, Any] | None:
    """A second look that finds no article leaves the first one as it is, and looks no more."""
    if page.article_id is None:
        return None
    state = "duplicate" if page.state == "duplicate" else "unchanged"
    return _change(
        state, page.reason if state == "duplicate" else None, f"the last look found: {reason}", looks=page.looks + 1
    )


def _dates_of_unmodified(
    c: Connection, ends: Sequence[PageEnd], pages: Mapping[int, Any]
) -> dict[int, datetime | None]:
    """When the articles of pages that answered 304 were published, by article."""
    ids = {
        pages[end.page_id].article_id
        for end in ends
        if isinstance(end.result, NotModified) and end.page_id in pages and not pages[end.page_id].looks
    } - {None}
    if not ids:
        return {}
    return {
        row.id: row.published_at
        for row in c.execute(select(Article.id, Article.published_at).where(Article.id.in_(ids)))
    }


def _not_modified(page: Any, dates: Mapping[int, datetime | None], now: datetime) -> dict[str, Any]:
    if page.article_id is None:
        if page.state in ("rejected", "gone"):  # the same refusal as before stands
            return _change(page.state, page.reason, page.detail)
        # "As you have it", to a page that we do not have: the validators are forgotten, so that it is asked outright.
        return _change(
            "failed",
            "not_modified",
            next_at=_again(page, None, now),
            attempts=page.attempts + 1,
            etag=None,
            last_modified=None,
        )
    state = "duplicate" if page.state == "duplicate" else "unchanged"
    due = _second_look(page, dates.get(page.article_id), now)
    return _change(state, page.reason if state == "duplicate" else None, next_at=due, looks=page.looks + 1)


def _second_look(page: Any, published: datetime | None, now: datetime) -> datetime | None:
    """Once, a day after the first look, for an article that was new then."""
    if page.looks > 0 or (published or page.discovered_at) < now - RECENT:
        return None
    return now + SECOND_LOOK


def _again(page: Any, retry_at: datetime | None, now: datetime) -> datetime | None:
    """When a page is tried again that has failed once more; None if it has been tried often enough."""
    if page.attempts + 1 >= MAX_ATTEMPTS:
        return None
    return retry_at or now + FIRST_RETRY * RETRY_FACTOR**page.attempts


def _trouble(page: Any, end: PageEnd, cause: str, detail: str, retry_at: datetime | None, now: datetime) -> _Ending:
    again, attempts = _again(page, retry_at, now), page.attempts + 1
    failed = _looked(page, end, _change("failed", cause, _detail(detail), next_at=again, attempts=attempts))
    if page.article_id is None:
        return failed
    # A second look that failed: the article is not in doubt, and its page stays what it was.
    kept = {
        "state": page.state,
        "reason": page.reason,
        "detail": f"the last look failed: {cause}",
        "fetched_at": page.fetched_at,
    }
    return replace(failed, values=failed.values | kept)


def _write(c: Connection, endings: Sequence[_Ending]) -> dict[int, Ended]:
    """The ends in the ledger, in one statement; what is said of them, by page."""
    if endings:
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _WRITTEN}
        c.execute(
            update(Page).where(Page.id == bindparam("one")).values(**columns, lease_run_id=None, lease_alone=False),
            [
                {"one": ending.ended.page_id} | {f"new_{name}": value for name, value in ending.values.items()}
                for ending in endings
            ],
        )
    return {ending.ended.page_id: ending.ended for ending in endings}

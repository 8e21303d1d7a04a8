"""How a page ends: what of its answer is kept with its outcome."""

from __future__ import annotations

from datetime import datetime

from storage.frontier import Failed, FinishedPage, Lease, PutBack, Result
from storage.instants import steady_now

from .answers import Answer
from .fetching import Fetched


def patient(fetched: Fetched, paused: datetime | None) -> Result:
    """A failure that paused its host is the host's: the page is put off without losing a try."""
    if isinstance(fetched, Failed) and paused:
        return PutBack(fetched.cause, paused, detail=fetched.detail)
    assert not isinstance(fetched, Answer)
    return fetched


def page_end(lease: Lease, result: Result, answer: Answer | None = None) -> FinishedPage:
    """Return the end of a leased page, with what its answer said of itself."""
    if answer is None:
        return FinishedPage(page_id=lease.page_id, result=result, fetched_at=steady_now())
    if lease.fetch_url:  # nothing that a web archive's own answer says is the page's
        return FinishedPage(
            lease.page_id, result, answer.fetched_at, answer.status, final_url=lease.url, addresses=(lease.url,)
        )
    return FinishedPage(
        page_id=lease.page_id,
        result=result,
        http_status=answer.status,
        final_url=answer.url,
        addresses=(*answer.hops, answer.url),
        fetched_at=answer.fetched_at,
        etag=answer.etag,
        last_modified=answer.last_modified,
    )

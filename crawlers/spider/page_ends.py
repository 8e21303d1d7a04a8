"""How a page ends: what of its answer is kept with its outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawlers.captures import captured_headers
from crawlers.rights import of_headers, statements
from storage.frontier import Failed, FinishedPage, Lease, PutBack, Result
from storage.instants import steady_now
from storage.model import Article

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


def with_rights(article: Article, lease: Lease, answer: Answer) -> Article:
    """Add what the answer's headers and the site say on the use of the page.

    What a web archive says itself, in its headers and its robots.txt, concerns its own pages: of a capture, the headers
    are those of the page, and what its site said stays unknown.
    """
    headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in answer.raw_headers]
    own = captured_headers(headers) if lease.fetch_url else headers
    rights = statements((*(article.rights or ()), *of_headers(own)))
    site = answer.site_rights.of(answer.url) if answer.site_rights and not lease.fetch_url else None
    return replace(article, rights=rights, site_rights=site)

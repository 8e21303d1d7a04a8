"""One address in, one value out: an answer, or the outcome that the failure amounts to. Nothing ends in silence.

Requests go through Scrapy's engine by `download_async`: its downloader, slots and downloader middlewares, without its
scheduler, duplicate filter and callbacks, in which a request can vanish (a redirect to an address already seen, an
over-long address, a retry while closing).
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from storage.frontier import Failed, PutBack, Rejected
from storage.instants import steady_now

from .answers import MAX_URL, Answer, answer_of
from .bodies import BodyError, DamagedBodyError, TruncatedBodyError
from .download_errors import DOWNLOAD_ERRORS, cause_of
from .errors import (
    BadStatusError,
    BlockedAddressError,
    BlockedPortError,
    HeadersTooLargeError,
    HostPausedError,
    RobotsForbiddenError,
    RobotsUnreadableError,
)
from .robots import LIMITS, ROBOTS_RETRY

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PAUSED = "pressrun_paused"  # request meta: async, returns until when the host of a URL is paused, or None
COUNT = "pressrun_count"  # request meta: called with the role of each request that is sent

Fetched = Answer | Failed | Rejected | PutBack


class Fetcher:
    """Fetches for the runs of one process; each has its own by `for_run`.

    `paused_until` returns until when the host of a URL is paused. It is asked when a request is about to be sent, also
    for redirects and robots.txt; a request to a paused host ends as PutBack.
    """

    def __init__(
        self, crawler: Crawler, paused_until: Callable[[str], Awaitable[datetime | None]] | None = None
    ) -> None:
        self._crawler = crawler
        self._timed: Callable[[str, float], None] = lambda *_: None
        self._limits: Mapping[str, Any] = {PAUSED: paused_until}

    def for_run(
        self,
        count: Callable[[str], None],
        limits: Mapping[str, Any] = MappingProxyType({}),
        timed: Callable[[str, float], None] = lambda *_: None,
    ) -> Fetcher:
        """The same fetcher for one run. `count(role)` is called for every request that is sent for it.

        `limits` is request meta of one outlet of many, which overrides the crawler's settings. The redirects of a
        request, and the request for robots.txt that it may cause, are counted and limited too. `timed(url, seconds)` is
        called for every answer to `get`, with the time from the request until the answer began.
        """
        limited = copy.copy(self)
        limited._limits, limited._timed = {**self._limits, **limits, COUNT: count}, timed
        return limited

    async def get(
        self,
        url: str,
        role: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
    ) -> Fetched:
        """The answer to a conditional GET, whatever its status, or what the failure amounts to for the ledger."""
        if len(url) > MAX_URL:
            return Rejected("url_too_long", f"{len(url)} characters")
        try:
            request = _request(url, role, etag, last_modified, max_bytes)
            request.meta.update({**self._limits, **request.meta, LIMITS: self._limits})
            assert self._crawler.engine is not None
            response = await self._crawler.engine.download_async(request)
        except IgnoreRequest as refusal:
            return _refused(refusal, url)
        except DOWNLOAD_ERRORS as failure:
            return _failed(failure)
        if (seconds := response.meta.get("download_latency")) is not None:
            self._timed(response.url, seconds)
        return answer_of(response)


def _request(url: str, role: str, etag: str | None, last_modified: str | None, max_bytes: int | None) -> Request:
    headers = {"Accept": b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    if etag:  # byte for byte as it came: answers are read as latin-1
        headers["If-None-Match"] = etag.encode("latin-1", "replace")
    if last_modified:
        headers["If-Modified-Since"] = last_modified.encode("latin-1", "replace")
    meta: dict[str, Any] = {"role": role}
    if max_bytes:
        meta["download_maxsize"] = max_bytes
    return Request(url, headers=headers, meta=meta, dont_filter=True, callback=NO_CALLBACK)


def _refused(refusal: IgnoreRequest, url: str) -> Failed | Rejected | PutBack:
    match refusal:
        case RobotsUnreadableError() if refusal.host != urlsplit(url).netloc:
            # It redirects to a host that does not answer. That is the page's, or it would wait for ever.
            return Failed(refusal.cause, str(refusal))
        case RobotsUnreadableError():
            return PutBack(refusal.cause, steady_now() + ROBOTS_RETRY, detail=str(refusal))
        case HostPausedError():
            return host_paused(refusal.until)
        case RobotsForbiddenError():
            return Rejected("robots", str(refusal))
        case BlockedAddressError():
            return Rejected("blocked_address", str(refusal))
        case BlockedPortError():
            return Rejected("blocked_port", str(refusal))
        case BadStatusError():
            return Failed("bad_status", str(refusal))
        case HeadersTooLargeError():
            return Rejected("too_large", str(refusal))
        case TruncatedBodyError() | DamagedBodyError():
            return Failed(refusal.cause, str(refusal))
        case BodyError(cause=cause):
            return Rejected(cause, str(refusal))
    if "max redirections" in str(refusal):
        return Rejected("redirect_loop", "more redirects than the outlet's limit")
    return Rejected("ignored", str(refusal))


def host_paused(until: datetime) -> PutBack:
    """Return what becomes of a request to a host that is paused: it is put off, and no try is lost."""
    return PutBack("host_paused", until, str(HostPausedError(until)))


def _failed(failure: Exception) -> Failed | Rejected:
    cause = cause_of(failure)
    detail = f"{type(failure).__name__}: {failure}"[:500]
    return Rejected(cause, detail) if cause in ("too_large", "blocked_scheme") else Failed(cause, detail)

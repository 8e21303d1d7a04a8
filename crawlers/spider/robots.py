"""robots.txt by RFC 9309, kept for a day. Unreadable: nothing is fetched for an hour. Crawl-delay is obeyed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import StopDownload
from scrapy.http.request import NO_CALLBACK

from crawlers.rights import NOTHING_SAID, TDMREP_UNREAD, SiteRights, of_robots_txt, of_tdmrep
from crawlers.robots_txt import AGENT, MAX_BYTES, parse, robots_text
from crawlers.spider.ip_filter import GuardedResolver

from .answers import RIGHTS
from .download_errors import FAILURES, UNREACHABLE, cause_of
from .errors import BlockedAddressError, HostPausedError, RobotsForbiddenError, RobotsUnreadableError
from .origin_cache import Kept, OriginCache, kept_for

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

log = logging.getLogger(__name__)

TDMREP = "/.well-known/tdmrep.json"
MAX_TDMREP = 64 * 1024  # bytes
LIMITS = "pressrun_limits"  # request meta: that of an outlet, which its requests for robots.txt have too
ROBOTS_RETRY = timedelta(hours=1)  # until what was unreadable is asked for again
ROBOTS_KEPT = timedelta(hours=24)  # RFC 9309 2.4: not used for longer
MAX_DELAY = 300.0  # seconds; a longer Crawl-delay is limited to this, and logged


@dataclass(frozen=True)
class Rules:
    """The rules of an origin's robots.txt for Pressrun. `unreadable` says why it could not be read, if so."""

    parser: Any | None = None
    unreadable: str | None = None
    cause: str = "robots_unreadable"
    blocked: str | None = None  # the IP address of the origin, if connecting to it is not permitted
    rights: SiteRights = NOTHING_SAID  # what it says on the use of pages; Pressrun keeps it with them


class RobotsMiddleware:
    """Passes a request if robots.txt of its origin allows it, and sets the host's pace by Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: OriginCache[Rules] = OriginCache()
        self._reservations: OriginCache[SiteRights] = OriginCache()  # what tdmrep.json says
        crawler.signals.connect(self._stop_at_limit, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("role") in ("robots", "rights"):
            return
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            return  # rejected later, since there is no download handler
        limits = request.meta.get(LIMITS, {})
        rules = await self._rules_of(f"{parts.scheme}://{parts.netloc}", parts.hostname or "", limits)
        if rules.blocked:
            raise BlockedAddressError(parts.hostname or "", rules.blocked)
        if rules.unreadable:
            raise RobotsUnreadableError(parts.netloc, rules.cause, rules.unreadable)
        if rules.parser is not None and not rules.parser.can_fetch(request.url, AGENT):
            raise RobotsForbiddenError(request.url)
        if request.meta.get("role") == "page":
            request.meta[RIGHTS] = await self._rights_of(f"{parts.scheme}://{parts.netloc}", rules, limits)

    async def _rights_of(self, origin: str, rules: Rules, limits: Mapping[str, Any]) -> SiteRights:
        """What the site says on the use of its pages, asked before its first page: a host's requests wait in a row."""

        async def read() -> Kept[SiteRights]:
            said = await self._reserved(f"{origin}{TDMREP}", rules, limits)
            return kept_for(said, ROBOTS_RETRY if said is TDMREP_UNREAD else ROBOTS_KEPT)

        return rules.rights + await self._reservations.get(origin, read)

    async def _reserved(self, url: str, rules: Rules, limits: Mapping[str, Any]) -> SiteRights:
        if rules.parser is not None and not rules.parser.can_fetch(url, AGENT):
            return NOTHING_SAID
        meta = {**limits, "role": "rights", LIMITS: limits, "download_maxsize": MAX_TDMREP}
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        except HostPausedError:
            raise
        except FAILURES as trouble:
            return self._unread(url, f"{type(trouble).__name__}: {trouble}")
        if response.status == 429 or response.status >= 500:
            return self._unread(url, f"HTTP {response.status}")
        try:
            return of_tdmrep(response.body) if response.status == 200 else NOTHING_SAID
        except ValueError as none:  # most sites answer what they do not have with a page
            log.debug("%s: %s", url, none)
            return NOTHING_SAID

    def _unread(self, url: str, why: str) -> SiteRights:
        log.warning("%s is unreadable (%s): taken as a reservation that is not known", url, why)
        return TDMREP_UNREAD

    async def _rules_of(self, origin: str, host: str, limits: Mapping[str, Any]) -> Rules:
        async def read() -> Kept[Rules]:
            rules = await self._read(origin, host, limits)
            return kept_for(rules, ROBOTS_RETRY if rules.unreadable or rules.blocked else ROBOTS_KEPT)

        return await self._rules.get(origin, read)

    async def _read(self, origin: str, host: str, limits: Mapping[str, Any]) -> Rules:
        meta = {**limits, "role": "robots", LIMITS: limits}
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta=meta, priority=1000)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except HostPausedError:
            raise
        except FAILURES as trouble:
            if blocked := GuardedResolver.refused(host):
                return Rules(blocked=blocked)
            cause = cause_of(trouble)
            return self._unreadable(
                origin, f"{type(trouble).__name__}: {trouble}", cause if cause in UNREACHABLE else "robots_unreadable"
            )
        # In a thread: 512 KiB of odd rules take a second.
        rules = await asyncio.to_thread(self._judged, origin, response)
        if rules.parser is not None:
            self._set_pace(host, rules.parser)
        return rules

    def _judged(self, origin: str, response: Response) -> Rules:
        if response.status == 429 or response.status >= 500 or 300 <= response.status < 400:
            return self._unreadable(origin, f"HTTP {response.status}")
        if response.status >= 400:
            if response.status in (401, 403):
                log.warning(
                    "%s/robots.txt answers %d: taken as no rules; ask the outlet",
                    origin,
                    response.status,
                )
            return Rules()
        text = robots_text(response.body)
        return Rules(parse(text), rights=of_robots_txt(text))

    def _unreadable(self, origin: str, detail: str, cause: str = "robots_unreadable") -> Rules:
        log.warning("%s/robots.txt is unreadable (%s): nothing is fetched there for now", origin, detail)
        return Rules(unreadable=detail, cause=cause)

    def _set_pace(self, host: str, parser: Any) -> None:
        asked = parser.crawl_delay(AGENT) or 0.0
        if rate := parser.request_rate(AGENT):
            asked = max(asked, rate.seconds / max(1, rate.requests))
        if asked > MAX_DELAY:
            log.warning("%s asks for %g s between requests; limited to %g s", host, asked, MAX_DELAY)
            asked = MAX_DELAY
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        pace = {"concurrency": 1, "delay": asked, "jitter": 0.0}
        usual = downloader.per_slot_settings.get(host, {}).get("delay", downloader.settings.getfloat("DOWNLOAD_DELAY"))
        if asked <= usual:
            return
        downloader.per_slot_settings[host] = pace  # for the slot's next life: idle slots are dropped after a minute
        if slot := downloader.slots.get(host):
            slot.concurrency, slot.delay = 1, asked

    def _stop_at_limit(self, data: bytes, request: Request, spider: Any) -> None:  # noqa: ARG002 - Scrapy's names
        if request.meta.get("role") == "robots":
            request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if request.meta["robots_bytes"] > MAX_BYTES:
                raise StopDownload(fail=False)

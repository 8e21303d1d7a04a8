"""Fetch single addresses as a crawl would: `python -m crawlers.fetch`. The client is `crawlers.fetch_client`.

The process reads a `FetchOrder` from standard input, then `FetchRequest`s, and answers each with a `Reply`. Robots,
pace, limits and the guard of addresses are those of a crawl; nothing is stored. `crawlers.process` says how it talks
and stops.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from crawlers.errors import CrawlOrderError
from crawlers.fetch_order import FetchOrder, FetchRequest
from crawlers.process import begin, ended_early, run_spider
from storage.errors import PressrunError

log = logging.getLogger(__name__)


def main() -> int:
    messages = begin()
    try:
        order = FetchOrder.decode(sys.stdin.readline())
    except PressrunError as wrong:
        return ended_early(messages, "failed", str(wrong), wrong.exit_code)
    from crawlers.spider.fetch_spider import FetchSpider
    from crawlers.spider.shared_settings import settings_for

    requests: asyncio.Queue[FetchRequest] = asyncio.Queue()

    def asked(line: str) -> None:
        try:
            requests.put_nowait(FetchRequest.decode(line))
        except CrawlOrderError as wrong:
            log.error("a request was left out: %s", wrong)

    fields = {"outlets": order.outlets, "requests": requests}
    return run_spider(FetchSpider, messages, settings_for(order.outlets, order.settings.contact), fields, asked)


if __name__ == "__main__":
    sys.exit(main())

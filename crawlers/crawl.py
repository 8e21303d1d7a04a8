"""One crawl as a process of its own: `python -m crawlers.crawl`. Flows and the command line start it.

It reads a `CrawlOrder` from standard input as one JSON line; `crawlers.process` says how it talks and stops.

Exit codes: 0 done, 1 done but something needs a person, 2 wrong use or nothing reachable, 75 another run holds the
outlet.
"""

from __future__ import annotations

import os
import sys

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from crawlers.job import CrawlOrder, Job
from crawlers.outlet import Outlet
from crawlers.process import MessageStream, begin, ended_early, run_spider
from crawlers.seed_choice import seeds_of
from storage.errors import PressrunError


def main() -> int:
    messages = begin()
    try:
        order = CrawlOrder.decode(sys.stdin.readline())
        outlet = load_outlets(order.settings.outlets).get(order.outlet)
        seeds_of(outlet, order.job.seed_kind)
    except PressrunError as wrong:
        return ended_early(messages, "failed", str(wrong), wrong.exit_code)
    return _crawl(outlet, order.job, order.settings, messages)


def _crawl(outlet: Outlet, job: Job, settings: Settings, messages: MessageStream) -> int:
    os.environ |= {"PRESSRUN_CONTACT": settings.contact}  # where the spider class reads its User-Agent from
    from crawlers.spider.loader import spider_for

    return run_spider(spider_for(outlet), messages, {}, {"settings": settings} | job.model_dump(exclude_none=True))


if __name__ == "__main__":
    sys.exit(main())

"""Several outlets as one process: `python -m crawlers.group`. Nights are made of these.

It reads a `GroupOrder` from standard input, then `Instruction`s: which outlet to start, which to stop, and that no more
will come. Each outlet is a run of its own, with its own hold, counts and end; messages name the outlet. The process
ends with a message of its own when all runs have ended. `crawlers.process` says how it talks and stops.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from crawlers.catalog import Catalog, load_outlets
from crawlers.errors import CrawlOrderError
from crawlers.group_order import GroupOrder, Instruction
from crawlers.process import MessageStream, begin, ended_early, run_spider
from storage.errors import PressrunError

log = logging.getLogger(__name__)


def main() -> int:
    messages = begin()
    try:
        order = GroupOrder.decode(sys.stdin.readline())
        catalog = load_outlets(order.settings.outlets)
    except PressrunError as wrong:
        return ended_early(messages, "failed", str(wrong), wrong.exit_code)
    return _crawl(order, catalog, messages)


def _crawl(order: GroupOrder, catalog: Catalog, messages: MessageStream) -> int:
    from crawlers.spider.group_spider import GroupSpider
    from crawlers.spider.shared_settings import shared_settings

    instructions: asyncio.Queue[Instruction] = asyncio.Queue()

    def instructed(line: str) -> None:
        try:
            instructions.put_nowait(Instruction.decode(line))
        except CrawlOrderError as wrong:
            log.error("an instruction was left out: %s", wrong)

    fields = {"order": order, "catalog": catalog, "instructions": instructions}
    scrapy_settings = shared_settings(catalog, order.outlets, order.settings.contact)
    return run_spider(GroupSpider, messages, scrapy_settings, fields, instructed)


if __name__ == "__main__":
    sys.exit(main())

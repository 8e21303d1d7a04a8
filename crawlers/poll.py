"""One poll of many outlets as a process of its own: `python -m crawlers.poll`. The flow and the command line start it.

It reads a `PollOrder` from standard input as one JSON line; `crawlers.process` says how it talks and stops.

Exit codes: 0 done, 1 done but something needs a person, 2 wrong use or nothing reachable.
"""

from __future__ import annotations

import sys

from crawlers.catalog import Catalog, load_outlets
from crawlers.job import PollOrder
from crawlers.process import begin, ended_early, run_spider
from storage.errors import PressrunError


def main() -> int:
    messages = begin()
    try:
        order = PollOrder.decode(sys.stdin.readline())
        catalog = load_outlets(order.settings.outlets)
        _check(catalog, order.outlets)
    except PressrunError as wrong:
        return ended_early(messages, "failed", str(wrong), wrong.exit_code)
    from crawlers.spider.poll_spider import PollSpider
    from crawlers.spider.shared_settings import shared_settings

    fields = {"order": order, "catalog": catalog}
    scrapy_settings = shared_settings(catalog, order.outlets, order.settings.contact)
    return run_spider(PollSpider, messages, scrapy_settings, fields)


def _check(catalog: Catalog, named: tuple[str, ...]) -> None:
    for outlet_id in named:
        if outlet_id not in catalog.ids:
            catalog.get(outlet_id)  # raises, naming its neighbours


if __name__ == "__main__":
    sys.exit(main())

"""The spider of a group: one for all of its outlets."""

from __future__ import annotations

import asyncio

from crawlers.catalog import Catalog
from crawlers.group_order import GroupOrder, Instruction

from .group_run import GroupRun
from .run import Report
from .spider_base import SharedSpider


class GroupSpider(SharedSpider):
    """Crawls the outlets of an order as it is instructed; see `GroupRun`."""

    name = "group"

    def __init__(
        self, *, report: Report, order: GroupOrder, catalog: Catalog, instructions: asyncio.Queue[Instruction]
    ) -> None:
        super().__init__(catalog.readable(order.outlets))
        self._order, self._catalog, self._report, self._instructions = order, catalog, report, instructions

    def new_run(self) -> GroupRun:
        return GroupRun(self.crawler, self._order, self._catalog, self._report, self._instructions)

"""The spider of a poll: one for all outlets."""

from __future__ import annotations

from crawlers.catalog import Catalog
from crawlers.job import PollOrder

from .poll_run import PollRun
from .run import Report
from .spider_base import SharedSpider


class PollSpider(SharedSpider):
    """Polls the outlets of an order; see `PollRun`."""

    name = "poll"

    def __init__(self, *, report: Report, order: PollOrder, catalog: Catalog) -> None:
        super().__init__(catalog.readable(order.outlets))
        self._order, self._catalog, self._report = order, catalog, report

    def new_run(self) -> PollRun:
        return PollRun(self.crawler, self._order, self._catalog, self._report)

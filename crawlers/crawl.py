"""One crawl as a process of its own: `python -m crawlers.crawl`. Flows and the command line start it.

It reads a `CrawlOrder` from standard input as one JSON line. Standard input is then held open by whoever started the
crawl; its end stops the crawl, as SIGTERM does. Messages (see `crawlers.messages`) go to standard output, Scrapy's log
to standard error.

Exit codes: 0 done, 1 done but something needs a person, 2 wrong use or nothing reachable, 75 another run holds the
outlet.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from crawlers.job import CrawlOrder, Job
from crawlers.messages import Ended, LogLine, Message, State, encode
from crawlers.outlet import Outlet
from crawlers.seed_choice import with_seeds
from storage.errors import OutletBusyError, PressrunError

BUSY = 75  # EX_TEMPFAIL of sysexits.h


class MessageStream:
    """Writes messages as lines. A reader that is gone is no failure: the end of standard input stops the crawl then."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._lock = threading.Lock()
        self.ended = False

    def send(self, message: Message) -> None:
        self.ended = self.ended or isinstance(message, Ended)
        with self._lock:
            try:
                self._out.write(encode(message) + "\n")
                self._out.flush()
            except BrokenPipeError:
                self._out = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the rest of the process


class _Forward(logging.Handler):
    """Sends warnings and errors of the log as messages."""

    def __init__(self, messages: MessageStream) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self._messages.send(LogLine(record.levelname.lower(), record.getMessage()[:2000]))


def main() -> int:
    messages = MessageStream(_own_stdout())
    try:
        order = CrawlOrder.decode(sys.stdin.readline())
        outlet = with_seeds(load_outlets(order.settings.outlets).get(order.outlet), order.job.seed_kind)
    except PressrunError as wrong:
        return _ended_early(messages, "failed", str(wrong), wrong.exit_code)
    return _crawl(outlet, order.job, order.settings, messages)


def _crawl(outlet: Outlet, job: Job, settings: Settings, messages: MessageStream) -> int:
    os.environ |= {"PRESSRUN_CONTACT": settings.contact}  # where the spider class reads its User-Agent from
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from crawlers.spider.loader import spider_for

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawlers.settings")
    process = AsyncCrawlerProcess(get_project_settings())
    logging.getLogger().addHandler(_Forward(messages))
    crawler = process.create_crawler(spider_for(outlet))
    fields = job.model_dump(exclude_none=True)
    process.crawl(crawler, settings=settings, report=messages.send, **fields)
    loop = asyncio.get_event_loop()

    def stop() -> None:
        if crawler.spider is not None and getattr(crawler.spider, "run", None) is not None:
            crawler.spider.stop()  # type: ignore[attr-defined]
        else:
            loop.call_later(0.1, stop)  # asked before the run began

    _stop_on_signal_or_end_of_input(loop, stop)
    process.start(install_signal_handlers=False)
    run = getattr(crawler.spider, "run", None)
    if run is None:
        return _ended_early(messages, "failed", "the crawl did not start; see its log", 1)
    if not messages.ended:
        return _failed_early(messages, run.failure)
    return int(run.exit_code)


def _stop_on_signal_or_end_of_input(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    def soon(*_: Any) -> None:
        loop.call_soon_threadsafe(stop)

    def lifeline() -> None:
        while sys.stdin.read(4096):
            pass
        soon()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, soon)
    threading.Thread(target=lifeline, name="lifeline", daemon=True).start()


def _failed_early(messages: MessageStream, failure: BaseException | None) -> int:
    if isinstance(failure, OutletBusyError):
        return _ended_early(messages, "busy", str(failure), BUSY)
    code = failure.exit_code if isinstance(failure, PressrunError) else 1
    return _ended_early(messages, "failed", str(failure) or type(failure).__name__, code)


def _ended_early(messages: MessageStream, state: State, error: str, code: int) -> int:
    messages.send(Ended(state, error=error, exit_code=code))
    return code


def _own_stdout() -> IO[str]:
    """Take standard output for messages alone: whatever else prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


if __name__ == "__main__":
    sys.exit(main())

"""What the processes that crawl and poll share: one spider each, messages on standard output, an end when asked.

Whoever started the process holds its standard input open; the end of it stops the work, as SIGTERM does. Messages (see
`crawlers.messages`) go to standard output, Scrapy's log to standard error.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any

from crawlers.current import CURRENT
from crawlers.environment import read_settings
from crawlers.identity import check_identity
from crawlers.large_blocks import return_large_blocks
from crawlers.messages import Ended, LogLine, Message, OfOutlet, State, encode
from storage.errors import OutletBusyError, PressrunError
from storage.text import clean_text

if TYPE_CHECKING:
    from scrapy import Spider

BUSY = 75  # EX_TEMPFAIL of sysexits.h
END_BY_FAILURE = "Error while reading start items and requests"  # how Scrapy logs what the spider's work raised


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
    """Sends warnings and errors of the log as messages, of each the first line; what a trace holds is for the log.

    The failure of the run itself is left out: its end tells it.
    """

    def __init__(self, messages: MessageStream) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        try:
            first = record.getMessage().strip().partition("\n")[0]
            if first.startswith(END_BY_FAILURE):
                return
            line = LogLine(record.levelname.lower(), clean_text(first[:2000]))
            outlet = CURRENT.get()
            self._messages.send(OfOutlet(outlet, line) if outlet else line)
        except Exception:  # noqa: BLE001 - as all handlers of the standard library do: whoever logs goes on
            self.handleError(record)


def run_spider(
    spider: type[Spider],
    messages: MessageStream,
    scrapy_settings: Mapping[str, Any],
    fields: Mapping[str, Any],
    on_line: Callable[[str], None] = lambda _: None,
) -> int:
    """Run one spider to its end and return the exit code of its run.

    The spider takes `report` and `fields`, and has `stop()` and `run`, with `exit_code` and `failure`.
    `scrapy_settings` override those of the project. `on_line` gets further lines of standard input, in the event loop.
    """
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    try:
        check_identity(read_settings())
    except PressrunError as wrong:
        return ended_early(messages, "failed", str(wrong), wrong.exit_code)
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawlers.settings")
    project = get_project_settings()
    project.update(dict(scrapy_settings), priority="cmdline")
    process = AsyncCrawlerProcess(project)
    if project["LOG_LEVEL"] != "DEBUG":
        logging.disable(logging.DEBUG)  # Scrapy makes several records for every page, and its handlers drop them
    logging.getLogger().addHandler(_Forward(messages))
    crawler = process.create_crawler(spider)
    process.crawl(crawler, report=messages.send, **fields)
    loop = asyncio.get_event_loop()

    def stop() -> None:
        if crawler.spider is not None and getattr(crawler.spider, "run", None) is not None:
            crawler.spider.stop()  # type: ignore[attr-defined]
        else:
            loop.call_later(0.1, stop)  # asked before the run began

    _stop_on_signal_or_end_of_input(loop, stop, on_line)
    _collect_seldom()
    process.start(install_signal_handlers=False)
    run = getattr(crawler.spider, "run", None)
    if run is None:
        return ended_early(messages, "failed", "the spider did not start; see its log", 1)
    if not messages.ended:
        return _failed_early(messages, run.failure)
    return int(run.exit_code)


def _collect_seldom() -> None:
    """Leave what is imported to itself, and look for reference cycles seldom: few objects of a page are in one."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def _stop_on_signal_or_end_of_input(
    loop: asyncio.AbstractEventLoop, stop: Callable[[], None], on_line: Callable[[str], None]
) -> None:
    def soon(*_: Any) -> None:
        loop.call_soon_threadsafe(stop)

    def lifeline() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(on_line, line)
        soon()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, soon)
    threading.Thread(target=lifeline, name="lifeline", daemon=True).start()


def _failed_early(messages: MessageStream, failure: BaseException | None) -> int:
    end = end_by(failure)
    messages.send(end)
    return end.exit_code


def end_by(failure: BaseException | None) -> Ended:
    """Return the end of a run that did not begin because of this failure."""
    if isinstance(failure, OutletBusyError):
        return Ended("busy", error=str(failure), exit_code=BUSY)
    code = failure.exit_code if isinstance(failure, PressrunError) else 1
    return Ended("failed", error=str(failure) or type(failure).__name__, exit_code=code)


def ended_early(messages: MessageStream, state: State, error: str, code: int) -> int:
    """Report the end of a run that did not begin; returns the exit code."""
    messages.send(Ended(state, error=error, exit_code=code))
    return code


def begin() -> MessageStream:
    """Begin a process: standard output is for messages alone, and whatever else prints goes to standard error.

    Until `run_spider`, nothing looks for reference cycles: imports make a hundred thousand objects that stay.
    """
    gc.disable()
    return_large_blocks()
    _leave_out_http2()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return MessageStream(out)


def _leave_out_http2() -> None:
    """Let Twisted do without its part for HTTP/2: requests use HTTP/1.1, and the import takes 20 ms."""
    sys.modules.setdefault("h2", None)  # type: ignore[arg-type]  # None: it cannot be imported

"""One crawl as a process of its own: `python -m crawlers.crawl`, the way flows and the command line run it.

A job comes as one JSON line on standard input, which is then held open: its end means that whoever started the crawl
is gone, and stops it, as SIGTERM does. JSON lines go out on standard output (`start`, `progress`, `log`, `end`),
Scrapy's own log on standard error. Exit codes: 0 done, 1 done but something needs a person, 2 wrong use or nothing
reachable, 75 the outlet is held by another run.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

from pydantic import ValidationError

from crawlers.catalog import load_outlets
from crawlers.environment import Settings, read_settings
from crawlers.outlet import Outlet
from crawlers.spider.job import Job
from storage.errors import OutletBusyError, PressrunError

BUSY = 75  # EX_TEMPFAIL of sysexits.h


class Order(Job):
    """The line on standard input: a job, for which outlet, and where things are."""

    outlet: str
    db: str | None = None
    outlets: str | None = None
    data: str | None = None
    contact: str | None = None

    def settings(self) -> Settings:
        given = {name: getattr(self, name) for name in ("db", "outlets", "data", "contact")}
        return read_settings(**{name: value for name, value in given.items() if value is not None})

    def job(self) -> Job:
        return Job(**{name: getattr(self, name) for name in Job.model_fields})


class Lines:
    """The JSON lines that go out. A reader that is gone is no reason to fail: the lifeline ends the crawl then."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._lock = threading.Lock()
        self.ended = False

    def send(self, line: dict[str, Any]) -> None:
        self.ended = self.ended or line["type"] == "end"
        with self._lock:
            try:
                self._out.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
                self._out.flush()
            except BrokenPipeError:
                self._out = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the rest of the process


class _Forward(logging.Handler):
    """Warnings and errors as lines, for whoever watches the run."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.send({"type": "log", "level": record.levelname.lower(), "message": record.getMessage()[:2000]})


def main() -> int:
    lines = Lines(_own_stdout())
    try:
        order = Order.model_validate_json(sys.stdin.readline())
        settings = order.settings()
        outlet = load_outlets(settings.outlets).get(order.outlet)
    except ValidationError as wrong:
        return _ended_early(lines, "failed", f"the job is not valid: {_first(wrong)}", 2)
    except PressrunError as wrong:
        return _ended_early(lines, "failed", str(wrong), wrong.exit_code)
    return _crawl(outlet, order.job(), settings, lines)


def _crawl(outlet: Outlet, job: Job, settings: Settings, lines: Lines) -> int:
    os.environ |= {"PRESSRUN_CONTACT": settings.contact}  # where the spider class reads its User-Agent from
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from crawlers.spider.loader import spider_for

    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawlers.settings")
    process = AsyncCrawlerProcess(get_project_settings())
    logging.getLogger().addHandler(_Forward(lines))
    crawler = process.create_crawler(spider_for(outlet))
    process.crawl(crawler, settings=settings, report=lines.send, **job.model_dump(exclude_none=True))
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
        return _ended_early(lines, "failed", "the crawl did not start; see its log", 1)
    if not lines.ended:
        return _failed_early(lines, run.failure)
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


def _failed_early(lines: Lines, failure: BaseException | None) -> int:
    if isinstance(failure, OutletBusyError):
        return _ended_early(lines, "busy", str(failure), BUSY)
    code = failure.exit_code if isinstance(failure, PressrunError) else 1
    return _ended_early(lines, "failed", str(failure) or type(failure).__name__, code)


def _ended_early(lines: Lines, state: str, error: str, code: int) -> int:
    lines.send(
        {"type": "end", "state": state, "run": None, "counts": {}, "error": error, "seconds": 0, "exit_code": code}
    )
    return code


def _first(wrong: ValidationError) -> str:
    fault = wrong.errors()[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'job'}: {fault['msg']}"


def _own_stdout() -> IO[str]:
    """Standard output for our lines alone: whatever else prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


if __name__ == "__main__":
    sys.exit(main())

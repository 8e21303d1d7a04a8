"""A single worker, as a survey and a live check use it."""

from __future__ import annotations

from datetime import UTC, datetime

import psutil

from crawlers.catalog import load_outlets
from crawlers.extraction import extract
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.workers import SingleWorker
from storage.model import Article, DateSource, Hints, Precision, Published

URL = "https://www.azernews.az/nation/1.html"
OUTLET = load_outlets().get("azernews")
TITLE = "Ferry resumes service"
HEAD = f"<html lang=en><meta name=robots content=noai><title>{TITLE}</title><h1>{TITLE}</h1>"
LINES = (f"<p>{n}. The ferry across the lake resumed service on Monday, the town said in a note." for n in range(6))
PAGE = f"{HEAD}{''.join(LINES)}</html>".encode()


def test_it_gives_what_extraction_in_this_process_gives() -> None:
    told = Published(datetime(2024, 3, 4, 9, 30, tzinfo=UTC), Precision.MINUTE, DateSource.FEED, "Mon, 04 Mar 2024")
    hints = Hints(published=told, authors=("Jane Doe",))
    with SingleWorker() as worker:
        found = worker(PAGE, URL, OUTLET, hints, "text/html")
        refused = worker(b"", URL, OUTLET)
    assert isinstance(found, Article)
    assert found == extract(PAGE, URL, OUTLET, hints, "text/html")
    assert refused == extract(b"", URL, OUTLET)


def test_a_page_that_takes_too_long_is_refused_and_no_process_is_left() -> None:
    before = psutil.Process().children()
    with SingleWorker(time_limit=0) as worker:
        assert worker(PAGE, URL, OUTLET) == Rejected(Reason.HOSTILE, "time: more than 0 s")
    assert psutil.Process().children() == before

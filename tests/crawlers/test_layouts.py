"""Layouts and their `until`: a page is read by the layout of the day on which it was taken."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.archived_pages import Archive, reextract
from crawlers.captures import captured_at
from crawlers.catalog import load_outlets, read_outlet
from crawlers.outlet import Outlet
from storage import articles, frontier
from storage.database import Database
from storage.frontier import FinishedPage, Rejected, SeedFetch
from storage.model import Link
from storage.warc import ArchiveWriter

OUTLET = """
name = "Layouts"
home = "https://layouts.example/"
country = "ge"
languages = ["en"]
timezone = "Asia/Tbilisi"
[urls]
article = '^https://layouts\\.example/news/\\d+$'
[[seeds]]
kind = "feed"
url = "https://layouts.example/rss"
[[extract]]
body = "div.content"
author = "b.new"
[[extract]]
until = 2021-06-30
body = "div.content"
author = "b.middle"
[[extract]]
until = 2019-12-31
body = "div.content"
author = "b.old"
"""
WORDS = "The ferry to the island was repaired by the people of the harbour before the winter came. " * 8
# All layouts find their body here, so that the day alone can decide.
PAGE = (
    '<html lang="en"><head><title>Ferry repaired before winter</title></head><body><h1>Ferry repaired before winter</h1>'
    "<b class=old>Leyla Hasanova</b><b class=middle>Rashad Mammadov</b><b class=new>Aydan Quliyeva</b>"
    f'<div class="content"><p>{WORDS}</p><p>{WORDS} {{}}</p></div></body></html>'
)


@pytest.fixture(name="folder")
def a_folder(tmp_path: Path) -> Path:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "layouts.toml").write_text(OUTLET)
    return tmp_path


@pytest.fixture(name="outlet")
def an_outlet(folder: Path) -> Outlet:
    return read_outlet(folder / "outlets" / "layouts.toml")


@pytest.mark.parametrize(
    ("taken", "first"),
    [
        ("2018-01-01T00:00Z", "b.old"),
        ("2019-12-31T19:59Z", "b.old"),
        ("2019-12-31T20:00Z", "b.middle"),  # the first instant of 2020 in Tbilisi
        ("2021-06-30T12:00Z", "b.middle"),
        ("2021-07-01T12:00Z", "b.new"),
        ("2026-01-01T00:00Z", "b.new"),
    ],
)
def test_the_layout_of_the_day_stands_first_and_none_is_lost(outlet: Outlet, taken: str, first: str) -> None:
    then = outlet.as_of(datetime.fromisoformat(taken))
    assert then.extract[0].author == first
    assert {rule.author for rule in then.extract} == {"b.new", "b.middle", "b.old"}


def test_an_archived_page_is_extracted_again_by_the_layout_of_its_day(database: Database, folder: Path) -> None:
    by_day = {2019: "Leyla Hasanova", 2021: "Rashad Mammadov", 2025: "Aydan Quliyeva"}
    run = frontier.start_run(database, frontier.RunRequest("layouts", "Layouts", "crawl"))
    links = {f"https://layouts.example/news/{year}": datetime(year, 3, 5, 12, tzinfo=UTC) for year in by_day}
    frontier.discover(database, run, SeedFetch("feed", "https://layouts.example/rss"), list(map(Link, links)))
    archive = ArchiveWriter(folder / "data", run.id, "layouts")
    finished = []
    for lease in frontier.lease(database, run, 10, now=datetime.now(UTC)):
        at = links[lease.url]
        body = PAGE.format(at.year).encode()
        headers = [(b"Content-Type", b"text/html")]
        place = archive.write(url=lease.url, status=200, headers=headers, body=body, fetched_at=at)
        # Pages that were refused then are articles now.
        finished.append(
            FinishedPage(lease.page_id, Rejected("too_short"), at, 200, lease.url, (lease.url,), warc=place)
        )
    archive.close()
    frontier.finish(database, run, finished, datetime.now(UTC))
    frontier.end_run(database, run.id, "completed", {})
    done = reextract(Archive(database, folder / "data", load_outlets(folder / "outlets")))
    assert done.read == 3
    found = {int(row.url[-4:]): row.authors for row in articles.iter_articles(database, copies=True)}
    assert found == {year: (name,) for year, name in by_day.items()}


@pytest.mark.parametrize(
    ("url", "at"),
    [
        ("https://web.archive.org/web/20190305120000id_/https://a.example/1", datetime(2019, 3, 5, 12, tzinfo=UTC)),
        ("https://pywb.example/news/20190305120000id_/https://a.example/1", datetime(2019, 3, 5, 12, tzinfo=UTC)),
        ("https://web.archive.org/web/20199905120000id_/https://a.example/1", None),
        ("https://a.example/1", None),
    ],
)
def test_the_address_of_a_capture_says_when_it_was_taken(url: str, at: datetime | None) -> None:
    assert captured_at(url) == at

"""`pressrun gaps` over a store with a month of news, a thin day and an overflow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert

from storage import frontier
from storage.coverage import overflows
from storage.database import Database, open_database
from storage.model import DateSource, Hints, Link, Precision, Published
from storage.schema.tables import Instant
from tests.calling import Pressrun, outlet_file
from tests.storage.building import article, begin

USUAL = 9


def today() -> date:
    """The day of the outlet, which is a day ahead of UTC's from 20:00 UTC on."""
    return datetime.now(ZoneInfo("Asia/Tbilisi")).date()


def thin_day() -> date:
    return today() - timedelta(days=20)


def fill(db: Database, days: int = 70) -> None:
    """Nine articles a day, and one on the thin day, up to the day before yesterday."""
    run = begin(db, "example_ge")
    for back in range(2, days):
        day = today() - timedelta(days=back)
        for n in range(1 if day == thin_day() else USUAL):
            at = Published(datetime.combine(day, time(8, n), UTC), Precision.MINUTE, DateSource.META, "")
            url = f"https://example.ge/news/{back * 100 + n}"
            frontier.discover(
                db, run, frontier.SeedFetch("feed", "https://example.ge/rss"), [Link(url, Hints(published=at))]
            )
    leases = frontier.lease(db, run, 10_000, now=datetime.now(UTC) + timedelta(days=1))
    now = datetime.now(UTC)
    pages = [
        frontier.FinishedPage(
            one.page_id, frontier.Extracted(article(one.url, one.page_id, when=one.hints.published)), now, 200, None, ()
        )
        for one in leases
    ]
    for at in range(0, len(pages), 200):
        frontier.finish(db, run, pages[at : at + 200], now)
    frontier.end_run(db, run.id, "completed", {})


@pytest.fixture(name="db")
def a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("PRESSRUN_OUTLETS", str(outlet_file(tmp_path / "mine")))
    db = open_database(f"sqlite:///{tmp_path}/data/pressrun.db")
    yield db
    db.close()


class Cells(HTMLParser):
    """The cells of the calendar, and everything that would be fetched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[dict[str, str | None]] = []
        self.resources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "td" and "aria-label" in given:
            self.cells.append(given)
        self.resources += [str(given[name]) for name in ("src", "href", "data") if name in given]
        assert tag not in ("script", "link", "img", "iframe")


def test_a_thin_day_is_found_with_its_evidence_and_filled_by_the_command_it_names(
    pressrun: Pressrun, db: Database, tmp_path: Path
) -> None:
    fill(db)
    html = tmp_path / "gaps.html"
    said = pressrun("gaps", "--html", html, "--from", today() - timedelta(days=59), "--to", today() - timedelta(days=1))
    assert said.code == 1
    header, finding = said.out.splitlines()
    assert header.split("\t") == ["outlet", "what", "from", "to", "evidence", "fill it with"]
    cells = finding.split("\t")
    assert cells[:4] == ["example_ge", "thin", str(thin_day()), str(thin_day())]
    assert cells[4].startswith(f"1 held; 9 is usual on a {thin_day():%A}")
    assert cells[5] == f"pressrun backfill example_ge --from {thin_day()} --to {thin_day()}"
    page = html.read_text()
    calendar = Cells(page)
    assert calendar.resources == []
    assert "url(" not in page
    [thin] = [cell for cell in calendar.cells if "thin" in str(cell["class"])]
    assert str(thin["aria-label"]).startswith(f"{thin_day():%a %Y-%m-%d}: 1 announced, 1 fetched, 1 stored")
    assert "Thin: 1 held; 9 is usual" in str(thin["title"])
    assert len(calendar.cells) == 59
    assert list(tmp_path.glob("gaps.html*")) == [html]


def test_a_day_that_a_backfill_has_gone_through_needs_nobody_any_more(pressrun: Pressrun, db: Database) -> None:
    fill(db)
    run = begin(db, "example_ge")
    frontier.mark_window_finished(db, "example_ge", thin_day(), thin_day(), run.id)
    frontier.end_run(db, run.id, "completed", {})
    said = pressrun("gaps", "example_ge", "--json")
    assert said.code == 0
    [finding] = said.json["findings"]
    assert (finding["kind"], finding["from"], finding["command"]) == ("backfilled", str(thin_day()), "")
    [outlet] = said.json["outlets"]
    day = next(one for one in outlet["days"] if one["day"] == str(thin_day()))
    assert (day["held"], day["by_seed"]) == (1, {"feed": 1})


def test_the_figures_of_every_day_of_a_span(pressrun: Pressrun, db: Database) -> None:
    fill(db, days=4)
    first, last = today() - timedelta(days=3), today() - timedelta(days=2)
    said = pressrun("gaps", "example_ge", "--days", "--from", first, "--to", last)
    assert said.code == 0
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert rows[0][:5] == ["outlet", "day", "announced", "fetched", "stored"]
    assert [row[1:5] for row in rows[1:]] == [[str(day), "9", "9", "9"] for day in (first, last)]
    assert rows[1][12] == "feed:9"


def test_an_overflow_that_nobody_has_closed_is_a_finding(
    pressrun: Pressrun, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(db, "example_ge")
    frontier.end_run(db, run.id, "completed", {})
    gaps = Table(
        "gaps_of_test", MetaData(), Column("outlet_id", String), Column("seed_url", String), Column("since", Instant),
        Column("until", Instant), Column("found_at", Instant), Column("closed_at", Instant), Column("first_number", Integer),
        Column("last_number", Integer),
    )  # fmt: skip
    monkeypatch.setattr(overflows, "_gaps", lambda: gaps)
    since = datetime.combine(today() - timedelta(days=4), time(21), UTC)  # the next day in Tbilisi
    row = {"outlet_id": "example_ge", "seed_url": "https://example.ge/rss?a=1&b=2", "since": since, "found_at": since}
    open_one = row | {"until": since + timedelta(hours=5), "closed_at": None} | {"first_number": 7, "last_number": 90}
    with db.begin() as c:
        gaps.create(c)
        c.execute(insert(gaps), [open_one, open_one | {"closed_at": since}, open_one | {"outlet_id": "another"}])
    said = pressrun("gaps", "--json")
    assert said.code == 1
    [finding] = said.json["findings"]
    day = today() - timedelta(days=3)
    assert (finding["kind"], finding["from"], finding["to"]) == ("overflow", str(day), str(day))
    assert (
        finding["evidence"]
        == f"https://example.ge/rss?a=1&b=2 held nothing from {day} 01:00 to {day} 06:00; ids 7 to 90 were never asked for"
    )
    assert finding["command"] == f"pressrun backfill example_ge --from {day} --to {day}"
    run = begin(db, "example_ge")
    frontier.mark_window_finished(db, "example_ge", day - timedelta(days=9), day, run.id)
    frontier.end_run(db, run.id, "completed", {})
    assert pressrun("gaps", "--json").json["findings"] == []


def test_wrong_use_is_one_line(pressrun: Pressrun, db: Database, tmp_path: Path) -> None:
    said = pressrun("gaps", "--from", "2024-02-01", "--to", "2024-01-01")
    assert (said.code, said.line) == (2, "--from 2024-02-01 is after --to 2024-01-01; see pressrun gaps --help")
    assert "there is no outlet 'nosuch'" in pressrun("gaps", "nosuch").line
    (tmp_path / "full").write_text("")
    said = pressrun("gaps", "--html", tmp_path / "full" / "x.html")
    assert said.code == 2
    assert re.search(r"cannot write .*x.html: Not a directory; name another", said.line)


def test_a_store_without_outlets_has_no_gaps(pressrun: Pressrun, db: Database) -> None:
    said = pressrun("gaps")
    assert (said.code, said.out) == (0, "")
    assert "no outlets yet" in said.err


def test_what_outlets_write_is_text_in_the_calendar(tmp_path: Path) -> None:
    from flows.calendar_html import calendar_html
    from flows.coverage import Finding
    from storage.coverage import DayCounts, OutletCoverage

    evil = '<script>alert("1")</script>'
    day = DayCounts(date(2025, 3, 4), announced=1, waiting=1, by_seed={evil: 1})
    covered = OutletCoverage(evil, (day,), (), (), (), 3)
    found = Finding(evil, "thin", day.day, day.day, evil, evil)
    page = calendar_html([covered], [found], datetime.now(UTC))
    assert "<script" not in page
    Cells(page)

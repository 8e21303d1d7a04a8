"""What a backfill is made of before a request is sent: windows by volume, names, the form, the lines of its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from crawlers.environment import Settings
from crawlers.errors import NoSuchSeedError, UnknownOutletError
from flows.backfill import Order, _line
from flows.backfill_order import BackfillOrder, label, labels, make_plans, make_ready, wrong_days
from flows.plan_text import duration, headline, plan_markdown, remarks
from flows.summary import OutletLine, summarise
from flows.window_rounds import Rounds
from flows.windows import Span
from storage.database import open_database
from tests.calling import OUTLET, outlet_file
from tests.storage.building import begin, put

JANUARY = (date(2024, 1, 1), date(2024, 1, 31))
FEBRUARY = (date(2024, 2, 1), date(2024, 2, 29))
LARGE = (
    OUTLET
    + '[[seeds]]\nkind = "sitemap"\nurl = "https://example.ge/sitemap.xml"\n[expect]\nper_day = { min = 200, max = 800 }\n'
)


def settings(folder: Path, text: str = LARGE) -> Settings:
    return Settings(f"sqlite:///{folder}/x.db", outlet_file(folder / "mine", text), folder, "a@example.org")


def order(first: date, last: date, **more: Any) -> BackfillOrder:
    return BackfillOrder(("example_ge", "example_ge"), Span(first, last, **more))


def test_an_outlet_named_twice_is_crawled_once_in_windows_of_its_expected_volume(tmp_path: Path) -> None:
    ready = make_ready(settings(tmp_path), order(date(2024, 3, 1), date(2024, 3, 12)))
    assert list(ready.windows) == ["example_ge"]
    assert [label(days) for days in ready.windows["example_ge"]] == [  # 400 a day: the geometric mean
        "2024-03-11 to 2024-03-12", "2024-03-04 to 2024-03-10", "2024-03-01 to 2024-03-03",
    ]  # fmt: skip


def test_what_the_archive_holds_goes_before_what_the_outlet_file_expects(tmp_path: Path) -> None:
    given = settings(tmp_path)
    db = open_database(given.db)
    run = begin(db, "example_ge")
    for n in range(12):
        put(db, run, f"https://example.ge/news/{n}", n, hours=12 * n)
    db.close()
    ready = make_ready(given, order(date(2024, 3, 1), date(2024, 3, 31)))
    assert ready.windows["example_ge"] == [(date(2024, 3, 1), date(2024, 3, 31))]
    [plan] = make_plans(given, ready)
    assert plan.notes[0] == "about 2 articles a day (the median of the last 90 days in the archive)"
    assert (plan.articles, plan.requests) == (62, 2 + 62)
    [plan] = make_plans(given, make_ready(given, order(date(2025, 3, 1), date(2025, 3, 31))))
    assert (plan.requests, plan.notes[1]) == (2 + 50, "12 articles of the span are in the archive already")


def test_a_plan_says_in_words_what_it_found(tmp_path: Path) -> None:
    given = settings(tmp_path)
    [plan] = make_plans(given, make_ready(given, order(date(2024, 3, 1), date(2024, 3, 12))))
    assert headline(plan) == "example_ge: 3 windows, about 4802 requests, 80 min (one request in 1 s)"
    assert remarks(plan)[0] == "about 400 articles a day (expect.per_day of the outlet file, 200 to 800)"
    page = plan_markdown([plan], "plan | of a backfill")
    assert "# plan &#124; of a backfill" in page
    assert "| feed | no |  | it holds only the newest entries | https://example.ge/rss |" in page


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (119, "119 s"), (7199, "120 min"), (7200, "2.0 h"), (345_600, "4.0 days")]
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_kind_of_seed_that_an_outlet_has_not_and_an_outlet_without_a_file_are_named(tmp_path: Path) -> None:
    given = settings(tmp_path)
    with pytest.raises(
        NoSuchSeedError, match="example_ge has no seed of the kind listing; its file has: feed, sitemap"
    ):
        make_ready(given, order(*JANUARY, seed_kind="listing"))
    with pytest.raises(UnknownOutletError):
        make_ready(given, BackfillOrder(("nosuch",), Span(*JANUARY)))
    assert not (tmp_path / "x.db").exists()


def test_windows_have_names_that_differ() -> None:
    day = date(2024, 2, 29)
    assert [label(days) for days in (JANUARY, FEBRUARY, (day, day), (date(2024, 2, 2), day))] == [
        "2024-01", "2024-02", "2024-02-29", "2024-02-02 to 2024-02-29",
    ]  # fmt: skip
    assert labels([JANUARY] * 5) == "2024-01, 2024-01, 2024-01 and 2 more"


def test_the_form_refuses_days_that_make_no_span() -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert wrong_days(tomorrow, tomorrow) is None
    with pytest.raises(ValidationError, match="is in the future"):
        Order(outlets=["azernews"], first=tomorrow, last=tomorrow + timedelta(days=1))  # type: ignore[list-item]
    made = Order(outlets=["azernews"], first=JANUARY[0], last=JANUARY[1], seed="id_range", budget=9, refetch=True)  # type: ignore[list-item, arg-type]
    assert made.as_order() == BackfillOrder(("azernews",), Span(*JANUARY, "id_range", True), 9)


def test_every_field_of_the_form_has_a_description_and_its_bounds() -> None:
    schema = Order.model_json_schema()
    assert all("description" in field for field in schema["properties"].values())
    kinds = schema["$defs"]["SeedChoice"]["enum"]
    assert {"automatic", "sitemap", "listing", "wordpress", "id_range"} <= set(kinds)
    assert "feed" not in kinds
    assert schema["properties"]["budget"]["anyOf"][0]["minimum"] == 1
    assert schema["properties"]["first"]["pattern"].startswith("^")


def ended(**states: str) -> Rounds[OutletLine]:
    windows = {"january": JANUARY, "february": FEBRUARY}
    ends = {windows[name]: OutletLine("x", state, note=f"said in {name}") for name, state in states.items()}  # type: ignore[arg-type]
    return Rounds(ends)


def test_the_line_of_an_outlet_says_what_is_left_and_why() -> None:
    total, windows = OutletLine("x", "completed", new=7), [FEBRUARY, JANUARY]
    assert _line(total, [], ended()).note == "all days are finished"
    done = _line(total, windows, ended(january="completed", february="attention"))
    assert (done.state, done.note, done.new) == ("attention", "said in february", 7)
    rounds = ended(january="failed", february="completed")
    rounds.left, rounds.why = [JANUARY], "failed"
    failed = _line(total, windows, rounds)
    assert (failed.state, failed.note) == ("failed", "said in january; 1 of 2 windows are left: 2024-01")
    stopped = ended(january="stopped", february="failed")
    stopped.left, stopped.why = [JANUARY, FEBRUARY], "stopped"
    assert _line(total, windows, stopped).state == "failed"


@pytest.mark.parametrize(
    ("january", "february", "state", "said"),
    [
        ("completed", "completed", "completed", ""),
        ("failed", "failed", "failed", "said in january; "),
        ("failed", "attention", "failed", "said in january; "),
        ("completed", "attention", "attention", "said in february; "),
    ],
)
def test_a_used_up_budget_hides_no_window_that_failed(january: str, february: str, state: str, said: str) -> None:
    rounds = ended(january=january, february=february)
    rounds.left, rounds.why = [JANUARY], "budget"
    line = _line(OutletLine("x", "completed"), [FEBRUARY, JANUARY], rounds)
    assert (line.state, line.note) == (state, f"{said}the budget is used up; left for another run: 2024-01")
    assert summarise([line], 1.0).exit_code == int(state != "completed")

"""`pressrun crawl`, `nightly` and `backfill` over the demo's press, as a person or a program calls them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.catalog import load_outlets
from deploy.demo.press import Press
from flows.cli.crawl import joint_exit_code
from storage import frontier
from storage.database import open_database
from storage.frontier import end_run
from tests.calling import OUTLET, Pressrun, outlet_file


@pytest.fixture(name="press")
def a_press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    with Press() as press:
        monkeypatch.setenv("PRESSRUN_OUTLETS", str(press.outlet_folder))
        yield press


def test_a_crawl_tells_what_came_of_it_and_a_second_one_fetches_nothing(pressrun: Pressrun, press: Press) -> None:
    said = pressrun("crawl", "demo_xeber")
    assert said.code == 0, said
    assert "demo_xeber: completed in" in said.out
    assert "10 stored" in said.out
    assert "demo_xeber: reasons:" in said.out
    fetched = press.requests("article")
    said = pressrun("crawl", "demo_xeber", "--json")
    [end] = json.loads(said.out)
    assert (end["outlet"], end["state"], end["counts"]["stored"]) == ("demo_xeber", "completed", 0)
    assert press.requests("article") == fetched
    assert "completed" in pressrun("status", "demo_xeber").out


def test_limit_since_and_refetch_are_passed_on(pressrun: Pressrun, press: Press, tmp_path: Path) -> None:
    pressrun("crawl", "demo_xeber", "--limit", 3)
    assert press.requests("article") == 3
    before = press.requests("article")
    pressrun("crawl", "demo_xeber", "--refetch", "--limit", 2)
    assert press.requests("article") == before + 2
    pressrun("crawl", "demo_xeber", "--since", "2025-11-01", "--db", f"sqlite:///{tmp_path}/since.db")
    rows = pressrun("articles", "list", "--json", "--db", f"sqlite:///{tmp_path}/since.db").json
    assert {row["published_at"][:7] for row in rows} == {"2025-11"}


def test_a_night_crawls_all_and_names_what_needs_a_person(pressrun: Pressrun, press: Press, tmp_path: Path) -> None:
    outlet_file(press.outlet_folder, OUTLET.replace("name =", "enabled = false\nname ="), "switched_off")
    outlet_file(press.outlet_folder, "name = 3", "broken")
    for built_in in load_outlets().ids:
        outlet_file(press.outlet_folder, OUTLET.replace("name =", "enabled = false\nname ="), built_in)
    said = pressrun("nightly", "--json")
    assert said.code == 1
    lines = {line["outlet"]: line for line in said.json["outlets"]}
    assert set(lines) == {"broken", "demo_digest", "demo_herald", "demo_xeber"}
    assert lines["broken"]["state"] == "failed"
    assert "broken.toml: name" in lines["broken"]["note"]
    assert lines["demo_herald"]["new"] >= 15
    assert "demo_digest\tcompleted" in pressrun("nightly", "demo_digest").out


def test_a_backfill_takes_its_months_alone_and_is_done_once(pressrun: Pressrun, press: Press) -> None:
    words = ("backfill", "demo_xeber", "--from", "2025-09-01", "--to", "2025-10-31")
    said = pressrun(*words)
    assert said.code == 0, said
    assert said.out.startswith("demo_xeber: 2 windows to do\ndemo_xeber 2025-10: ")
    rows = pressrun("articles", "list", "--json").json
    assert len(rows) == 6
    assert {row["published_at"][:7] for row in rows} == {"2025-09", "2025-10"}
    assert pressrun(*words).out == "demo_xeber: all days are finished\n"


def test_an_outlet_that_another_run_holds_is_left_alone(pressrun: Pressrun, press: Press, tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path}/data/pressrun.db")
    run = frontier.start_run(db, frontier.RunRequest("demo_herald", "Herald", "nightly", {}))
    said = pressrun("crawl", "demo_herald")
    assert said.code == 75
    assert f"demo_herald is held by run {run.id}" in said.line
    end_run(db, run.id, "completed", {})
    db.close()
    assert press.requests("seed") == 0


def test_outlets_that_end_differently_are_work_for_a_person(pressrun: Pressrun, press: Press, tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path}/data/pressrun.db")
    frontier.start_run(db, frontier.RunRequest("demo_herald", "Herald", "nightly", {}))
    said = pressrun("crawl", "demo_herald", "demo_xeber", "--limit", 1)
    assert "demo_herald is held by run 1" in said.line
    assert "demo_xeber: completed" in said.out
    assert said.code == 1
    db.close()


@pytest.mark.parametrize(
    ("codes", "joint"),
    [
        ([], 0), ([0, 0], 0), ([2, 2], 2), ([75, 75], 75), ([0, 1], 1), ([0, 2], 1), ([0, 75], 1), ([2, 75], 1),
        ([-9], 1), ([0, -9], 1),
    ],
)  # fmt: skip
def test_an_exit_code_other_than_1_is_that_of_every_outlet(codes: list[int], joint: int) -> None:
    assert joint_exit_code(codes) == joint


def test_without_a_network_one_line_says_so(pressrun: Pressrun, tmp_path: Path) -> None:
    unreachable = OUTLET.replace("https://example.ge/", "http://127.0.0.1:9/").replace(
        "[urls]", "allow_private = true\n[urls]"
    )
    said = pressrun("crawl", "example_ge", "--outlets", outlet_file(tmp_path / "mine", unreachable))
    assert said.code == 2
    assert "is the network up, and does http://127.0.0.1:9/ answer?" in said.line


@pytest.mark.parametrize("command", [("crawl", "demo_xeber"), ("nightly", "demo_xeber")])
def test_no_process_of_a_crawl_imports_from_the_folder_it_is_called_in(
    pressrun: Pressrun, press: Press, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Others may be able to write there."""
    told = tmp_path / "imported"
    for module in ("scrapy", "twisted", "lxml", "trafilatura", "sqlalchemy", "crawlers", "storage", "json", "logging"):
        (tmp_path / f"{module}.py").write_text(f"open({str(told)!r}, 'a').write('{module} ')\nraise SystemExit\n")
    said = pressrun(*command)
    assert said.code == 0, said
    assert pressrun("articles", "list", "--json").out.count("demo_xeber") >= 10
    assert not told.exists(), told.read_text()

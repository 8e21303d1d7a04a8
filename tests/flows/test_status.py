"""`pressrun status`: findings of health, for people and machines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from click.testing import CliRunner

from flows.cli.status import status_command
from storage import frontier
from storage.database import Database
from storage.frontier import Failed
from storage.health.findings import finding
from storage.health.store import record_findings
from storage.model import Link
from tests.storage.building import begin, end_page, lease_page, put


def status(url: str, folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(status_command, ["--db", url, "--data", str(folder), *arguments], standalone_mode=False)
    assert result.exception is None, result.output
    return result.return_value, result.output


def test_open_findings_are_shown_and_an_error_needs_a_person(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    run = begin(database, "azernews")
    frontier.end_run(database, run.id, "completed", {"stored": 0})
    code, text = status(database_url, tmp_path, "azernews")
    assert (code, text.splitlines()[1].split("\t")[-1]) == (0, "ok")
    silent = finding("silent", "error", date(2026, 3, 11), "no articles on 2026-03-11 where 20 are usual")
    record_findings(database, "azernews", [silent], {"silent"}, datetime.now(UTC))
    code, text = status(database_url, tmp_path, "azernews")
    assert code == 1
    assert "no articles on 2026-03-11 where 20 are usual" in text
    assert "deploy/runbook.md#silent" in text
    code, text = status(database_url, tmp_path, "azernews", "--json")
    (row,) = json.loads(text)
    assert code == 1
    assert (row["findings"][0]["kind"], row["findings"][0]["since"]) == ("silent", "2026-03-11")


def test_the_column_of_the_last_article_names_its_zone(database: Database, database_url: str, tmp_path: Path) -> None:
    put(database, begin(database, "azernews"), "https://azernews.az/1", "a")
    names, cells = (line.split("\t") for line in status(database_url, tmp_path, "azernews")[1].splitlines())
    shown = cells[names.index("last article (UTC)")]
    (row,) = json.loads(status(database_url, tmp_path, "azernews", "--json")[1])
    assert f"{datetime.fromisoformat(row['last_article']).astimezone(UTC):%Y-%m-%d %H:%M}" == shown


def test_the_table_of_all_outlets_tells_what_programs_are_told(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    herald, courier = begin(database, "herald"), begin(database, "courier")
    put(database, herald, "https://herald.example/1", "a")
    end_page(database, herald, lease_page(database, herald, "https://herald.example/2"), Failed("timeout", "late"))
    frontier.discover(database, courier, None, [Link(f"https://courier.example/{n}") for n in range(3)])
    assert frontier.count_open_pages(database) == {"herald": {"failed": 1}, "courier": {"waiting": 3}}
    told = {row["outlet"]: row for row in json.loads(status(database_url, tmp_path, "--json")[1])}
    lines = [line.split("\t") for line in status(database_url, tmp_path)[1].splitlines()]
    columns = [lines[0].index(name) for name in ("articles", "copies", "waiting", "failed")]
    shown = {line[0]: [int(line[column]) for column in columns] for line in lines[1:]}
    assert shown.keys() == told.keys()
    for outlet, row in told.items():
        ledger = row["ledger"]
        assert shown[outlet] == [row["articles"], row["copies"], ledger["waiting"], ledger["failed"]], outlet
    assert [shown[outlet] for outlet in ("herald", "courier")] == [[1, 0, 0, 1], [0, 0, 3, 0]]


def test_every_kind_of_finding_has_its_entry_in_the_runbook() -> None:
    from storage.health import KINDS

    runbook = (Path(__file__).parents[2] / "deploy" / "runbook.md").read_text(encoding="utf-8")
    headings = {line.removeprefix("### ").replace(" ", "-") for line in runbook.splitlines() if line.startswith("### ")}
    found = {finding(kind, "error", date(2026, 1, 1), "").runbook.partition("#")[2] for kind in KINDS}
    assert found <= headings

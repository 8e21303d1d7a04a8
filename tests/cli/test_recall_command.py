"""`pressrun recall` over a small store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import frontier
from storage.database import Database, open_database
from storage.frontier import Failed, Gone, Rejected
from tests.calling import Pressrun, outlet_file
from tests.storage.building import begin, end_page, lease_page, put

SITE = "https://example.ge/news"


@pytest.fixture(name="db")
def a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("PRESSRUN_OUTLETS", str(outlet_file(tmp_path / "mine")))
    db = open_database(f"sqlite:///{tmp_path}/data/pressrun.db")
    run = begin(db, "example_ge")
    put(db, run, f"{SITE}/1", "a")
    put(db, run, f"{SITE}/2", "b", hours=24 * 30)
    for number, result in ((3, Rejected("paywall")), (4, Gone("http_404")), (5, Failed("timeout"))):
        end_page(db, run, lease_page(db, run, f"{SITE}/{number}"), result)
        frontier.put_back_all(db, run)
    yield db
    db.close()


def listed(folder: Path, *lines: str) -> Path:
    path = folder / "list.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_table_is_not_taken_for_a_list(pressrun: Pressrun, db: Database, tmp_path: Path) -> None:
    table = listed(tmp_path, "link,number of views", f"{SITE}/1,2", f"{SITE}/2,5")
    said = pressrun("recall", table)
    assert (said.code, said.out) == (2, "")
    assert said.line == f"{table} looks like a CSV with the columns link, number of views; choose one with --column"
    assert pressrun("recall", table, "--column", "link", "--json").json["held"] == 2
    bare = table.rename(tmp_path / "bare.csv")
    bare.write_text(f"{SITE}/1,2\n")
    assert "name its columns in a first line, and choose one with --column" in pressrun("recall", bare).line
    commented = listed(tmp_path, "the addresses of March", f"{SITE}/1", f"{SITE}/a,2")
    assert pressrun("recall", commented, "--json").json["addresses"] == 2


def test_every_address_is_held_or_has_its_reason(pressrun: Pressrun, db: Database, tmp_path: Path) -> None:
    lines = [f"{SITE}/{n}" for n in range(1, 7)]
    lines += ["http://www.example.ge/news/1/?utm_source=x", "https://example.ge/about", "https://elsewhere.ge/1"]
    said = pressrun("recall", listed(tmp_path, *lines), "--json")
    assert said.code == 0, said
    found = said.json
    assert (found["addresses"], found["held"], found["repeated"]) == (8, 2, 1)
    months = {(one["outlet"], one["month"]): one for one in found["months"]}
    assert months["example_ge", "2025-03"]["held"] == months["example_ge", "2025-03"]["addresses"] == 1
    assert months["example_ge", "2025-04"]["share"] == 1.0
    assert months["example_ge", ""]["why"] == {
        "rejected": 1, "gone": 1, "failed": 1, "unknown": 1, "outside the pattern": 1,
    }  # fmt: skip
    whys = {(one["outlet"], one["why"]): one["samples"] for one in found["reasons"]}
    assert whys == {
        ("example_ge", "rejected: paywall"): [f"{SITE}/3"],
        ("example_ge", "gone: http_404"): [f"{SITE}/4"],
        ("example_ge", "failed: timeout"): [f"{SITE}/5"],
        ("example_ge", "unknown"): [f"{SITE}/6"],
        ("example_ge", "outside the pattern"): ["https://example.ge/about"],
        ("", "no outlet file"): ["https://elsewhere.ge/1"],
    }


def test_the_tables_for_people(pressrun: Pressrun, db: Database, tmp_path: Path) -> None:
    said = pressrun("recall", listed(tmp_path, f"{SITE}/1", f"{SITE}/6 2025-03-09", f"{SITE}/7 2025-03-09"))
    months, _, reasons = said.out.partition("\n\n")
    assert months == "outlet\tmonth\taddresses\theld\tshare\tunknown\nexample_ge\t2025-03\t3\t1\t33.3%\t2"
    assert reasons == f"outlet\tnot held\taddresses\tsamples\nexample_ge\tunknown\t2\t{SITE}/6 {SITE}/7\n"
    assert said.err == "1 of 3 held (33.3%)\n"


def test_samples_are_limited_and_all_addresses_can_be_taken_for_one_outlet(
    pressrun: Pressrun, db: Database, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("n,address\n" + "".join(f"{n},https://mirror.example.org/{n}\n" for n in range(1500)))
    said = pressrun("recall", path, "--column", "address", "--outlet", "example_ge", "--samples", 2, "--json")
    [reason] = said.json["reasons"]
    assert (reason["outlet"], reason["why"], reason["addresses"]) == ("example_ge", "outside the pattern", 1500)
    assert len(reason["samples"]) == 2


def test_what_cannot_be_read_is_said_and_needs_a_person(pressrun: Pressrun, db: Database, tmp_path: Path) -> None:
    said = pressrun("recall", listed(tmp_path, f"{SITE}/1", "what is this", "http://"))
    assert said.code == 1
    assert f"1 lines without an address, the first in {tmp_path}/list.txt, line 2" in said.err
    said = pressrun("recall", tmp_path / "nosuch")
    assert (said.code, "cannot read" in said.line) == (2, True)
    assert "there is no outlet 'nosuch'" in pressrun("recall", tmp_path / "list.txt", "--outlet", "nosuch").line
    assert json.dumps(pressrun("recall", listed(tmp_path, ""), "--json").json["share"]) == "null"

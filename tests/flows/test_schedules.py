"""When the night begins for which outlets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawlers.catalog import Catalog
from crawlers.errors import OutletFileError
from flows.schedules import nightly_schedules
from tests.calling import OUTLET

USUAL = {"slug": "nightly", "cron": "0 2 * * *", "timezone": "Asia/Baku"}


def catalog(folder: Path, **schedules: str) -> Catalog:
    """Outlets by id, each with the lines of its `[schedule]` table; empty: none."""
    for name, lines in schedules.items():
        table = f"[schedule]\n{lines}\n" if lines else ""
        (folder / f"{name}.toml").write_text(OUTLET + table, encoding="utf-8")
    return Catalog({name: folder / f"{name}.toml" for name in schedules})


def told(entries: list[dict[str, Any]]) -> list[tuple[str, str, str, Any]]:
    return [
        (each["slug"], each["cron"], each["timezone"], each.get("parameters", {}).get("outlets")) for each in entries
    ]


def test_without_groups_the_usual_schedule_names_no_outlet(tmp_path: Path) -> None:
    assert nightly_schedules(USUAL, catalog(tmp_path, one="", two="")) == [USUAL]


def test_a_group_begins_in_its_own_zone_and_the_others_stay_as_usual(tmp_path: Path) -> None:
    entries = nightly_schedules(USUAL, catalog(tmp_path, one='group = "ge"', two="", three='group = "ge"'))
    assert told(entries) == [
        ("nightly", "0 2 * * *", "Asia/Baku", ["two"]),
        ("nightly-ge", "0 2 * * *", "Asia/Tbilisi", ["one", "three"]),
    ]


def test_a_group_in_two_zones_begins_twice(tmp_path: Path) -> None:
    outlets = catalog(tmp_path, one='group = "south"', two='group = "south"')
    file = outlets.files["two"]
    file.write_text(file.read_text().replace("Asia/Tbilisi", "Asia/Yerevan"), encoding="utf-8")
    assert told(nightly_schedules(USUAL, outlets)) == [
        ("nightly-south-asia-tbilisi", "0 2 * * *", "Asia/Tbilisi", ["one"]),
        ("nightly-south-asia-yerevan", "0 2 * * *", "Asia/Yerevan", ["two"]),
    ]


def test_an_outlet_may_have_its_own_cron(tmp_path: Path) -> None:
    entries = nightly_schedules(USUAL, catalog(tmp_path, one='cron = "30 4 * * 1-5"', two=""))
    assert told(entries)[1] == ("nightly-one", "30 4 * * 1-5", "Asia/Tbilisi", ["one"])


def test_an_outlet_whose_file_is_wrong_stays_in_the_usual_schedule(tmp_path: Path) -> None:
    outlets = catalog(tmp_path, one='group = "ge"', broken="surprise = 1")
    assert told(nightly_schedules(USUAL, outlets))[0][3] == ["broken"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ('group = "ge"\ncron = "0 2 * * *"', "needs either `group` or `cron`"),
        ('cron = "every night"', "schedule.cron"),
        ("", "needs either `group` or `cron`"),
    ],
)
def test_a_wrong_schedule_is_named(tmp_path: Path, lines: str, why: str) -> None:
    with pytest.raises(OutletFileError, match=why):
        catalog(tmp_path, one=lines or "# nothing").get("one")

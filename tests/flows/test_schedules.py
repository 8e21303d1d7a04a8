"""When the night begins for which outlets."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from prefect.server.schemas.schedules import CronSchedule

from crawlers.catalog import Catalog, load_outlets
from crawlers.errors import OutletFileError
from flows.nightly_plain import choose_outlets
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
        (each["slug"], each["cron"], each["timezone"], each["parameters"].get("outlets") or each["parameters"])
        for each in entries
    ]


def test_without_groups_the_usual_schedule_names_no_outlet(tmp_path: Path) -> None:
    assert nightly_schedules(USUAL, catalog(tmp_path, one="", two="")) == [USUAL]


def test_a_group_begins_in_its_own_zone_and_the_others_stay_as_usual(tmp_path: Path) -> None:
    entries = nightly_schedules(USUAL, catalog(tmp_path, one='group = "ge"', two="", three='group = "ge"'))
    assert told(entries) == [
        ("nightly", "0 2 * * *", "Asia/Baku", {"leave_out": ["one", "three"]}),
        ("nightly-ge", "0 2 * * *", "Asia/Tbilisi", ["one", "three"]),
    ]


def with_zone(outlets: Catalog, name: str, zone: str) -> None:
    file = outlets.files[name]
    file.write_text(file.read_text().replace("Asia/Tbilisi", zone), encoding="utf-8")


def test_a_group_begins_once_for_each_offset(tmp_path: Path) -> None:
    group = 'group = "south"'
    outlets = catalog(tmp_path, one=group, two=group, three=group, four=group)
    for name, zone in (("two", "Asia/Yerevan"), ("three", "Europe/Istanbul"), ("four", "Europe/Kyiv")):
        with_zone(outlets, name, zone)  # Kyiv has Istanbul's offset in summer alone
    assert told(nightly_schedules(USUAL, outlets))[1:] == [
        ("nightly-south-europe-kyiv", "0 2 * * *", "Europe/Kyiv", ["four"]),
        ("nightly-south-europe-istanbul", "0 2 * * *", "Europe/Istanbul", ["three"]),
        ("nightly-south-asia-tbilisi", "0 2 * * *", "Asia/Tbilisi", ["one", "two"]),
    ]


def test_a_group_with_one_offset_has_its_plain_name(tmp_path: Path) -> None:
    outlets = catalog(tmp_path, one='group = "south"', two='group = "south"')
    with_zone(outlets, "two", "Asia/Yerevan")
    assert told(nightly_schedules(USUAL, outlets))[1:] == [
        ("nightly-south", "0 2 * * *", "Asia/Tbilisi", ["one", "two"]),
    ]


def test_the_built_in_outlets_have_three_nights() -> None:
    entries = told(nightly_schedules(USUAL, load_outlets()))
    assert [entry[0] for entry in entries] == [
        "nightly", "nightly-central-asia-asia-almaty", "nightly-central-asia-asia-bishkek",
    ]  # fmt: skip
    assert entries[2][3] == ["kg24"]


def test_an_outlet_may_have_its_own_cron(tmp_path: Path) -> None:
    entries = nightly_schedules(USUAL, catalog(tmp_path, one='cron = "30 4 * * 1-5"', two=""))
    assert told(entries)[1] == ("nightly-one", "30 4 * * 1-5", "Asia/Tbilisi", ["one"])


def test_an_outlet_whose_file_is_wrong_stays_in_the_usual_schedule(tmp_path: Path) -> None:
    outlets = catalog(tmp_path, one='group = "ge"', broken="surprise = 1")
    left_out = nightly_schedules(USUAL, outlets)[0]["parameters"]["leave_out"]
    assert choose_outlets(outlets, None, left_out) == ["broken"]


def test_a_file_that_is_added_later_belongs_to_the_usual_night(tmp_path: Path) -> None:
    left_out = nightly_schedules(USUAL, catalog(tmp_path, one='group = "ge"'))[0]["parameters"]["leave_out"]
    assert choose_outlets(catalog(tmp_path, one='group = "ge"', new=""), None, left_out) == ["new"]
    assert choose_outlets(catalog(tmp_path, new=""), None, [*left_out, "of-a-file-that-is-gone"]) == ["new"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ('group = "ge"\ncron = "0 2 * * *"', "needs either `group` or `cron`"),
        ('cron = "every night"', "schedule.cron"),
        ('cron = "30 25 * * *"', "schedule.cron: must be a cron line of five fields, .*; '25' is no hour"),
        ('cron = "0 2 * * mo"', "'mo' is no weekday"),
        ("", "needs either `group` or `cron`"),
    ],
)
def test_a_wrong_schedule_is_named(tmp_path: Path, lines: str, why: str) -> None:
    with pytest.raises(OutletFileError, match=why):
        catalog(tmp_path, one=lines or "# nothing").get("one")


NIGHTS_OF_CHANGE = [
    ("0 2 * * *", "Europe/Berlin", date(2026, 3, 28)),  # 02:00 does not exist
    ("0 2 * * *", "Europe/Berlin", date(2026, 10, 24)),  # 02:00 occurs twice
    ("30 3 * * *", "Europe/Tallinn", date(2026, 3, 28)),
    ("30 3 * * *", "Europe/Tallinn", date(2026, 10, 24)),
    ("30 0 * * *", "Asia/Beirut", date(2026, 3, 28)),  # midnight does not exist
    ("30 23 * * *", "Asia/Beirut", date(2026, 10, 23)),
    ("0 2 * * *", "Asia/Beirut", date(2026, 10, 23)),
]


@pytest.mark.parametrize(("cron", "zone", "first"), NIGHTS_OF_CHANGE)
def test_the_night_in_which_summer_time_begins_or_ends_has_one_run(cron: str, zone: str, first: date) -> None:
    """As Prefect's scheduler asks: again and again what comes next, from whenever it happens to look."""
    schedule = CronSchedule(cron=cron, timezone=zone)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    looks = [start + timedelta(minutes=30 * n) for n in range(144)]
    runs = sorted({next_one for look in looks for next_one in asyncio.run(schedule.get_dates(n=1, start=look))})
    gaps = [later - sooner for sooner, later in pairwise(runs)]
    assert all(timedelta(hours=22) < gap < timedelta(hours=26) for gap in gaps), runs
    assert len(runs) >= 3

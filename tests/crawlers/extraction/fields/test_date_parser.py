"""Instants as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.extraction.fields.date_parser import read_moment
from storage.model import Precision

BAKU = ZoneInfo("Asia/Baku")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-10-30T13:48:00+04:00", "2019-10-30T13:48:00+04:00"),
        ("2019-10-30T09:48:07.123Z", "2019-10-30T09:48:07+00:00"),
        ("2019-10-30 13:48", "2019-10-30T13:48:00+04:00"),
        ("2024-05-03T15:50:00+0400", "2024-05-03T15:50:00+04:00"),
        ("Wed, 30 Oct 2019 13:48:00 +0400", "2019-10-30T13:48:00+04:00"),
        ("30 October 2019 [13:48] - TODAY.AZ", "2019-10-30T13:48:00+04:00"),
        ("21 July 2025 14:01 (UTC+04:00)", "2025-07-21T14:01:00+04:00"),
        ("6 Dekabr 2025 15:49 (UTC +04:00)", "2025-12-06T15:49:00+04:00"),
        ("Published 8:00 PM EST, Tue December 19, 2023", "2023-12-19T20:00:00-05:00"),
        ("January 5, 2021 at 3:05 pm", "2021-01-05T15:05:00+04:00"),
        ("12 апреля 2018, 16:45", "2018-04-12T16:45:00+04:00"),
        ("7 հոկտեմբերի 2022", "2022-10-07T00:00:00+04:00"),
        ("11 აპრილი 2023 09:05", "2023-04-11T09:05:00+04:00"),
        ("20 желтоқсан 2021, 16:10", "2021-12-20T16:10:00+04:00"),
        ("2023-yil 5 may, 14:20", "2023-05-05T14:20:00+04:00"),
        ("5-may, 2023 14:20", "2023-05-05T14:20:00+04:00"),
        ("5-май, 2023-жыл", "2023-05-05T00:00:00+04:00"),
        ("2023-жылдын 5-майы", "2023-05-05T00:00:00+04:00"),
        ("2023 жылғы 5 мамырда", "2023-05-05T00:00:00+04:00"),
        ("5 Mayıs 2023'te", "2023-05-05T00:00:00+04:00"),
        ("5-nji maý 2023", "2023-05-05T00:00:00+04:00"),
        ("5 майи соли 2023", "2023-05-05T00:00:00+04:00"),
        ("۵ مه ۲۰۲۳ - ۱۴:۲۰", "2023-05-05T14:20:00+04:00"),
        ("٥ مايو ٢٠٢٣", "2023-05-05T00:00:00+04:00"),
        ("۱۵ اردیبهشت ۱۴۰۲ ساعت ۱۴:۲۰", "2023-05-05T14:20:00+04:00"),
        ("15 ثور 1402", "2023-05-05T00:00:00+04:00"),
        ("۱۴۰۲/۰۲/۱۵ - ۱۴:۲۰", "2023-05-05T14:20:00+04:00"),
        ("Friday, May 5, 2023, 2:20 PMViews: 12", "2023-05-05T14:20:00+04:00"),
        ("30.10.2019", "2019-10-30T00:00:00+04:00"),
        ("2024年5月3日 13:48", "2024-05-03T13:48:00+04:00"),
        ("1572428880", "2019-10-30T09:48:00+00:00"),
        ("1572428880000", "2019-10-30T09:48:00+00:00"),
        ("20191030", "2019-10-30T00:00:00+04:00"),
        ("10.04.2020 [10:41]", "2020-04-10T10:41:00+04:00"),
        ("29/01/2021 - 12:12", "2021-01-29T12:12:00+04:00"),
        ("November 20, 2019 - 11:28 AMT", "2019-11-20T11:28:00+04:00"),
        ("November 20, 2019 - 15:28 AMT", "2019-11-20T15:28:00+04:00"),
        ("November 20, 2019 - 3:28 PM EST", "2019-11-20T15:28:00-05:00"),
        ("2026-cı il 5 iyun", "2026-06-05T00:00:00+04:00"),
        ("2026-cı il, 5 iyun, 14:20", "2026-06-05T14:20:00+04:00"),
        ("2026 թ. հունիսի 5", "2026-06-05T00:00:00+04:00"),
        ("2026 թվականի հունիսի 5, 14:20", "2026-06-05T14:20:00+04:00"),
        ("2026 წლის 5 ივნისი", "2026-06-05T00:00:00+04:00"),
        ("2026-njy ýylyň 5-nji iýuny", "2026-06-05T00:00:00+04:00"),
        ("2026-ж. 5-июнь", "2026-06-05T00:00:00+04:00"),
        ("2026 йил 5 июнь", "2026-06-05T00:00:00+04:00"),
        ("5 می 2026", "2026-05-05T00:00:00+04:00"),
        ("۵ می ۲۰۲۶، ۱۴:۲۰", "2026-05-05T14:20:00+04:00"),
        ("05.Haziran.2026", "2026-06-05T00:00:00+04:00"),
        ("05.Haziran.2026 14:20", "2026-06-05T14:20:00+04:00"),
        ("5 i\u0307yun 2026", "2026-06-05T00:00:00+04:00"),
        ("5 I\u0307yun 2026", "2026-06-05T00:00:00+04:00"),
        ("5 июня 2026".replace("й", "и\u0306"), "2026-06-05T00:00:00+04:00"),
        ("Fri Jun  5 14:20:00 2026", "2026-06-05T14:20:00+04:00"),
        ("Fri Jun 05 10:20:00 +0000 2026", "2026-06-05T10:20:00+00:00"),
        ("Fri Jun 05 2026 14:20:00 GMT+0400 (Azerbaijan Standard Time)", "2026-06-05T14:20:00+04:00"),
        ("5 जून 2026", "2026-06-05T00:00:00+04:00"),
        ("\u200f5 ژوئن 2026", "2026-06-05T00:00:00+04:00"),
    ],
)
def test_a_written_instant_is_read(text: str, expected: str) -> None:
    moment = read_moment(text, BAKU)
    assert moment is not None
    assert moment.at == datetime.fromisoformat(expected)
    assert moment.at.utcoffset() == datetime.fromisoformat(expected).utcoffset()


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-02-30", "2021-07-01T10:00:00+24:00", "2021-07-01T10:00:00+99:99", "0001-01-01T00:00:00Z", "1970-01-01",
     "31 June 2020", "32.13.2020", "1402/02/15", "۳۱ مهر ۱۴۰۲", "call 0800 2019 112", "12345678901234567890"],
)  # fmt: skip
def test_what_is_no_possible_instant_is_none(text: str) -> None:
    assert read_moment(text, BAKU) is None


def test_a_bare_day_is_local_midnight_and_says_so() -> None:
    moment = read_moment("3 noyabr 2021", BAKU)
    assert moment is not None
    assert (moment.precision, moment.at.isoformat()) == (Precision.DAY, "2021-11-03T00:00:00+04:00")


def test_day_and_month_that_could_be_either_are_read_day_first_but_for_american_pages() -> None:
    assert [read_moment("03/04/2021", BAKU, tag).at.month for tag in ("en", "en-us")] == [4, 3]  # type: ignore[union-attr]


@given(
    st.text(max_size=80)
    | st.from_regex(r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}[T ]?\d{0,2}:?\d{0,2}([+-]\d{2}:?\d{2})?", fullmatch=True)
)
def test_no_text_makes_the_reader_fail_or_answer_without_an_offset(text: str) -> None:
    moment = read_moment(text, BAKU)
    assert moment is None or moment.at.utcoffset() is not None


def test_figures_of_the_solar_calendar_are_believed_on_persian_pages() -> None:
    moment = read_moment("1402/02/15", BAKU, "fa-ir")
    assert moment is not None
    assert moment.at.date().isoformat() == "2023-05-05"


def test_what_was_written_is_kept_as_it_was() -> None:
    for text in ("۱۵ اردیبهشت ۱۴۰۲", "۵ مه ۲۰۲۳", "5 May 2023"):
        moment = read_moment(f" {text} ", BAKU)
        assert moment is not None
        assert moment.raw == text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tuesday, 03/04/2025", "2025-03-04"),
        ("Thursday, 03/04/2025", "2025-04-03"),
        ("Salı, 03/04/2025 14:20", "2025-03-04"),
        ("Çərşənbə axşamı, 04.03.2025", "2025-03-04"),
        ("вторник, 03.04.2025", "2025-03-04"),
        ("03-04-2025 (Di)", "2025-03-04"),
        ("03/04/2025", "2025-04-03"),
        ("Friday, 03/04/2025", "2025-04-03"),  # the weekday of neither
        ("2025.03.04, Friday", "2025-03-04"),  # a year first is followed by the month
    ],
)
def test_a_weekday_decides_which_is_the_day_and_which_the_month(text: str, day: str) -> None:
    moment = read_moment(text, BAKU)
    assert moment is not None
    assert moment.at.date().isoformat() == day


def test_zones_of_the_united_states_write_the_month_first() -> None:
    moment = read_moment("3/4/2025 5:02 PM EST", BAKU)
    assert moment is not None
    assert moment.at.isoformat() == "2025-03-04T17:02:00-05:00"


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("05.06.26", "", "2026-06-05"),
        ("Published: 05.06.26 14:20", "", "2026-06-05"),
        ("13/05/26", "", "2026-05-13"),
        ("05/13/26", "", "2026-05-13"),
        ("05/06/26", "en-us", "2026-05-06"),
        ("5-Jun-26", "", "2026-06-05"),
        ("5 июня 26, 14:20", "", "2026-06-05"),
        ("5. Juni '26", "", "2026-06-05"),
        ("05.06.98", "", "1998-06-05"),
    ],
)
def test_two_figures_of_a_year_are_read_where_they_can_be_read_in_one_way(text: str, language: str, day: str) -> None:
    moment = read_moment(text, BAKU, language)
    assert moment is not None
    assert moment.at.date().isoformat() == day


@pytest.mark.parametrize("text", ["05/06/26", "version 1.2.34", "5 June 14:20", "5 июня 14 человек", "10.10.10.10"])
def test_but_not_otherwise(text: str) -> None:
    assert read_moment(text, BAKU) is None


def test_a_year_of_two_figures_comes_first_in_some_languages() -> None:
    assert read_moment("05.06.26", BAKU, "ja") is None


def test_the_clocks_of_kazakhstan_were_set_back_in_2024() -> None:
    almaty = ZoneInfo("Asia/Almaty")
    days = [read_moment(f"{day}.2024 12:00", almaty) for day in ("29.02", "02.03")]
    assert [str(day.at.utcoffset()) for day in days if day] == ["6:00:00", "5:00:00"]


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("26.10.2025 03:30", "Europe/Tallinn", "2025-10-26T00:30"),  # occurs twice: the first
        ("26.10.2025 04:30", "Europe/Tallinn", "2025-10-26T02:30"),
        ("30.03.2025 03:30", "Europe/Tallinn", "2025-03-30T01:30"),  # does not occur: an hour later by the new time
        ("30.03.2025 04:30", "Europe/Tallinn", "2025-03-30T01:30"),
        ("25.10.2025 23:30", "Asia/Beirut", "2025-10-25T20:30"),
        ("30.03.2025 00:30", "Asia/Beirut", "2025-03-29T22:30"),
        ("26.10.2025 03:30 +0200", "Europe/Tallinn", "2025-10-26T01:30"),  # the second, as the text says
    ],
)
def test_a_time_of_the_night_of_change_is_one_instant(text: str, zone: str, utc: str) -> None:
    moment = read_moment(text, ZoneInfo(zone))
    assert moment is not None
    assert moment.at.astimezone(UTC).isoformat(timespec="minutes") == f"{utc}+00:00"

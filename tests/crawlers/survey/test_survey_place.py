"""The country and the time zone of an outlet, and what is not sure about them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from crawlers.survey.place import find_place
from storage.model import DateSource, Precision, Published


def published(raw: str, hours: int) -> Published:
    at = datetime(2026, 3, 4, 10, tzinfo=timezone(timedelta(hours=hours)))
    return Published(at, Precision.MINUTE, DateSource.FEED, raw)


def test_the_host_names_the_country() -> None:
    place = find_place("https://www.example.ge/", "", ("en",), [])
    assert (place.country, place.zone, place.country_doubt) == ("ge", "Asia/Tbilisi", "")


def test_the_language_names_it_where_the_host_does_not_and_that_is_said() -> None:
    place = find_place("https://example.org/", "", ("hy", "en"), [])
    assert (place.country, place.zone) == ("am", "Asia/Yerevan")
    assert "guessed" in place.country_doubt


def test_the_offset_of_the_dates_is_taken_where_nothing_else_tells() -> None:
    place = find_place("https://example.org/", "", ("en",), [published("Wed, 04 Mar 2026 10:00:00 +0400", 4)] * 3)
    assert place.zone == "Etc/GMT-4"
    assert datetime(2026, 1, 1, tzinfo=ZoneInfo(place.zone)).utcoffset() == timedelta(hours=4)
    assert "fixed offset" in place.zone_doubt


def test_dates_that_contradict_the_country_are_said() -> None:
    place = find_place("https://a.az/", "", ("az",), [published("2026-03-04T10:00:00+03:00", 3)] * 3)
    assert (place.zone, place.zone_doubt) == ("Asia/Baku", "dates have another offset: +03:00")


def test_utc_says_nothing_of_the_zone() -> None:
    assert find_place("https://a.az/", "", ("az",), [published("2026-03-04T10:00:00Z", 0)]).zone_doubt == ""
    assert "UTC" in find_place("https://a.org/", "", ("en",), [published("2026-03-04T10:00:00Z", 0)]).zone_doubt

"""One written instant to an aware datetime: ISO, RFC 822, epochs, the date lines of many languages. Never a guess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from crawlers.extraction.fields.date_patterns import (
    AFTER,
    BEFORE,
    COMPACT,
    HOURS,
    ISO,
    MONTH_FIRST,
    NAMED,
    NUMERIC,
    SHORT,
    SHORT_NAMED,
    SOLAR_NAMED,
    SOLAR_NUMERIC,
)
from crawlers.extraction.vocabulary.months import SOLAR_MONTHS, month_of, weekdays_in
from storage.model import Precision


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as read: aware, with how exactly it is known, and whether the text itself gave the offset."""

    at: datetime
    precision: Precision
    zoned: bool
    raw: str


WIDEST = timedelta(hours=14)
EARLIEST = 1990
WESTERN = {first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)} | dict.fromkeys(
    (0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x2066, 0x2067, 0x2069)  # marks of direction
)
YEAR_FIRST = frozenset({"ja", "ko", "zh", "hu", "lt"})  # languages in which 05.06.26 is a day of 2005


def read_moment(text: str, tz: tzinfo | None = None, language: str = "") -> Moment | None:
    """Read the first date that stands in `text`; a naive one is taken to be of `tz`, else of UTC.

    Returns None for text without a date and for an impossible one: 30 February, an offset of over 14 hours, a year
    before 1990. Day and month that could be either are read day first, but as a weekday beside them says, and month
    first for language "en-us".
    """
    raw = text.strip()[:200]
    text = western(raw)
    if re.fullmatch(r"\d{8,14}(?:\.\d+)?", text) or COMPACT.fullmatch(text):
        return _digits(text, tz)
    if match := ISO.match(text):
        return _build(match.groupdict(), int(match["month"]), tz, raw)
    if solar := SOLAR_NAMED.search(text) or (
        SOLAR_NUMERIC.search(text) if text != raw or language[:2] == "fa" else None
    ):
        return _from_solar(solar, tz, raw)
    return _named(text, tz, language, raw) or _numeric(text, tz, language, raw) or _short(text, tz, language, raw)


def western(text: str) -> str:
    """Return the text with the digits of Arabic and Persian as those of ASCII, and letters in one piece."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text.translate(WESTERN)).replace("i\u0307", "i")


def _named(text: str, tz: tzinfo | None, language: str, raw: str) -> Moment | None:
    for pattern in NAMED:
        for match in pattern.finditer(text):
            if month := month_of(match["name"], language):
                return _build(_with_clock(match, text), month, tz, raw)
    return None


def _numeric(text: str, tz: tzinfo | None, language: str, raw: str) -> Moment | None:
    for pattern in NUMERIC:
        if match := pattern.search(text):
            fields = _with_clock(match, text)
            day, month = _in_order(match, text, language, str(fields.get("zone")))
            return _build({**fields, "day": str(day)}, month, tz, raw)
    return None


def _in_order(match: re.Match[str], text: str, language: str, zone: str) -> tuple[int, int]:
    """Return day and month of a date in figures, which stand in either order where neither is over 12.

    A weekday beside the date decides; else slashes on a page of the United States.
    """
    day, month = int(match["day"]), int(match["month"])
    if month > 12:
        return month, day
    if day > 12 or day == month or match.start("year") < match.start("day"):
        return day, month
    if named := weekdays_in(text):
        fits = [_weekday(match["year"], *order) in named for order in ((month, day), (day, month))]
        if fits[0] is not fits[1]:
            return (day, month) if fits[0] else (month, day)
    american = language == "en-us" or zone in MONTH_FIRST
    return (month, day) if american and "/" in match.group() else (day, month)


def _weekday(year: str, month: int, day: int) -> int:
    return date(int(year), month, day).weekday()


def _short(text: str, tz: tzinfo | None, language: str, raw: str) -> Moment | None:
    """Read a date with two figures for its year, if it can be read in one way only: 05.06.26, 13/05/26, 5-Jun-26."""
    if match := SHORT_NAMED.fullmatch(text):
        month = month_of(match["name"], language)
        return _build({**match.groupdict(), "year": _in_full(match["year"])}, month, tz, raw) if month else None
    match = SHORT.fullmatch(text)
    if match is None or language[:2] in YEAR_FIRST:
        return None
    day, month = int(match["day"]), int(match["month"])
    dotted = match["mark"] == "."
    if not dotted and day <= 12 and month <= 12 and day != month and language != "en-us":
        return None
    if not dotted and (month > 12 or (language == "en-us" and day <= 12)):
        day, month = month, day
    return _build({**match.groupdict(), "day": str(day), "year": _in_full(match["year"])}, month, tz, raw)


def _in_full(year: str) -> str:
    """Return the year of our days that two figures stand for."""
    return f"19{year}" if int(year) >= EARLIEST % 100 else f"20{year}"


def _from_solar(match: re.Match[str], tz: tzinfo | None, raw: str) -> Moment | None:
    from persiantools.jdatetime import JalaliDate  # late: few pages are dated so

    fields = _with_clock(match, match.string)
    month = SOLAR_MONTHS[str(fields["name"])] if "name" in fields else int(str(fields["month"]))
    try:
        solar = JalaliDate(int(str(fields["year"])), month, int(str(fields["day"])))  # type: ignore[no-untyped-call]
        day = solar.to_gregorian()
    except ValueError:
        return None
    return _build({**fields, "year": str(day.year), "day": str(day.day)}, day.month, tz, raw)


def _digits(text: str, tz: tzinfo | None) -> Moment | None:
    if match := COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, zone = match.groups()
        if EARLIEST <= int(year) < 2200 and 1 <= int(month) <= 12:
            fields = {"year": year, "day": day, "hour": hour, "minute": minute, "second": second, "zone": zone}
            return _build(fields, int(month), tz, text)
    number = float(text)
    if 9e11 < number < 1e13:
        number /= 1000
    if 6e8 < number < 7e9:
        return Moment(datetime.fromtimestamp(int(number), UTC), Precision.SECOND, True, text)
    return None


def _with_clock(match: re.Match[str], text: str) -> dict[str, str | None]:
    """Join the time of day that stands right after or right before a date to it."""
    clock = AFTER.match(text[match.end() :]) or BEFORE.search(text[: match.start()])
    fields: dict[str, str | None] = dict(match.groupdict())
    return fields | clock.groupdict() if clock else fields


def _build(fields: dict[str, str | None], month: int, tz: tzinfo | None, raw: str) -> Moment | None:
    try:
        offset = _offset(fields.get("zone"))
        hour, minute, second = (int(fields.get(key) or 0) for key in ("hour", "minute", "second"))
        if fields.get("half"):
            hour = hour % 12 + (12 if str(fields["half"]).lower() == "p" else 0)
        midnight = hour == 24 and not minute and not second  # ISO 8601: the end of the day that is named
        hour = 0 if midnight else hour
        at = datetime(
            int(str(fields["year"])), month, int(str(fields["day"])), hour, minute, second, tzinfo=offset or tz or UTC
        ) + timedelta(days=midnight)
    except (ValueError, OverflowError):
        return None
    if at.year < EARLIEST or at.year > 9000:
        return None
    precision = Precision.DAY
    if fields.get("hour") is not None and (hour or minute or second or midnight):
        precision = Precision.SECOND if second else Precision.MINUTE  # ":00" is what a minute looks like in ISO
    return Moment(at, precision, offset is not None, raw)


def _offset(zone: str | None) -> tzinfo | None:
    """Return a fixed offset; raise ValueError for one that no place on earth has."""
    if not zone:
        return None
    bare = zone.replace(" ", "")
    if bare in HOURS:
        hours = HOURS[bare]
        return None if hours is None else timezone(timedelta(hours=hours))
    match = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", bare)
    if match is None:
        return None
    delta = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if delta > WIDEST or int(match[3] or 0) > 59:
        raise ValueError("no such offset")
    return timezone(-delta if match[1] == "-" else delta)

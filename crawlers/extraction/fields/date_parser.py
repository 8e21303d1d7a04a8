"""One written instant to an aware datetime: ISO, RFC 822, epochs, the date lines of many languages. Never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from crawlers.extraction.vocabulary.months import SOLAR_MONTHS, month_of
from storage.model import Precision


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as read: aware, with how exactly it is known, and whether the text itself gave the offset."""

    at: datetime
    precision: Precision
    zoned: bool
    raw: str


CLOCK = (
    r"(?P<hour>\d{1,2})\s?[:.hHч]\s?(?P<minute>\d{2})(?!\d)(?:[:.](?P<second>\d{2})(?!\d)(?:[.,]\d+)?)?"
    r"(?:\s?(?P<half>[AaPp])\.?\s?[Mm](?![a-z])\.?)?"
)
ZONE = (
    r"(?P<zone>Z\b|(?:UTC|GMT)\s?[+-]\s?\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|[+-]\d{2}\b|"
    r"(?:UTC|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|ET|BST|IST|CET|CEST|EET|EEST|MSK|MEZ|MESZ|JST|KST)\b)"
)
AFTER = re.compile(rf"^[^\d\n]{{0,14}}?{CLOCK}[\s)(\]\[]{{0,3}}{ZONE}?")
BEFORE = re.compile(rf"{CLOCK}\s?{ZONE}?[^\d]{{0,12}}$")
ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,:]\d+)?)?\s*(?P<zone>Z|UTC|GMT|"
    r"[+-]\s?\d{2}:?\d{2}|[+-]\d{2})?)?"
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})T?(?:(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{4})?")
NUMERIC = (
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[./年년-]\s?(?P<month>\d{1,2})\s?[./月월-]\s?(?P<day>\d{1,2})(?!\d)[日일.]?"
    ),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\s?[./-]\s?(?P<month>\d{1,2})\s?[./-]\s?(?P<year>(?:19|20)\d{2})(?!\d)"),
)
WORD = r"(?P<name>[^\W\d_]{2,14}(?:’|')?)"
NAMED = (
    re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})-?\s?(?:yil|йил|ilin?|жыл)\w*[.,]?\s*(?P<day>\d{{1,2}})[-\s]{WORD}"),
    re.compile(
        rf"(?<![\d:])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|-?го|-?е|-n[cj][iyıü])?[.,]?\s+(?:de\s+|of\s+|d’)?{WORD}\.?,?\s+(?:de\s+|del\s+|соли\s+)?(?P<year>(?:19|20)\d{{2}})(?!\d)"
    ),
    re.compile(rf"(?<!\w){WORD}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})\.?\s*(?:m\.|gada|оны)?\s+{WORD}\.?\s+(?P<day>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})[-\s]{WORD}[.,]?[-\s]+(?P<year>(?:19|20)\d{{2}})(?!\d)"),
)
# The solar calendar's years of today, with the name of its month; figures alone are believed in Persian only.
SOLAR_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?P<name>{'|'.join(SOLAR_MONTHS)})\s*(?:ماه)?[،,]?\s*(?P<year>1[34]\d{{2}})(?!\d)"
)
SOLAR_NUMERIC = re.compile(r"(?<!\d)(?P<year>1[34]\d{2})\s?[./-]\s?(?P<month>\d{1,2})\s?[./-]\s?(?P<day>\d{1,2})(?!\d)")
WESTERN = {first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
HOURS = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "ET": None,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "BST": 1,
    "IST": None,
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
}
WIDEST = timedelta(hours=14)
EARLIEST = 1990


def read_moment(text: str, tz: tzinfo | None = None, language: str = "") -> Moment | None:
    """Read the first date that stands in `text`; a naive one is taken to be of `tz`, else of UTC.

    Returns None for text without a date and for an impossible one: 30 February, an offset of over 14 hours, a year
    before 1990. Day and month that could be either are read day first, but month first for language "en-us".
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
    for pattern in NAMED:
        for match in pattern.finditer(text):
            if month := month_of(match["name"], language):
                return _build(_with_clock(match, text), month, tz, raw)
    for pattern in NUMERIC:
        if match := pattern.search(text):
            fields = _with_clock(match, text)
            day, month = int(match["day"]), int(match["month"])
            if month > 12 or (language == "en-us" and day <= 12 and "/" in match.group()):
                day, month = month, day
            return _build({**fields, "day": str(day)}, month, tz, raw)
    return None


def western(text: str) -> str:
    """Return the text with the digits of Arabic and Persian as those of ASCII."""
    return text if text.isascii() else text.translate(WESTERN)


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

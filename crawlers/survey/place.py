"""Where an outlet is: its country and its time zone, by its host, its languages and the offsets of its dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crawlers.extraction import zone_of
from storage.model import Published
from storage.urls import host_of

# Languages that are written mostly in one country, for hosts that name none
COUNTRIES = {
    "az": "az", "hy": "am", "ka": "ge", "kk": "kz", "ky": "kg", "tg": "tj", "tk": "tm", "tr": "tr", "uk": "ua",
    "uz": "uz",
}  # fmt: skip
_OFFSET = re.compile(r"(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})\)?\s*$")
_ZULU = re.compile(r"(?:Z|GMT|UTC|[+-]00:?00)\)?\s*$")


@dataclass(frozen=True, slots=True)
class Place:
    """Country and time zone, and what is not sure about each."""

    country: str
    zone: str
    country_doubt: str = ""
    zone_doubt: str = ""


def find_place(home: str, region: str, languages: Sequence[str], dates: Sequence[Published]) -> Place:
    """Return where the outlet is. `region`: that of the page's language tag, such as "ge"."""
    country, country_doubt = _country(home, region, languages)
    zone, zone_doubt = _zone(country, _offsets(dates), bool(dates))
    return Place(country, zone, country_doubt, zone_doubt)


def _country(home: str, region: str, languages: Sequence[str]) -> tuple[str, str]:
    label = host_of(home).rpartition(".")[2]
    if len(label) == 2 and label.isalpha():
        return label, ""
    if region and region not in ("us", "gb"):
        return region, "taken from the language tag of the front page"
    by_language = next((COUNTRIES[language] for language in languages if language in COUNTRIES), None)
    if by_language:
        return by_language, f"guessed from the language {languages[0]}"
    return "xx", "neither the host nor the language tells; give two letters"


def _offsets(dates: Sequence[Published]) -> list[timedelta]:
    """Return the offsets from UTC that the dates themselves name, those of UTC left out."""
    named = [one for one in dates if _OFFSET.search(one.raw) and not _ZULU.search(one.raw)]
    return [offset for one in named if (offset := one.at.utcoffset()) is not None]


def _zone(country: str, offsets: Sequence[timedelta], dated: bool) -> tuple[str, str]:
    zone = zone_of(f"https://x.{country}/")
    if isinstance(zone, ZoneInfo):
        return zone.key, _contradiction(zone, offsets)
    if not offsets:
        why = "all dates seen are in UTC" if dated else "no date was seen"
        return "UTC", f"{why}; a date without an offset will be read as UTC"
    most = Counter(offsets).most_common(1)[0][0]
    hours, rest = divmod(int(most.total_seconds()), 3600)
    if rest:
        return "UTC", f"dates have the offset {_offset_text(most)}; name the zone, such as Asia/Tehran"
    name = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    return (
        name,
        f"a fixed offset, as the dates have it ({_offset_text(most)}); name the zone of the city if it has summer time",
    )


def _contradiction(zone: ZoneInfo, offsets: Sequence[timedelta]) -> str:
    usual = {datetime(2025, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}
    other = [offset for offset in offsets if offset not in usual]
    return f"dates have another offset: {_offset_text(other[0])}" if len(other) > len(offsets) / 2 else ""


def _offset_text(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

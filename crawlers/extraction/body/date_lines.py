"""Lines that say when something was published or how long it takes to read, by their words alone."""

from __future__ import annotations

import re

from crawlers.extraction.vocabulary import any_of
from crawlers.extraction.vocabulary.months import is_month

SHORT = 100  # characters of a date line at the most: with time, zone, place and the same again for the update
READING_TIME = re.compile(
    rf"^\W*(?:{any_of('dates.reading_time')})(?!\w).{{0,30}}$|"
    rf"^\W*\d+\s*+(?:[-–]\s*+)?(?:{any_of('dates.minutes')})\.?(?:\s+(?:{any_of('dates.of_reading')}))?\W*$",
    re.IGNORECASE,
)
ISSUED = rf"(?:(?:{any_of('dates.before_issued')}) )?(?:{any_of('dates.issued')})"
# How often it was read, and a day that is no date. "345" alone is what is left of a picture of an eye.
COUNTER = re.compile(
    rf"^\W*\d[\d\s.,]{{0,9}}(?:{any_of('dates.thousands')})?\s*+(?:{any_of('dates.read_counts')})?\W*$", re.IGNORECASE
)
RELATIVE = re.compile(
    rf"^\W*(?:{any_of('dates.relative_days')})\W{{0,3}}(?:(?:{any_of('dates.before_clock')}) )?"
    r"[\d۰-۹]{1,2}[:.][\d۰-۹]{2}\W*$",
    re.IGNORECASE,
)
LABEL_OF_DATE = re.compile(ISSUED, re.IGNORECASE)
DATE_LINE = re.compile(
    rf"^\W*(?:{ISSUED})|^\W*(?:[\w-]+,?\s+)?\d{{1,2}}[./ ]+(?:de )?\w+[./ ]+(?:de )?(?:19|20)\d{{2}}\b|"
    r"^\W*\w+\.? \d{1,2},? (?:19|20)\d{2}\b|^\W*\d{1,2}/\d{1,2}/(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
ISSUED_ALONE = re.compile(rf"^\W*(?:{ISSUED})(?: (?:{any_of('dates.after_issued')}))?\W*$", re.IGNORECASE)
ALL_FIGURES = re.compile(  # a day, with a time or without, and not a letter; in the digits of Persian too
    r"^(?=[\d\s.,:/|–-]*+$)[\d\s.,:/|–-]*?(?:(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|(?<!\d)\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)"
)
BEFORE_DAY = re.compile(r"^\W*\w+,?\s+(?=\d)")  # which in some languages is no name: "mercredi 12 mai"
WORD = re.compile(r"[^\W\d_]+")
CLOCK = re.compile(r"^\W*\d{1,2}:\d{2}\W*$")
MOMENT = re.compile(rf"\d[:./-]\d|(?:19|20)\d\d|\b(?:{any_of('dates.ago')})\b", re.IGNORECASE)
# Words of a date line that are no month: labels, prepositions, units. Names of zones and places are capitalised.
DATING = re.compile(any_of("dates.words"), re.IGNORECASE)
FURTHER = 6  # words of a date line beside those at the most: a day, a zone, a place, a name
FIGURES = re.compile(
    r"(?<!\d)\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}[\s,|–-]+(?:\w+\s)?\d{1,2}[:.]\d{2}|"
    r"(?:19|20)\d{2}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)


def is_preamble(line: str) -> bool:
    """Say whether the line is a date or reading time as it stands between title and text."""
    return len(line) < SHORT and (is_stamp(line) or _is_day(line))


def is_stamp(line: str) -> bool:
    """Say whether the line is only a date of publication, a reading time or a counter of views."""
    if len(line) >= SHORT:
        return False
    if any(one.match(line) is not None for one in (READING_TIME, CLOCK, ISSUED_ALONE, ALL_FIGURES, RELATIVE, COUNTER)):
        return True
    return (DATE_LINE.match(line) is not None and _is_dating(line)) or _is_moment(line)


def _is_dating(line: str) -> bool:
    """Say whether the line has a day or a time and few other words: "Updated May 12, 2023, 3:45 p.m."."""
    words, further = WORD.findall(line), _further(line)
    dated = MOMENT.search(line) is not None or (len(further) < len(words) and any(map(str.isdigit, line)))
    return dated and len(further) <= FURTHER and not any(map(str.islower, further))


def _further(line: str) -> list[str]:
    """Return the words of a date line that belong to no date."""
    rest = BEFORE_DAY.sub("", LABEL_OF_DATE.sub(" ", line), count=1)
    return [word for word in WORD.findall(rest) if not is_month(word) and DATING.fullmatch(word) is None]


def _is_day(line: str) -> bool:
    """Say whether the line is a few words with a month and a number: "2-май", "Friday 4 March 2022 07:15"."""
    words = WORD.findall(line)
    digits = any(char.isdigit() for char in line)
    if not digits or len(line) > 40 or len(words) > 4 or not any(map(is_month, words)):
        return False
    return sum(word.islower() for word in _further(line)) <= 1  # the name of a day, in some languages


def _is_moment(line: str) -> bool:
    """Say whether the line is a day in figures and a time: "Giriş: 04.03.2022 - 07:15", "2022年3月4日 07時15分"."""
    words = WORD.findall(line)
    return len(words) <= 12 and FIGURES.search(line) is not None and sum(map(str.isalpha, line)) <= 30

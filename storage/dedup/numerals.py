"""Numbers as texts write them: in digits of all scripts, with separators and scales, as dates, as words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storage.dedup.words import number_of, plain, scale_of

YEARS = range(1900, 2100)
AMBIGUOUS_SCALES = ("m", "min")  # also metres and minutes
MOST_DIGITS = 18  # a longer run of digits is no amount

_SEPARATORS = ".,'’٫٬ "
# 1 250 000 | 1.250,50 | 05.03.2026. A space divides groups of three digits only.
_NUMERAL = re.compile(r"\d+(?:(?:[.,'’٫٬](?=\d)| (?=\d{3}(?!\d)))\d+)*")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A number at the words from `start` up to `end`. `values`: all that it may mean ("1,250")."""

    start: int
    end: int
    values: frozenset[Decimal]
    scaled: bool = False  # a word such as "million" belongs to it

    @property
    def is_year(self) -> bool:
        """True if the number can be a year of our time."""
        return any(YEARS.start <= value < YEARS.stop for value in self.values)

    def agrees(self, other: Number) -> bool:
        """Return True if both may mean the same, or one is the other rounded to millions or thousands."""
        if self.values & other.values:
            return True
        return self.scaled != other.scaled and _rounds(*((self, other) if self.scaled else (other, self)))


def _rounds(scaled: Number, whole: Number) -> bool:
    """Return True if the scaled number is the whole one rounded to as many digits: 1.2 million, 1,247,300."""
    for value in scaled.values:
        digits = len(value.normalize().as_tuple().digits)
        if 2 <= digits <= MOST_DIGITS and any(
            _first_digits(each, digits) == value for each in whole.values if each >= 1000
        ):
            return True
    return False


def _first_digits(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1)) if value else value


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: where its words are, these as they are compared, and the place of the first in the text."""

    text: str
    spans: Sequence[Span]
    words: Sequence[str]
    first: int


def numbers_of(line: Line) -> Iterator[Number]:
    """Return the numbers of a line, in its order."""
    numerals = [match.span() for match in _NUMERAL.finditer(line.text)]
    numerals.reverse()
    place = 0
    while place < len(line.spans):
        start, end = line.spans[place]
        while numerals and numerals[-1][1] <= start:
            numerals.pop()
        if numerals and numerals[-1][0] < end:
            numeral = numerals.pop()
            last = _last_word(line, place, numeral[1])
            yield from _number(line, (place, last), numeral)
            place = last
        elif (written := number_of(line.words[place])) is not None:
            yield _scaled(line, (place, place), frozenset({Decimal(written)}), "")
        place += 1


def _last_word(line: Line, place: int, end: int) -> int:
    """Return the last word that begins before `end`."""
    while place + 1 < len(line.spans) and line.spans[place + 1][0] < end:
        place += 1
    return place


def _number(line: Line, places: Span, numeral: Span) -> Iterator[Number]:
    written = line.text[slice(*numeral)]
    if date := _DATE.fullmatch(written):
        start = line.first + places[0]
        yield Number(start, start + 1, frozenset({Decimal(date[1])}))
        yield Number(start + 2, start + 3, frozenset({Decimal(date[3])}))
        return
    yield _scaled(line, places, _values(written), line.text[numeral[1] : line.spans[places[1]][1]])


def _scaled(line: Line, places: Span, values: frozenset[Decimal], glued: str) -> Number:
    """Return the number of these words with the scale that follows: a word of its own, or letters glued to it."""
    start, end = line.first + places[0], line.first + places[1] + 1
    following = plain(glued) or (line.words[places[1] + 1] if places[1] + 1 < len(line.words) else "")
    scale = scale_of(following)
    if scale is None:
        return Number(start, end, values)
    scaled = frozenset(value * scale for value in values)
    if following in AMBIGUOUS_SCALES:
        scaled |= values
    return Number(start, end + (not glued), scaled, scaled=True)


def _values(numeral: str) -> frozenset[Decimal]:
    """Return what a numeral may mean: of "1,250" both 1250 and 1.25."""
    if len(numeral) > MOST_DIGITS:
        return frozenset({Decimal(int("".join(filter(str.isdigit, numeral))[:MOST_DIGITS]))})
    groups = re.split(rf"[{_SEPARATORS}]", numeral)
    separators = [character for character in numeral if character in _SEPARATORS]
    whole = Decimal("".join(groups))
    if not separators:
        return frozenset({whole})
    decimal = Decimal("".join(groups[:-1]) + "." + groups[-1])
    if len(set(separators)) > 1 and separators.count(separators[-1]) == 1:
        return frozenset({decimal})
    if len(separators) > 1 or separators[0] in " '’٬":
        return frozenset({whole})
    thousands = len(groups[1]) == 3 and 1 <= len(groups[0]) <= 3 and not groups[0].startswith("0")
    return frozenset({whole, decimal} if thousands else {decimal})

"""The facts of a text: its numbers, its names and the days it speaks of, each at the words where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from storage.dedup.tokens import NAME, PASSAGE_WORDS, TOKEN, TokenizedText
from storage.dedup.words import Day, days_of, number_of, plain, scale_of

YEARS = range(1900, 2100)
CASELESS = 0.02  # share of capitalised words up to which a text has none: Georgian and Persian have no capitals
AMBIGUOUS_SCALES = ("m", "min")  # also metres and minutes

_SEPARATORS = ".,'’٫٬ "
# 1 250 000 | 1.250,50 | 05.03.2026. A space divides groups of three digits only.
_NUMERAL = re.compile(r"\d+(?:(?:[.,'’٫٬](?=\d)| (?=\d{3}(?!\d)))\d+)*")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_SENTENCE_END = re.compile(r"[.!?…։؟]+[\"”»“’)\]]*\s")
_SHORT_WORD = 3  # letters; a full stop after a shorter word is mostly an abbreviation or an initial


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
    """Return True if 1.2 million is what is left of 1,247,300."""
    for value in scaled.values:
        digits = len(value.normalize().as_tuple().digits)
        if digits >= 2 and any(_first_digits(each, digits) == value for each in whole.values if each >= 1000):
            return True
    return False


def _first_digits(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1)) if value else value


class Facts:
    """The facts of a text. Positions are those of its words."""

    def __init__(self, text: TokenizedText) -> None:
        self.text = text
        self.sentences: list[int] = []  # the number of each word's sentence
        self.numbers: list[Number] = []
        self.starts: set[int] = set()  # first words of sentences
        for (first, _), line in zip(text.passages, text.lines, strict=True):
            self._read(first, line)

    def _read(self, first: int, line: str) -> None:
        spans = [match.span() for match in TOKEN.finditer(line)]
        ends = [match.end() for match in _SENTENCE_END.finditer(line)]
        sentence = self.sentences[-1] + 1 if self.sentences else 0
        self.starts.add(first)
        for place, (start, _) in enumerate(spans):
            if ends and start >= ends[0]:
                while ends and start >= ends[0]:
                    ends.pop(0)
                previous = self.text.words[first + place - 1]
                if len(previous) > _SHORT_WORD or previous.isdigit():
                    sentence += 1
                    self.starts.add(first + place)
            self.sentences.append(sentence)
        self.numbers += self._numerals(first, line, spans)

    def _numerals(self, first: int, line: str, spans: list[tuple[int, int]]) -> Iterator[Number]:
        """Return the numbers of a line, in its order. `spans`: where its words are."""
        numerals = [match.span() for match in _NUMERAL.finditer(line)]
        place = 0
        while place < len(spans):
            start, end = spans[place]
            while numerals and numerals[0][1] <= start:
                numerals.pop(0)
            if numerals and numerals[0][0] < end:
                begin, stop = numerals.pop(0)
                last = place
                while last + 1 < len(spans) and spans[last + 1][0] < stop:
                    last += 1
                yield from self._number(first, place, last, line[begin:stop], line[stop : spans[last][1]])
                place = last
            elif (written := number_of(self._plain(first + place))) is not None:
                yield self._scaled(first + place, first + place + 1, frozenset({Decimal(written)}), "")
            place += 1

    def _number(self, first: int, place: int, last: int, numeral: str, glued: str) -> Iterator[Number]:
        start, end = first + place, first + last + 1
        if date := _DATE.fullmatch(numeral):
            yield Number(start, start + 1, frozenset({Decimal(date[1])}))
            yield Number(start + 2, end, frozenset({Decimal(date[3])}))
            return
        yield self._scaled(start, end, _values(numeral), glued)

    def _scaled(self, start: int, end: int, values: frozenset[Decimal], glued: str) -> Number:
        """Return the number of these words with the scale that follows: a word of its own, or letters glued to it."""
        following = glued or (self._plain(end) if end < len(self.text) else "")
        scale = scale_of(plain(following))
        if scale is None:
            return Number(start, end, values)
        scaled = frozenset(value * scale for value in values)
        if following in AMBIGUOUS_SCALES:
            scaled |= values
        return Number(start, end + (not glued), scaled, scaled=True)

    def _plain(self, place: int) -> str:
        return plain(self.text.words[place])

    @cached_property
    def number_at(self) -> dict[int, Number]:
        """The number that each word belongs to, for words that belong to one."""
        return {place: number for number in self.numbers for place in range(number.start, number.end)}

    def words_between(self, start: int, end: int) -> list[str]:
        """Return the words from `start` up to `end` that are no numbers."""
        return [self.text.words[place] for place in range(start, end) if place not in self.number_at]

    @cached_property
    def days(self) -> frozenset[Day]:
        """All months and weekdays of the text."""
        return frozenset(day for word in self.text.words for day in days_of(plain(word)))

    @cached_property
    def caseless(self) -> bool:
        """True if the text distinguishes no capital letters, so that names cannot be told from other words."""
        capitals = sum(1 for mark in self.text.marks.tolist() if mark & NAME)
        return capitals < CASELESS * len(self.text)

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """The words that stand capitalised within a sentence, as they are compared."""
        marks = self.text.marks.tolist()
        return frozenset(self._plain(i) for i, mark in enumerate(marks) if mark & NAME and i not in self.starts)

    @cached_property
    def in_lower_case(self) -> frozenset[str]:
        """The words that stand in lower case somewhere, as they are compared."""
        marks = self.text.marks.tolist()
        return frozenset(self._plain(i) for i, mark in enumerate(marks) if not mark & NAME)

    @cached_property
    def edge(self) -> frozenset[int]:
        """The words of a short first or last line: a headline, a byline, a credit, a counter."""
        spans = self.text.passages
        if len(spans) < 2:
            return frozenset()
        short = [span for span in (spans[0], spans[-1]) if span[1] - span[0] < PASSAGE_WORDS]
        return frozenset(place for start, end in short for place in range(start, end))

    def is_name(self, place: int) -> bool:
        """Return True if the word is a name: capitalised within a sentence, or the first word of the text."""
        word = self.text.words[place]
        if not word[0].isupper() or len(word) < 2:
            return False
        if place not in self.starts:
            return True
        known = self._plain(place)
        if known in self.capitalised:
            return True
        nearby = place + 1 < len(self.text) and place + 1 not in self.starts and self.is_name(place + 1)
        return (nearby or self.opens(place)) and known not in self.in_lower_case

    def opens(self, place: int) -> bool:
        """Return True if the word is of the first sentence: that of the text, or of the line below its headline."""
        return self.sentences[place] in self._openings

    @cached_property
    def _openings(self) -> frozenset[int]:
        return frozenset(self.sentences[start] for start, _ in self.text.passages[: 1 + (self.headline > 0)])

    @cached_property
    def headline(self) -> int:
        """The number of words in the first line if it does not end as a sentence does; 0 if it is no headline."""
        if len(self.text.lines) < 2 or _SENTENCE_END.search(f"{self.text.lines[0].rstrip()} "[-4:]):
            return 0
        return self.text.passages[0][1]


def _values(numeral: str) -> frozenset[Decimal]:
    """Return what a numeral may mean: of "1,250" both 1250 and 1.25."""
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

"""The facts of a text: its numbers, its names and the days it speaks of, each at the words where it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from storage.dedup.numerals import Line, Number, numbers_of
from storage.dedup.tokens import NAME, PASSAGE_WORDS, TOKEN, TokenizedText, computed_once
from storage.dedup.words import Day, days_of, is_day, plain

READ = 400  # words of a text in which facts are looked for: news comes first, background follows
MOST_ABOVE = 2  # sentences above the one that begins with a dateline
CASELESS = 0.02  # share of capitalised words up to which a text has none: Georgian and Persian have no capitals

MOST_IN_STAMP = 12  # words in the line that says when a text was published
_YEAR, _CLOCK = r"\b(?:19|20)\d\d\b", r"\b\d{1,2}:\d\d\b"
_STAMP = re.compile(rf"{_YEAR}(?:(?!{_YEAR}).)*?{_CLOCK}|{_CLOCK}(?:(?!{_CLOCK}).)*?{_YEAR}")
_SENTENCE_END = re.compile(r"(?<![.!?…։؟])[.!?…։؟]++[\"”»“’)\]]*+\s")
# BAKU, March 5 (NPA) - | Bakı, 5 mart, Xəbər — . What follows is a sentence of its own.
_DATELINE = re.compile(r"(?=[^-–—:]*[(,])[^.!?\-–—:]{3,60}(?:\s[-–—]{1,2}|:)\s")
_SHORT_WORD = 3  # letters; a full stop after a shorter word is mostly an abbreviation or an initial


@computed_once
def facts_of(text: TokenizedText) -> Facts:
    """Return the facts of a text."""
    return Facts(text)


class Facts:
    """The facts of a text's first lines, 400 words or a little more. Positions are those of its words."""

    def __init__(self, text: TokenizedText) -> None:
        self.text = replace(text)  # without what was computed of it, these facts included: they would be a cycle
        self.words: list[str] = []  # as they are compared
        self.sentences: list[int] = []  # the number of each word's sentence
        self.numbers: list[Number] = []
        self.starts: set[int] = set()  # first words of sentences
        self._in_datelines: set[int] = set()
        for (first, end), line in zip(text.passages, text.lines, strict=True):
            if first >= READ:
                break
            self._read(line, text.words[first:end])

    def _read(self, line: str, words: list[str]) -> None:
        first, compared = len(self.words), [plain(word) for word in words]
        spans = [match.span() for match in TOKEN.finditer(line)]
        self.words += compared
        self.numbers += numbers_of(Line(line, spans, compared, first))
        self.sentences += self._sentences(line, spans, words)

    def _sentences(self, line: str, spans: list[tuple[int, int]], words: list[str]) -> list[int]:
        """Return the number of the sentence of each word of a line."""
        first, sentence = len(self.sentences), self.sentences[-1] + 1 if self.sentences else 0
        self.starts.add(first)
        ends = [match.end() for match in _SENTENCE_END.finditer(line)]
        ends.reverse()
        dateline = _DATELINE.match(line) if sentence < MOST_ABOVE else None
        numbers = []
        for place, (start, _) in enumerate(spans):
            ended = begins = False
            while ends and start >= ends[-1]:
                ended = bool(ends.pop())
            if dateline and start >= dateline.end():
                begins, dateline = True, None
                self._in_datelines.update(range(first, first + place))
            if begins or (ended and place and (len(words[place - 1]) > _SHORT_WORD or words[place - 1].isdigit())):
                sentence += 1
                self.starts.add(first + place)
            numbers.append(sentence)
        return numbers

    @cached_property
    def number_at(self) -> dict[int, Number]:
        """The number that each word belongs to, for words that belong to one."""
        return {place: number for number in self.numbers for place in range(number.start, number.end)}

    def words_between(self, start: int, end: int) -> list[str]:
        """Return the words from `start` up to `end` that are no numbers."""
        return [self.words[place] for place in range(start, end) if place not in self.number_at]

    def days_between(self, start: int, end: int) -> set[Day]:
        """Return the months and weekdays from `start` up to `end`."""
        return {day for word in self.words[start:end] for day in days_of(word)}

    @cached_property
    def days(self) -> set[Day]:
        """All months and weekdays."""
        return self.days_between(0, len(self.words))

    @cached_property
    def _capital(self) -> list[bool]:
        return [bool(mark & NAME) for mark in self.text.marks[: len(self.words)].tolist()]

    @cached_property
    def caseless(self) -> bool:
        """True if the text distinguishes no capital letters, so that names cannot be told from other words."""
        return sum(self._capital) < CASELESS * len(self.words)

    @cached_property
    def capitalised(self) -> frozenset[str]:
        """The words that stand capitalised within a sentence, as they are compared."""
        return frozenset(self.words[i] for i, capital in enumerate(self._capital) if capital and i not in self.starts)

    @cached_property
    def in_lower_case(self) -> frozenset[str]:
        """The words that stand in lower case somewhere, as they are compared."""
        return frozenset(self.words[i] for i, capital in enumerate(self._capital) if not capital)

    @cached_property
    def edge(self) -> frozenset[int]:
        """The words of lines around the text: a short first or last one (byline, credit, counter), time stamps."""
        spans = self.text.passages
        if len(spans) < 2:
            return frozenset()
        short = [span for span in (spans[0], spans[-1]) if span[1] - span[0] < PASSAGE_WORDS]
        lines = zip(spans, self.text.lines, strict=True)
        stamps = [span for span, line in lines if span[1] - span[0] <= MOST_IN_STAMP and _STAMP.search(line)]
        return frozenset(place for start, end in (*short, *stamps) for place in range(start, end))

    def is_name(self, place: int) -> bool:
        """Return True if the word is a name: capitalised within a sentence, or the first word of the text."""
        known = self.words[place]
        if not self._capital[place] or len(known) < 2 or is_day(known) or place in self._in_datelines:
            return False
        if len(known) == 2 and not self.text.words[place].isupper():
            return False  # St., Mr
        if place not in self.starts:
            return True
        if known in self.capitalised:
            return True
        nearby = place + 1 < len(self.words) and place + 1 not in self.starts and self.is_name(place + 1)
        return (nearby or self.opens(place)) and known not in self.in_lower_case

    def opens(self, place: int) -> bool:
        """Return True if the word is of the first sentence: that of the text, or of the line below its headline."""
        return self.sentences[place] in self._openings

    @cached_property
    def _openings(self) -> frozenset[int]:
        lines = self.text.passages[: 1 + (self.headline > 0)]
        return frozenset(self.sentences[start] for start, _ in lines if start < len(self.sentences))

    @cached_property
    def headline(self) -> int:
        """The number of words in the first line if it does not end as a sentence does; 0 if it is no headline."""
        if len(self.text.lines) < 2 or _SENTENCE_END.search(f"{self.text.lines[0].rstrip()} "[-4:]):
            return 0
        return self.text.passages[0][1]

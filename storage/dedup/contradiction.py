"""Whether two texts in nearly the same words tell different news: another company, amount, rate or day.

Wire agencies fill one frame again and again. Two issues may differ in a single word, less than an editor changes, but
this word is the news. So the words that differ are looked at: where both texts have a number, a name or a day at the
same place of the same sentence, and not the same one, they contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from storage.dedup.facts import READ, Facts, facts_of
from storage.dedup.numerals import Number
from storage.dedup.tokens import TokenizedText

BRIEF = 120  # words; a longer text has background, in which a corrected figure is a correction
LEAD = 60  # words of a longer text that carry the news
GAP = 12  # words that stand for others at one place
SIMILAR = 0.75  # of two names that are written differently: Kiev, Kyiv
NAME_LETTERS = 3

_Gap = tuple[int, int, int, int]  # start and end in a, start and end in b


@dataclass(frozen=True, slots=True)
class Differences:
    """How many places of two texts differ: in a number or day, in a name, or only in other words.

    `years`: how many of the differing numbers may be years.
    """

    figures: int
    names: int
    words: int
    years: int

    @property
    def contradict(self) -> bool:
        """True if facts differ, and are a large share of the differences: an editor who rewrites exchanges words."""
        return (self.figures > 0 and 4 * (self.figures + self.names) >= self.words) or (
            self.names > 0 and 2 * self.names >= self.words
        )

    @property
    def other_year(self) -> bool:
        """True if the texts speak of different years: no editor corrects a year."""
        return 4 * self.years > self.words


def differences(a: TokenizedText, b: TokenizedText, sources: frozenset[str] = frozenset()) -> Differences:
    """Count the places where two texts differ. `sources`: words of the names of outlets and agencies, no news."""
    return _Comparison(facts_of(a), facts_of(b), sources).differences()


class _Comparison:
    def __init__(self, a: Facts, b: Facts, sources: frozenset[str]) -> None:
        self._a, self._b, self._sources = a, b, sources
        self._brief = min(len(a.text), len(b.text)) < BRIEF
        self._codes = _aligned(a, b)
        self._same = {
            start_a + i: start_b + i
            for tag, start_a, end_a, start_b, _ in self._codes
            if tag == "equal"
            for i in range(end_a - start_a)
        }  # positions in b by positions in a

    def differences(self) -> Differences:
        every = [gap for gap in self._gaps() if max(gap[1] - gap[0], gap[3] - gap[2]) <= GAP]
        gaps = [gap for gap in every if self._carries_news(gap[0], gap[2])]
        edits = sum(1 for gap in gaps if self._other_words(self._a, gap[0], gap[1]))
        figures = self._numbers_that_differ(gaps)
        names = days = 0
        words = sum(1 for gap in set(every) - set(gaps) if self._has_words(gap))
        for gap in gaps:
            if self._days_differ(gap):
                days += 1
            elif self._names_differ(gap) or self._subjects_differ(gap, edits):
                names += 1
            elif self._has_words(gap):
                words += 1
        return Differences(len(figures) + days, names, words, sum(number.is_year for number in figures))

    def _gaps(self) -> Iterator[_Gap]:
        """Yield the replaced words beside which their sentence goes on with equal words, cut at its end."""
        for tag, start_a, end_a, start_b, end_b in self._codes:
            if tag != "replace":
                continue
            before = _goes_on(self._a, start_a - 1) and _goes_on(self._b, start_b - 1)
            after = _goes_on(self._a, end_a - 1) and _goes_on(self._b, end_b - 1)
            if _within(self._a, start_a, end_a) and _within(self._b, start_b, end_b):
                if before or after:
                    yield start_a, end_a, start_b, end_b
                continue
            if before:
                yield start_a, _sentence_end(self._a, start_a, end_a), start_b, _sentence_end(self._b, start_b, end_b)
            if after:
                yield _sentence_start(self._a, start_a, end_a), end_a, _sentence_start(self._b, start_b, end_b), end_b

    def _carries_news(self, place_a: int, place_b: int) -> bool:
        if place_a in self._a.edge or place_b in self._b.edge:
            return False
        return self._brief or max(place_a, place_b) < LEAD

    def _numbers_that_differ(self, gaps: Iterable[_Gap]) -> list[Number]:
        """Return the numbers of a for which b has a different one at the same place."""
        found: dict[int, Number] = {}
        for number, other, enclosed in self._pairs(gaps):
            if number.agrees(other) or not self._carries_news(number.start, other.start):
                continue
            if enclosed or (self._more(number, self._a, self._b) and self._more(other, self._b, self._a)):
                found[number.start] = number
        return list(found.values())

    def _more(self, number: Number, here: Facts, there: Facts) -> bool:
        """Return True if a number occurs more often in its own text: it was not only moved."""
        return _times(here, number) > _times(there, number)

    def _pairs(self, gaps: Iterable[_Gap]) -> Iterator[tuple[Number, Number, bool]]:
        """Yield the pairs of numbers at the same place, and whether the words on both sides of them are equal."""
        ends = {number.end: number for number in self._b.numbers}
        starts = {number.start: number for number in self._b.numbers}
        for number in self._a.numbers:
            before = starts.get(self._same.get(number.start - 1, -2) + 1)
            after = ends.get(self._same.get(number.end, -1))
            for other in filter(None, dict.fromkeys((before, after))):
                yield number, other, before is after
        for start_a, end_a, start_b, end_b in gaps:
            here, there = _numbers_in(self._a, start_a, end_a), _numbers_in(self._b, start_b, end_b)
            if len(here) == len(there):
                yield from ((number, other, False) for number, other in zip(here, there, strict=True))

    def _days_differ(self, gap: _Gap) -> bool:
        here, there = self._a.days_between(gap[0], gap[1]), self._b.days_between(gap[2], gap[3])
        for kind in ("month", "weekday"):
            mine = {day for day in here if day[0] == kind}
            other = {day for day in there if day[0] == kind}
            if mine and other and not mine & self._b.days and not other & self._a.days:
                return True
        return False

    def _names_differ(self, gap: _Gap) -> bool:
        here = [place for place in range(gap[0], gap[1]) if self._a.is_name(place)]
        there = [place for place in range(gap[2], gap[3]) if self._b.is_name(place)]
        if not here or not there:
            return False
        names, others = [self._a.words[place] for place in here], [self._b.words[place] for place in there]
        if _abbreviates(names, others) or _abbreviates(others, names):
            return False
        return self._any_absent(names, self._b) and self._any_absent(others, self._a)

    def _subjects_differ(self, gap: _Gap, edits: int) -> bool:
        """Return True if words differ that may be names, in scripts without capital letters.

        Only in the first sentence, and not at its end, where the verb stands in Georgian and Persian.
        """
        start_a, end_a, start_b, end_b = gap
        if not (self._a.opens(start_a) and self._b.opens(start_b)):
            return False
        if not (self._a.caseless and self._b.caseless) or edits > 3:
            return False
        if not (_goes_on(self._a, end_a - 1) and _goes_on(self._b, end_b - 1)):
            return False
        here, there = self._a.words_between(start_a, end_a), self._b.words_between(start_b, end_b)
        return self._any_absent(here, self._b) and self._any_absent(there, self._a)

    def _any_absent(self, names: Iterable[str], other: Facts) -> bool:
        """Return True if one of these names does not occur in the other text, in any form, and names no source."""
        return any(self._is_absent(name, other) for name in names)

    def _is_absent(self, name: str, other: Facts) -> bool:
        if len(name) < NAME_LETTERS and not name.isalpha():
            return False
        if any(_same_name(name, source) for source in self._sources):
            return False
        return not any(_same_name(name, word) for word in other.words)

    def _has_words(self, gap: _Gap) -> bool:
        """Return True if both texts have words in the gap that are not numbers."""
        return self._other_words(self._a, gap[0], gap[1]) and self._other_words(self._b, gap[2], gap[3])

    def _other_words(self, facts: Facts, start: int, end: int) -> bool:
        return any(len(word) >= NAME_LETTERS for word in facts.words_between(start, end))


def _aligned(a: Facts, b: Facts) -> list[tuple[str, int, int, int, int]]:
    """Align the words of two texts. Return difflib's opcodes, with positions in the whole texts.

    A headline that only one of the texts has is left out: it would be aligned with the first sentence of the other.
    """
    skip_a, skip_b = (0 if a.headline and b.headline else facts.headline for facts in (a, b))
    words_a, words_b = a.text.keys[skip_a:READ].tolist(), b.text.keys[skip_b:READ].tolist()
    codes = SequenceMatcher(None, words_a, words_b, autojunk=False).get_opcodes()
    return [(tag, i + skip_a, j + skip_a, k + skip_b, m + skip_b) for tag, i, j, k, m in codes]


def _sentence_end(facts: Facts, start: int, end: int) -> int:
    """Return the end of the words from `start` that are of its sentence, at most `end`."""
    return next((i for i in range(start, end) if facts.sentences[i] != facts.sentences[start]), end)


def _sentence_start(facts: Facts, start: int, end: int) -> int:
    """Return the first of the words up to `end` that are of the last one's sentence, at least `start`."""
    return next((i + 1 for i in range(end - 1, start - 1, -1) if facts.sentences[i] != facts.sentences[end - 1]), start)


def _within(facts: Facts, start: int, end: int) -> bool:
    return facts.sentences[start] == facts.sentences[end - 1]


def _goes_on(facts: Facts, place: int) -> bool:
    """Return True if the word at `place` and the next one are of one sentence."""
    sentences = facts.sentences
    return 0 <= place < len(sentences) - 1 and sentences[place] == sentences[place + 1]


def _numbers_in(facts: Facts, start: int, end: int) -> list[Number]:
    found = (facts.number_at.get(place) for place in range(start, end))
    return list(dict.fromkeys(number for number in found if number is not None))


def _times(facts: Facts, number: Number) -> int:
    return sum(number.agrees(other) for other in facts.numbers)


def _same_name(a: str, b: str) -> bool:
    """Return True if two words are forms or spellings of one name: İran, İranın; Kiev, Kyiv."""
    if a == b:
        return True
    if a[0] != b[0]:
        return False
    shorter = min(len(a), len(b))
    if shorter >= NAME_LETTERS and (a.startswith(b) or b.startswith(a)) and a.strip("ivx"):
        return True
    if shorter < 4:
        return False
    common = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), shorter)
    return common >= max(4, shorter - 2) or SequenceMatcher(None, a, b).ratio() >= SIMILAR


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Return True if one name is the initials of the others: CBA, Central Bank of Azerbaijan."""
    if len(short) != 1 or len(long) < 2:
        return False
    initials = "".join(word[0] for word in long)
    return short[0].startswith(initials) or (len(short[0]) > 1 and initials.startswith(short[0]))

"""Pieces of a text with the words marked that a query found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.search.analyser import words_with_terms
from storage.search.expressions import Phrase
from storage.search.ranking import Group

WORDS = 32  # of a snippet
_BEFORE = 6  # words before the first mark


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text as (text, is it found) in order. Joined, the parts are the piece as it was written."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def plain(self) -> str:
        """The piece without marks."""
        return "".join(text for text, _ in self.parts)


_Spans = Sequence[tuple[int, int]]


def marked(text: str, language: str | None, groups: Sequence[Group]) -> Snippet:
    """Return a whole text, such as a title, with what was found."""
    spans, terms = words_with_terms(text, language)
    return _parts(text, spans, set(_places(terms, groups)), 0, len(text))


def snippet(text: str, language: str | None, groups: Sequence[Group]) -> Snippet:
    """Return the piece of a text that holds most of the words of the query; its beginning if it holds none.

    Line breaks become blanks; an ellipsis says that the text goes on.
    """
    text = " ".join(text.split())
    spans, terms = words_with_terms(text, language)
    found = _places(terms, groups)
    first = _best_start(found)
    chosen = spans[first : first + WORDS]
    if not chosen:
        return Snippet(((text, False),) if text else ())
    start = chosen[0][0] if first else 0
    end = chosen[-1][1] if first + WORDS < len(spans) else len(text)
    parts = _parts(text, spans, set(found), start, end).parts
    before, after = (("… ", False),) if start else (), ((" …", False),) if end < len(text) else ()
    return Snippet((*before, *parts, *after))


def _places(terms: list[str], groups: Sequence[Group]) -> dict[int, int]:
    """Return the words that a query found, by their number, each with the number of its group."""
    found: dict[int, int] = {}
    for number, group in enumerate(groups):
        for phrase in group.phrases:
            for at in _occurrences(phrase, terms):
                found |= dict.fromkeys(range(at, at + len(phrase.terms)), number)
    return found


def _occurrences(phrase: Phrase, terms: list[str]) -> list[int]:
    first = phrase.terms[0]
    return [n for n, term in enumerate(terms) if term.startswith(first) and phrase.begins_at(n, terms)]


def _best_start(found: dict[int, int]) -> int:
    """Return the number of the word with which the piece begins."""
    if not found:
        return 0
    places = sorted(found)
    best = max(places, key=lambda at: (len(_groups_within(found, places, at)), -at))
    return max(0, best - _BEFORE)


def _groups_within(found: dict[int, int], places: list[int], at: int) -> set[int]:
    return {found[place] for place in places if at <= place < at + WORDS - _BEFORE}


def _parts(text: str, spans: _Spans, found: set[int], start: int, end: int) -> Snippet:
    parts: list[tuple[str, bool]] = []
    at = start
    for number in sorted(found):
        first, last = spans[number]
        if first < start or last > end:
            continue
        if first > at:
            parts.append((text[at:first], False))
        parts.append((text[first:last], True))
        at = last
    if at < end:
        parts.append((text[at:end], False))
    return Snippet(tuple(parts))

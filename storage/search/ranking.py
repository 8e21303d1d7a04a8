"""The order of results: one formula for both databases, computed from the articles themselves.

    score = mean over the words of the query of BM25's term weight in the text (0 to 2.2)
            + 2 x share of the words that the title holds
            + recency: 1.5 today, half of it after 60 days, a quarter after 120

The rarity of a word (idf) does not count: results hold all words of a query, so it would rarely change the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.search import syntax
from storage.search.analyser import terms_of
from storage.search.expressions import Phrase, term_phrases

_K1, _B = 1.2, 0.75  # as usual for BM25: saturation of a word's count, and weight of a text's length
_USUAL_LENGTH = 300  # words of an article
_TITLE, _RECENCY, _HALF_LIFE = 2.0, 1.5, 60.0  # half-life in days
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Group:
    """A word or phrase of the query: found in a text if one of its phrases is."""

    phrases: tuple[Phrase, ...]

    def count(self, terms: Sequence[str], counted: Counter[str]) -> int:
        """Return how often it occurs among the terms of a text, of which `counted` is the bag."""
        return sum(_count(phrase, terms, counted) for phrase in self.phrases)


def groups_of(node: syntax.Node | None, languages: Sequence[str]) -> list[Group]:
    """Return the words and phrases that a query wants found."""
    match node:
        case syntax.Term():
            return [Group(term_phrases(node, languages))]
        case syntax.All(parts) | syntax.Any(parts):
            return [group for part in parts for group in groups_of(part, languages)]
        case _:
            return []


def _count(phrase: Phrase, terms: Sequence[str], counted: Counter[str]) -> int:
    first = phrase.terms[0]
    if len(phrase.terms) > 1:
        return sum(phrase.begins_at(n, terms) for n, term in enumerate(terms) if term == first) if counted[first] else 0
    return sum(n for term, n in counted.items() if term.startswith(first)) if phrase.prefix else counted[first]


def title_score(title: str, language: str | None, groups: Sequence[Group]) -> float:
    """Return what the title adds to the score of an article."""
    if not groups:
        return 0.0
    terms = terms_of(title, language)
    counted = Counter(terms)
    return _TITLE * sum(bool(group.count(terms, counted)) for group in groups) / len(groups)


def text_score(text: str, language: str | None, groups: Sequence[Group]) -> float:
    """Return what the text adds to the score of an article."""
    if not groups:
        return 0.0
    terms = terms_of(text, language)
    counted, norm = Counter(terms), _K1 * (1 - _B + _B * len(terms) / _USUAL_LENGTH)
    weigh: Callable[[int], float] = lambda n: n * (_K1 + 1) / (n + norm)  # noqa: E731 - one line beside its formula
    return sum(weigh(group.count(terms, counted)) for group in groups) / len(groups)


def recency_score(at: int, now: float) -> float:
    """Return what its age adds to the score of an article. Both in seconds since 1970; the future counts as now."""
    return float(_RECENCY * 0.5 ** (max(0.0, now - at) / _DAY / _HALF_LIFE))

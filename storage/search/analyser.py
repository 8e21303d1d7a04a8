"""Texts and queries as terms: one analyser for the index of both databases.

A term is a word of the text, folded (letters.py) and stemmed by the text's language (stems.py). The language of a query
is not known, so each of its words becomes the terms that it has in every language that the archive holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import Stemmer

from storage.search.letters import INDIC, JOINING, fold, latin, normalised, pattern, words
from storage.search.stems import LANGUAGES, stem_of

# Part of the stored index: an index of another version is built again by `pressrun db reindex`.
ANALYSER_VERSION = f"3/{Stemmer.version()}"
LONGEST = 40  # characters of a term; longer words are addresses and noise
FORMS = 12  # spellings of one query word that are tried in one language
MEMO = 1 << 16  # words of which the terms are kept in memory, those of all languages together: some 10 MB
_CYRILLIC = re.compile("[\u0400-\u052f]")
_NO_PART = re.compile(rf"[^\w\u0300-\u036f{INDIC}]|_")  # of a term: it must stay one word to both databases


class _Terms(dict[str, str]):
    """The terms of the words of a language, computed once each."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self.language, self.stem = language, stem_of(language)

    def __missing__(self, word: str) -> str:
        if words_remembered() >= MEMO:
            for terms in list(_TERMS.values()):
                terms.clear()
        self[word] = term = _NO_PART.sub("", self.stem(_unstemmed(word, self.language)))
        return term


def _unstemmed(word: str, language: str | None) -> str:
    return latin(fold(word)[:LONGEST], language)


_TERMS: dict[str | None, _Terms] = {}  # by analysed language


def words_remembered() -> int:
    """Return the number of words, of all languages, whose terms are in memory."""
    return sum(map(len, list(_TERMS.values())))  # a list, since another thread may add a language meanwhile


def _terms(language: str | None) -> _Terms:
    terms = _TERMS.get(language)
    return _TERMS.setdefault(language, _Terms(language)) if terms is None else terms


def analysed_language(language: str | None) -> str | None:
    """Return the language by whose rules a text is analysed; None if it has no rules of its own."""
    primary = (language or "").split("-")[0].lower()
    return primary if primary in LANGUAGES or primary in JOINING else None


def terms_of(text: str, language: str | None) -> list[str]:
    """Return the terms of a text in order. A word without letters that count has none."""
    return list(filter(None, _term_of_each_word(text, language)))


def _term_of_each_word(text: str, language: str | None) -> list[str]:
    terms = _terms(analysed_language(language))
    return list(map(terms.__getitem__, words(normalised(text), terms.language)))


def words_with_terms(text: str, language: str | None) -> tuple[list[tuple[int, int]], list[str]]:
    """Return start and end of each word of a text as it is written, and its term: to mark what was found."""
    spoken = analysed_language(language)
    spans = [each.span() for each in pattern(spoken).finditer(text)]
    terms = _term_of_each_word(text, language)
    if len(spans) != len(terms):  # a ligature or a fraction became several words: word by word, which takes longer
        terms = ["".join(terms_of(text[start:end], language)) for start, end in spans]
    return spans, terms


def phrases_of(text: str, languages: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of terms that a piece of a query may have in a text: one or more for each language.

    The text is tried as it is in a language without rules, and in all `languages`. Texts of Azerbaijan are searched by
    both spellings of its names, Əliyev and Aliyev.
    """
    known = {analysed_language(language) for language in languages}
    found = dict.fromkeys(tuple(terms_of(text, language)) for language in (None, *sorted(filter(None, known))))
    for other, language in _other_spellings(text, known):
        found[tuple(terms_of(other, language))] = None
    return tuple(phrase for phrase in found if phrase)


def spellings_of(word: str) -> list[str]:
    """Return a word folded but not stemmed, in the spellings that names of Azerbaijan have: Nəsirov and Nasirov."""
    others = [other for other, _ in _other_spellings(word, {None, "az"})]
    return list(dict.fromkeys("".join(terms_of(each, None)) for each in (word, *others)))


def _other_spellings(text: str, languages: set[str | None]) -> list[tuple[str, str | None]]:
    """Return the text as English and Russian transliterate Azerbaijani names, with the language of the texts."""
    plain = normalised(text)
    if "az" not in languages or _CYRILLIC.search(plain):
        return []
    if "ə" in plain:
        return [(plain.replace("ə", "a"), language) for language in languages - {"az"}]
    places = [place.start() for place in re.finditer("a", plain)]
    if len(plain) < 5 or not places:
        return []
    return [(_replaced(plain, chosen), "az") for chosen in _subsets(places)]


def _subsets(places: list[int]) -> list[list[int]]:
    """Return all non-empty subsets of a few places; of many, all of them together and each alone."""
    if 2 ** len(places) - 1 > FORMS:
        return [places, *([place] for place in places[: FORMS - 1])]
    return [[p for n, p in enumerate(places) if mask >> n & 1] for mask in range(1, 2 ** len(places))]


def _replaced(text: str, places: list[int]) -> str:
    return "".join("ə" if n in places else char for n, char in enumerate(text))


def starts_of(text: str, languages: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of terms that a piece of a query with an asterisk may have in a text.

    The last of each is the beginning of a term: folded and not stemmed, in each script that it may have. Several words
    (covid-19) have the terms of the others before it. Empty if no letter of the text counts.
    """
    known = {analysed_language(language) for language in languages}
    found = dict.fromkeys(_start_of(text, language) for language in (None, *sorted(filter(None, known))))
    return tuple(start for start in found if start)


def _start_of(text: str, language: str | None) -> tuple[str, ...]:
    starts = {word: _NO_PART.sub("", _unstemmed(word, language)) for word in words(normalised(text), language)}
    counting = [word for word in words(normalised(text), language) if starts[word]]
    return (*map(_terms(language).__getitem__, counting[:-1]), *(starts[word] for word in counting[-1:]))

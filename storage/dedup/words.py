"""Words that stand for numbers and days, read from words.toml."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path

MOST_ENDING = 4  # letters after a stem
LEAST_STEM = 4

Day = tuple[str, int]  # ("month", 1 to 12) or ("weekday", 1 to 7)


def plain(word: str) -> str:
    """Return a word as it is compared: case folded, with one letter i. The word itself if it is written so."""
    compared = word.casefold().replace("i\u0307", "i").replace("ı", "i")
    return word if compared == word else compared


@lru_cache(1 << 14)
def days_of(word: str) -> frozenset[Day]:
    """Return the months and weekdays that a compared word names, with or without an ending; of several languages all.

    Languages write different months alike, so a word may name several.
    """
    stems = _days()
    if word in stems:
        return stems[word]
    for ending in range(1, min(MOST_ENDING, len(word) - LEAST_STEM) + 1):
        if found := stems.get(word[:-ending]):
            return found
    return frozenset()


def is_day(word: str) -> bool:
    """Return True if a compared word is the name of a month or weekday as it stands, without an ending."""
    return word in _days()


def number_of(word: str) -> int | None:
    """Return the number that a compared word writes out, or None."""
    return _numbers().get(word)


def scale_of(word: str) -> int | None:
    """Return what the word multiplies the number before it by, or None."""
    return _scales().get(word)


@cache
def _tables() -> dict[str, dict[str, object]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


@cache
def _days() -> dict[str, frozenset[Day]]:
    days: dict[str, set[Day]] = {}
    for language, table in _tables().items():
        for kind, key in (("month", "months"), ("weekday", "weekdays")):
            names = str(table[key]).split("|") if language != "scales" else []
            for number, forms in enumerate(names, 1):
                for form in forms.split():
                    days.setdefault(plain(form), set()).add((kind, number))
    return {word: frozenset(found) for word, found in days.items()}


@cache
def _numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for language, table in _tables().items():
        written = table["numbers"] if language != "scales" else {}
        assert isinstance(written, dict)
        numbers |= {plain(form): int(value) for value, forms in written.items() for form in forms.split()}
    return numbers


@cache
def _scales() -> dict[str, int]:
    return {plain(form): int(value) for value, forms in _tables()["scales"].items() for form in str(forms).split()}

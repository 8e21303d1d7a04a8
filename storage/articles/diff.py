"""Differences between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from storage.text import letters

_WORD = re.compile(r"\S+")
CONTEXT = 4  # words shown before and after a difference


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two texts differ: the words removed, the words added, and the words around them."""

    before: str
    removed: str
    added: str
    after: str


def differences(old: str, new: str) -> list[Difference]:
    """Return the places where two texts differ in words. Case, punctuation and white space do not count."""
    words_old, words_new = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, list(map(letters, words_old)), list(map(letters, words_new)), False)
    return list(_places(matcher, words_old, words_new))


def _places(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Difference]:
    for kind, i, j, k, m in matcher.get_opcodes():
        removed, added = old[i:j], new[k:m]
        if kind == "equal" or not any(map(letters, [*removed, *added])):
            continue  # only dashes, bullets and the like
        yield Difference(
            " ".join(old[max(0, i - CONTEXT) : i]), " ".join(removed), " ".join(added), " ".join(old[j : j + CONTEXT])
        )

"""Differences between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from storage.text import letters

_WORD = re.compile(r"\S+")
_SPAN = re.compile(r"\S+\s*")
MOST_COMPARED = 3000  # words; the time grows with their square
CONTEXT = 4  # words shown before and after a difference


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two texts differ: the words removed, the words added, and the words around them."""

    before: str
    removed: str
    added: str
    after: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of two texts side by side. `kind`: same, removed or added; line breaks are kept."""

    kind: str
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Return the new text with what was removed from the old one in its place, as pieces in order.

    The texts of the pieces that are not `removed` make up the new text. Case and punctuation do not count as changes.
    """
    spans_old, spans_new = _spans(old), _spans(new)
    keys = [[letters(word) for word in map(str.strip, spans)] for spans in (spans_old, spans_new)]
    pieces: list[Piece] = []
    for kind, i, j, k, m in _opcodes(*keys):
        if kind == "equal":
            if k < m:
                pieces.append(Piece("same", "".join(spans_new[k:m])))
            continue
        if any(keys[0][i:j]):
            pieces.append(Piece("removed", "".join(spans_old[i:j])))
        if k < m:
            pieces.append(Piece("added" if any(keys[1][k:m]) else "same", "".join(spans_new[k:m])))
    return pieces


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield difflib's opcodes. What differs in more words than MOST_COMPARED is one replacement."""
    start = _common(zip(old, new, strict=False))
    end = _common(zip(reversed(old[start:]), reversed(new[start:]), strict=False))
    i, j = len(old) - end, len(new) - end
    yield "equal", 0, start, 0, start
    if max(i, j) - start > MOST_COMPARED:
        yield "replace", start, i, start, j
    else:
        for kind, *places in SequenceMatcher(None, old[start:i], new[start:j], False).get_opcodes():
            a, b, c, d = (place + start for place in places)
            yield kind, a, b, c, d
    yield "equal", i, len(old), j, len(new)


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _spans(text: str) -> list[str]:
    """Return the words, each with the white space behind it."""
    return _SPAN.findall(text.lstrip())


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

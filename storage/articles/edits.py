"""Tell an edit of an article from a change of what surrounds it on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from storage.dedup import PASSAGE_WORDS, tokenize
from storage.text import letters, normalised_tokens

HEADLINE_WORDS = 20  # headlines of related articles are not longer
# The end of a sentence in the scripts of the region and beyond, and the quotes and brackets that may follow it.
_SENTENCE_END = re.compile(r"[.!?…։。！？؟۔।:;][\s\"'»”’)\]]*$")
_DIGITS = re.compile(r"\d+")


def text_changed(before: str, after: str, recurring: frozenset[int]) -> bool:
    """Return True if the words of an article changed.

    Line wraps, counters, and blocks of related headlines at the end do not count. `recurring`: the keys of the lines
    that the outlet has under all its articles.
    """
    if letters(before) == letters(after):
        return False
    return any(_is_edit(*change, recurring) for change in _changes(_lines(before), _lines(after)))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _changes(before: list[str], after: list[str]) -> Iterator[tuple[list[str], list[str], bool]]:
    """Yield each difference: the old lines, the new lines, and whether only headlines follow in both texts."""
    matcher = SequenceMatcher(None, [letters(line) for line in before], [letters(line) for line in after], False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            yield before[i:j], after[k:m], all(map(_is_headline, [*before[j:], *after[m:]]))


def _is_edit(was: list[str], now: list[str], at_end: bool, recurring: frozenset[int]) -> bool:
    if at_end and all(map(_is_headline, [*was, *now])):
        return False
    if len(was) == len(now) and all(_is_counter(a, b) for a, b in zip(was, now, strict=True)):
        return False
    return not all(_recurs(line, recurring) for line in [*was, *now])


def _is_headline(line: str) -> bool:
    return not _SENTENCE_END.search(line) and len(normalised_tokens(line)) <= HEADLINE_WORDS


def _is_counter(was: str, now: str) -> bool:
    """Return True for a short line in which only the figures differ: "Views: 1 024"."""
    return len(normalised_tokens(now)) < PASSAGE_WORDS and _without_figures(was) == _without_figures(now)


def _without_figures(line: str) -> str:
    return _DIGITS.sub("", letters(line))


def _recurs(line: str, recurring: frozenset[int]) -> bool:
    return all(key in recurring for key in tokenize(line).passage_keys)

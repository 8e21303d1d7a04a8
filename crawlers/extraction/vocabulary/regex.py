"""Phrases to regular expressions, and what can be told of an expression without matching it: words that it must have.

It is told from the tree into which Python's own parser reads the expression, so that no list has to be kept by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, cast

APOSTROPHES = "['’‘ʻ]"  # an apostrophe in a phrase is any of these
MOST = 64  # texts that one expression may begin with
LONG = 8  # characters of a word that is as rare as any longer one
SPACES = (codes.CATEGORY_SPACE, codes.CATEGORY_NOT_WORD)


def escape(phrase: str) -> str:
    """Return the expression for a phrase: its characters, but any apostrophe for an apostrophe."""
    return phrase if phrase.isalnum() else re.escape(phrase).replace("'", APOSTROPHES)


def one_of(phrases: Iterable[str]) -> str:
    """Return the expression for one of these phrases, the longest that fits.

    What several begin with stands in it once, so that each letter of a text is looked at once: half the time of a row
    of alternatives.
    """
    return "|".join(_branches(sorted(set(phrases)), 0))


def _branches(phrases: Sequence[str], begin: int) -> Iterator[str]:
    """Yield an expression for each letter with which the sorted phrases go on behind their common beginning."""
    for _, alike in groupby(phrases, key=lambda phrase: phrase[begin]):
        group = list(alike)
        first, last = group[0], group[-1]
        if first == last:
            yield escape(first[begin:])
            continue
        end = next(
            (place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
        )
        whole = len(first) == end  # one of them ends here
        rest = "|".join(_branches(group[whole:], end))
        yield f"{escape(first[begin:end])}(?:{rest}){'?' if whole else ''}"


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what stands for a compiled expression, and compiles it when it is first asked for anything.

    For expressions that most pages never need: of other languages, of walls, behind a text that is looked for first.
    """
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self.flags)
        for method in ("search", "match", "fullmatch", "finditer"):  # from now on found without this function
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def marks_of(expression: str) -> tuple[str, ...]:
    """Return texts in small letters of which every match has one, so that others need not be tried; empty for none."""
    return tuple(sorted(_marks(parser.parse(expression))))


def _marks(nodes: Iterable[Any]) -> frozenset[str]:
    """Return the rarest of the sets of texts of which one must be there."""
    return max(_required(nodes), key=_rarity, default=frozenset())


def _rarity(marks: frozenset[str]) -> float:
    return min(LONG, *map(len, marks)) - len(marks) / 8 if len(marks) > 1 else min(LONG, len(next(iter(marks))))


def _required(nodes: Iterable[Any]) -> Iterator[frozenset[str]]:
    """Yield the sets of texts of which one must be in what a row of nodes matches: runs of letters, and groups."""
    run = [""]
    for code, value in nodes:
        if (letters := _letters(code, value)) and len(run) * len(letters) <= MOST:
            run = [text + letter for text in run for letter in letters]
            continue
        if code is codes.AT:
            continue
        if all(run):
            yield frozenset(run)
        run = [""]
        if marks := _of_group(code, value):
            yield marks
    if all(run):
        yield frozenset(run)


def _letters(code: Any, value: Any) -> list[str]:
    """Return the texts in small letters for which a node stands, if it stands for one of a few."""
    if code is codes.LITERAL:
        return [chr(value).lower()]
    if code is codes.IN and all(one is codes.LITERAL for one, _ in value):
        return sorted({chr(letter).lower() for _, letter in value})
    if code is codes.SUBPATTERN and all(one is codes.LITERAL for one, _ in value[3]):
        return ["".join(chr(letter) for _, letter in value[3]).lower()]
    return []


def _of_group(code: Any, value: Any) -> frozenset[str]:
    if code is codes.SUBPATTERN:
        return _marks(value[3])
    if code is codes.BRANCH:
        each = [_marks(branch) for branch in value[1]]
        return frozenset().union(*each) if all(each) else frozenset()
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and value[0] > 0:
        return _marks(value[2])
    if code is codes.ASSERT:
        return _marks(value[1])
    return frozenset()


def first_words_of(expression: str) -> tuple[str, ...]:
    """Return the words, in small letters, with one of which every match begins; ValueError unless they can be told."""
    begun = list(_begin([("", False)], parser.parse(expression)))
    if not all(whole and text for text, whole in begun):
        raise ValueError("it has to begin with whole words, or a group of them")
    return tuple(sorted({text for text, _ in begun}))


Begun = tuple[str, bool]  # what stands so far, and whether the first word is whole


def _begin(begun: list[Begun], nodes: Iterable[Any]) -> list[Begun]:
    for code, value in nodes:
        if all(whole for _, whole in begun):
            break
        begun = [
            longer for text, whole in begun for longer in ([(text, True)] if whole else _longer(text, code, value))
        ]
        if len(begun) > MOST:
            raise ValueError(f"it begins with one of more than {MOST} words")
    return begun


def _longer(text: str, code: Any, value: Any) -> list[Begun]:
    """Return what may stand after one more node."""
    if letters := _letters(code, value):
        return [(text + letter, False) if letter.isalnum() or letter == "_" else (text, True) for letter in letters]
    if code is codes.SUBPATTERN:
        return _begin([(text, False)], value[3])
    if code is codes.BRANCH:
        return [longer for branch in value[1] for longer in _begin([(text, False)], branch)]
    if code is codes.MAX_REPEAT and value[:2] == (0, 1):
        return [*_begin([(text, False)], value[2]), (text, False)]
    ends = code is codes.AT or (code is codes.IN and all(one is codes.CATEGORY and is_ in SPACES for one, is_ in value))
    if ends or (code is codes.MAX_REPEAT and value[0] > 0 and _is_space(value[2])):
        return [(text, True)]
    raise ValueError("its first word is no word of letters")


def _is_space(nodes: Any) -> bool:
    code, value = next(iter(nodes))
    return code is codes.IN and all(one is codes.CATEGORY and is_ in SPACES for one, is_ in value)

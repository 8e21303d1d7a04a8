"""Strings that a regular expression may take long to refuse, made from the expression itself.

Time grows faster than the text where a part that repeats is tried again from many places. So the strings repeat what
an expression can repeat, behind what it needs before it, and the beginnings of it that have no end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

Node = tuple[Any, Any]

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
CLASSES = (codes.IN, codes.ANY, codes.NOT_LITERAL)
MANY = 10  # a repeat of at least so many can be long
USUAL = " \n\taAé1.,-:;/@<>()[]\"'&=#?!_*%ա中\0"
SAMPLES = 3  # of what may stand at one place
OWN = 40  # an expression of so many different letters at the most has each of them tried by itself


class Hostile(NamedTuple):
    """A beginning, and what is repeated behind it."""

    start: str
    pump: str

    def text(self, length: int, end: str) -> str:
        return self.start + self.pump * max(1, length // len(self.pump)) + end


def hostile_strings(pattern: re.Pattern[Any], most: int) -> list[Hostile]:
    """Return up to `most` strings for an expression, from all of its parts."""
    maker = _Maker(pattern)
    single = [Hostile("", letter) for letter in maker.kinds]
    found = list(dict.fromkeys([*single, *(one for one in maker.pumps(maker.tree, [""]) if one.pump)]))
    return found if len(found) <= most else [found[place * len(found) // most] for place in range(most)]


def shortest_match(pattern: re.Pattern[Any]) -> int:
    """Return how many characters a match has at the least."""
    return int(_Maker(pattern).tree.getwidth()[0])


class _Maker:
    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self.pattern = pattern
        self.is_bytes = isinstance(pattern.pattern, bytes)
        self.tree = parser.parse(pattern.pattern, pattern.flags & ~(0 if not self.is_bytes else re.UNICODE))
        self._fitting: dict[str, re.Pattern[Any]] = {}

    @cached_property
    def kinds(self) -> list[str]:
        """One letter for each set of classes of the expression that takes it; its own letters too, if it has few."""
        own = list(dict.fromkeys(_letters(self.tree)))
        alphabet = [letter for letter in dict.fromkeys([*USUAL, *own]) if not self.is_bytes or ord(letter) < 256]
        known = dict.fromkeys(letter for letter in own if len(own) <= OWN)
        kinds: dict[Any, str] = {}
        for letter in alphabet:
            kinds.setdefault(
                (letter if letter in known else "", *(self._fits(n, letter) for n in self.classes)), letter
            )
        return list(kinds.values())

    @cached_property
    def classes(self) -> list[Node]:
        return list({repr(node): node for node in _walk(self.tree) if node[0] in CLASSES}.values())

    def _fits(self, node: Node, letter: str) -> bool:
        key = repr(node)
        if key not in self._fitting:
            state = parser.State()
            state.flags, state.str = self.pattern.flags, self.pattern.pattern
            self._fitting[key] = compiler.compile(parser.SubPattern(state, [node]), self.pattern.flags)
        return self._fitting[key].fullmatch(letter.encode("latin-1") if self.is_bytes else letter) is not None

    def letters(self, node: Node) -> list[str]:
        """Return letters that a class takes, first those that most other classes take too."""
        fit = [letter for letter in self.kinds if self._fits(node, letter)]
        return sorted(fit, key=lambda letter: -sum(self._fits(other, letter) for other in self.classes))

    def samples(self, nodes: Iterable[Node], most: int = SAMPLES) -> list[str]:
        """Return short texts that a row of nodes takes, or nearly: assertions and references are passed over."""
        texts = [""]
        for node in nodes:
            texts = _some([text + more for text in texts for more in self._sample(node, most)], most)
        return texts

    def _sample(self, node: Node, most: int) -> list[str]:
        code, value = node
        if code is codes.LITERAL:
            return [chr(value)]
        if code in CLASSES:
            return self.letters(node)[:most] or [""]
        if code in REPEATS:
            low, _, inner = value
            texts = self.samples(inner, most)
            return [text * low for text in texts] if low else ["", *texts][:most]
        if code is codes.BRANCH:
            return [text for branch in value[1] for text in self.samples(branch, 1)][:most]
        if code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
            return self.samples(value[3] if code is codes.SUBPATTERN else value, most)
        return [""]

    def pumps(self, nodes: Iterable[Node], before: list[str]) -> Iterator[Hostile]:
        """Yield what each part can repeat, and each beginning as something to be repeated."""
        for node in nodes:
            if node[0] in REPEATS and node[1][1] >= MANY:
                for start in before:
                    for item in self._items(node[1][2]):
                        yield from (Hostile(start, item), Hostile("", start + item))
            for inner in _parts(node):
                yield from self.pumps(inner, before[:1])
            before = _some([start + more for start in before for more in self._sample(node, SAMPLES)], SAMPLES)
            yield from (Hostile("", start) for start in before[:2])

    def _items(self, repeated: Sequence[Node]) -> list[str]:
        alone = len(repeated) == 1 and repeated[0][0] in CLASSES
        return self.letters(repeated[0])[:6] if alone else self.samples(repeated, 4)


def _some(texts: list[str], most: int) -> list[str]:
    """Return texts of a list, from its beginning to its end."""
    texts = list(dict.fromkeys(texts))
    return (
        texts if len(texts) <= most else [texts[place * (len(texts) - 1) // max(1, most - 1)] for place in range(most)]
    )


def _parts(node: Node) -> list[Any]:
    code, value = node
    if code in REPEATS:
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.BRANCH:
        return list(value[1])
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    if code is codes.ATOMIC_GROUP:
        return [value]
    return [part for part in value[1:] if part] if code is codes.GROUPREF_EXISTS else []


def _walk(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        for part in _parts(node):
            yield from _walk(part)


def _letters(tree: Iterable[Node]) -> Iterator[str]:
    for code, value in _walk(tree):
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif code is codes.IN:
            yield from (
                chr(each[0] if one is codes.RANGE else each)
                for one, each in value
                if one in (codes.LITERAL, codes.RANGE)
            )

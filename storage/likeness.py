"""How much of two texts is one wording, and what stands changed in the frame that they share."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .wording import FIGURE, NAME, Wording

GAP = 8  # words that an edit may exchange at one place; what is longer is other text
TENTHS = 10
FEW = 5
_DIGITS = re.compile(r"\d+")

_Places = NDArray[np.int64]
_Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a comparison of the texts `a` and `b` found. Shares are of words, 0 to 1."""

    jaccard: float  # shared short shingles of all short shingles
    cover_a: float  # share of a's words that stand in b in the same order, single edits within them included
    cover_b: float
    begin_a: float  # where in a the first shared words stand: 0 is its beginning
    begin_b: float
    spread_a: float  # the share of a's tenths that hold shared words: an edited text has them everywhere
    spread_b: float
    figures_changed: int  # places where the frame is equal and the figures differ
    figures_kept: int
    names_changed: int  # names of a that b has replaced throughout, by names that a does not hold
    names_kept: int

    @property
    def most(self) -> float:
        return max(self.cover_a, self.cover_b)

    @property
    def least(self) -> float:
        return min(self.cover_a, self.cover_b)

    def turned(self) -> Likeness:
        """The same with `a` and `b` exchanged."""
        return Likeness(
            self.jaccard, self.cover_b, self.cover_a, self.begin_b, self.begin_a, self.spread_b, self.spread_a,
            self.figures_changed, self.figures_kept, self.names_changed, self.names_kept,
        )  # fmt: skip


NOTHING = Likeness(0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0, 0, 0, 0)


def compare(a: Wording, b: Wording) -> Likeness:
    """Compare two wordings; symmetric but for the order of its figures."""
    if a.unspaced != b.unspaced:
        return NOTHING
    (keys_a, first_a, count_a), (keys_b, first_b, count_b) = a.distinct, b.distinct
    _, in_a, in_b = np.intersect1d(keys_a, keys_b, assume_unique=True, return_indices=True)
    if not len(in_a):
        return NOTHING
    shared_a, shared_b = _shared(a, in_a), _shared(b, in_b)
    single = (count_a[in_a] == 1) & (count_b[in_b] == 1)  # a shingle that occurs twice says not where it belongs
    places_a, places_b = first_a[in_a[single]], first_b[in_b[single]]
    order = np.argsort(places_a)
    edits = _edits(a, places_a[order], places_b[order])
    kept_a, kept_b = shared_a.copy(), shared_b.copy()
    for start_a, end_a, start_b, end_b in edits:
        shared_a[start_a:end_a] = True
        shared_b[start_b:end_b] = True
    figures = _figures(a, b, edits, kept_a)
    names = _names(a, b, edits, kept_a)
    return Likeness(
        len(in_a) / (len(keys_a) + len(keys_b) - len(in_a)),
        float(shared_a.mean()),
        float(shared_b.mean()),
        float(shared_a.argmax()) / len(shared_a),
        float(shared_b.argmax()) / len(shared_b),
        _spread(kept_a),
        _spread(kept_b),
        *figures,
        *names,
    )


def overlap(whole: Wording, one: Wording, other: Wording) -> float:
    """Of the words of `whole` that stand in the one text, and of those in the other: what share of the fewer is common.

    A digest holds two stories side by side (0); two cuts of one article lie over each other.
    """
    parts = []
    for part in (one, other):
        _, places, _ = np.intersect1d(whole.distinct[0], part.distinct[0], assume_unique=True, return_indices=True)
        parts.append(_shared(whole, places))
    fewer = min(int(part.sum()) for part in parts)
    return float((parts[0] & parts[1]).sum()) / fewer if fewer else 0.0


def continuity(whole: Wording, part: Wording) -> float | None:
    """Does the rest of `whole` go on about what it shares with `part`? None if the shared words say too little.

    The share of the rest's telling words (names, and words of six letters or more) that stand in what is shared. An
    article comes back to its people and places; the other items of a digest do not.
    """
    _, places, _ = np.intersect1d(whole.distinct[0], part.distinct[0], assume_unique=True, return_indices=True)
    shared = _shared(whole, places)
    telling = whole.telling
    said = np.unique(whole.keys[telling & shared])
    rest = whole.keys[telling & ~shared]
    if len(said) < FEW or len(rest) < FEW:
        return None
    return float(np.isin(rest, said).mean())


def _shared(text: Wording, which: _Places) -> _Flags:
    """The words that lie in one of these of the text's distinct shingles."""
    keys, first, count = text.distinct
    flags: _Flags = np.zeros(len(text), np.bool_)
    starts = np.zeros(len(text.shingles), np.bool_)
    starts[first[which]] = True
    if (count[which] > 1).any():
        starts |= np.isin(text.shingles, keys[which[count[which] > 1]])
    for i in range(text.run):
        flags[i : len(starts) + i] |= starts
    return flags


def _spread(shared: _Flags) -> float:
    """Of ten equal parts of the text, the share of those of which a quarter or more is shared."""
    edges = np.linspace(0, len(shared), TENTHS + 1).astype(np.int64)
    upto = np.concatenate(([0], np.cumsum(shared)))
    within, length = upto[edges[1:]] - upto[edges[:-1]], np.diff(edges)
    return float(np.count_nonzero(4 * within >= np.maximum(length, 1))) / TENTHS


def _edits(text: Wording, places_a: _Places, places_b: _Places) -> list[tuple[int, int, int, int]]:
    """Where words were exchanged, added or left out between shared runs that follow each other in both texts."""
    steps_a, steps_b = np.diff(places_a), np.diff(places_b)
    most = GAP + text.run
    near = (steps_b > 0) & (steps_a <= most) & (steps_b <= most) & ((steps_a > 1) | (steps_b > 1))
    found = []
    for i in np.flatnonzero(near).tolist():
        start_a, end_a, start_b, end_b = (
            int(places_a[i]) + text.run, int(places_a[i + 1]), int(places_b[i]) + text.run, int(places_b[i + 1]),
        )  # fmt: skip
        # Runs that overlap in one text but not in the other: a word was put in, or taken out, between equal ones.
        slack = min(0, end_a - start_a, end_b - start_b)
        found.append((start_a, end_a - slack, start_b, end_b - slack))
    return found


def _figures(a: Wording, b: Wording, edits: list[tuple[int, int, int, int]], kept: _Flags) -> tuple[int, int]:
    """(changed, kept). Digits alone are compared: spaces, units and glued words are typography."""
    changed, same = 0, int(np.count_nonzero(kept & ((a.marks & FIGURE) > 0)))
    for start_a, end_a, start_b, end_b in edits:
        if not (a.marks[start_a:end_a] & FIGURE).any() or not (b.marks[start_b:end_b] & FIGURE).any():
            continue
        if _digits(a.words[start_a:end_a]) == _digits(b.words[start_b:end_b]):
            same += 1
        else:
            changed += 1
    return changed, same


def _digits(words: list[str]) -> str:
    return "".join("".join(_DIGITS.findall(word)) for word in words)


def _names(a: Wording, b: Wording, edits: list[tuple[int, int, int, int]], kept: _Flags) -> tuple[int, int]:
    """(changed, kept) different names: capitalised words, as far as a script has capitals.

    Only one that its text does not hold elsewhere counts as changed: an edit exchanges a word here and there, another
    piece of news has other people and places throughout.
    """
    changed = set()
    for start_a, end_a, start_b, end_b in edits:
        gone = _only_here(a, start_a, end_a, b)
        if gone and _only_here(b, start_b, end_b, a) and _letters(a, start_a, end_a) != _letters(b, start_b, end_b):
            changed.add(gone[0])
    return len(changed), len(set(a.keys[kept & ((a.marks & NAME) > 0)].tolist()))


def _letters(text: Wording, start: int, end: int) -> str:
    """The words without what separates them: line wraps glue words together."""
    return "".join(text.words[start:end]).casefold()


def _only_here(text: Wording, start: int, end: int, other: Wording) -> list[int]:
    marks = text.marks[start:end]
    if (marks & FIGURE).any() or not (marks & NAME).any():
        return []
    return [
        key
        for key, mark in zip(text.keys[start:end].tolist(), marks.tolist(), strict=True)
        if mark & NAME and key not in other.vocabulary
    ]

"""The comparison of two texts: how much of each is covered by the other, and what differs within the shared parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import decimal

import numpy as np
from numpy.typing import NDArray

from storage.dedup.tokens import FIGURE, NAME, TokenizedText

GAP = 8  # words that one edit may replace; a longer gap is other text
TENTHS = 10
FEW = 5  # topic words; fewer say too little
_DIGITS = re.compile(r"\d+")

_Places = NDArray[np.int64]
_Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Similarity:
    """The result of comparing the texts `a` and `b`. Shares are of words, 0 to 1."""

    jaccard: float  # shared short shingles / all short shingles of both
    contained: float  # shared short shingles / those of the text that has fewer
    cover_a: float  # share of a's words in runs that b holds too, small edits within them included
    cover_b: float
    begin_a: float  # position of the first shared words in a: 0 is its beginning
    begin_b: float
    spread_a: float  # share of a's tenths that hold shared words: an edited copy has them everywhere
    spread_b: float
    intact: float  # of the text that is covered more: share of its covered words that lie outside of edits
    figures_changed: int  # edits in which the figures differ
    figures_kept: int
    names_changed: int  # names of a that b replaces everywhere, by names that a does not hold
    names_kept: int

    @property
    def most(self) -> float:
        """The larger cover."""
        return max(self.cover_a, self.cover_b)

    @property
    def least(self) -> float:
        """The smaller cover."""
        return min(self.cover_a, self.cover_b)


NOTHING_SHARED = Similarity(0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0, 0, 0, 0)


def compare(a: TokenizedText, b: TokenizedText) -> Similarity:
    """Compare two texts. Exchanging them exchanges the values of a and b and changes nothing else."""
    if a.unspaced != b.unspaced:
        return NOTHING_SHARED
    (keys_a, first_a, count_a), (keys_b, first_b, count_b) = a.distinct, b.distinct
    _, in_a, in_b = np.intersect1d(keys_a, keys_b, assume_unique=True, return_indices=True)
    if not len(in_a):
        return NOTHING_SHARED
    shared_a, shared_b = _shared(a, in_a), _shared(b, in_b)
    single = (count_a[in_a] == 1) & (count_b[in_b] == 1)  # the position of a shingle that occurs twice is ambiguous
    places_a, places_b = first_a[in_a[single]], first_b[in_b[single]]
    order = np.argsort(places_a)
    edits = _edits(a, places_a[order], places_b[order])
    cover_a, intact_a = _cover(shared_a, edits[:, 0], edits[:, 1])
    cover_b, intact_b = _cover(shared_b, edits[:, 2], edits[:, 3])
    return Similarity(
        len(in_a) / (len(keys_a) + len(keys_b) - len(in_a)),
        len(in_a) / min(len(keys_a), len(keys_b)),
        cover_a,
        cover_b,
        float(shared_a.argmax()) / len(shared_a),
        float(shared_b.argmax()) / len(shared_b),
        _spread(shared_a),
        _spread(shared_b),
        (intact_a if cover_a >= cover_b else intact_b),
        *_figures(a, b, edits, shared_a),
        *_names(a, b, edits, shared_a),
    )


def overlap(whole: TokenizedText, a: TokenizedText, b: TokenizedText) -> float:
    """Return how far the parts of `whole` that `a` and `b` hold overlap: common words / words of the smaller part.

    A digest holds two stories side by side: 0. Two cuts of one article share their beginning: near 1.
    """
    parts = [shared_words(whole, part) for part in (a, b)]
    fewer = min(int(part.sum()) for part in parts)
    return float((parts[0] & parts[1]).sum()) / fewer if fewer else 0.0


def continuity(whole: TokenizedText, part: TokenizedText) -> float | None:
    """Return how far the rest of `whole` is about the topic that it shares with `part`; None if there are few words.

    It is the share of the rest's topic words (names, and words of six letters or more) that occur in the shared part.
    An article comes back to its people and places; the other items of a digest do not.
    """
    shared = shared_words(whole, part)
    telling = whole.telling
    topic = np.unique(whole.keys[telling & shared])
    rest = whole.keys[telling & ~shared]
    if len(topic) < FEW or len(rest) < FEW:
        return None
    return float(np.isin(rest, topic).mean())


def shared_words(text: TokenizedText, other: TokenizedText) -> _Flags:
    """Return which words of `text` lie in short shingles that `other` holds too."""
    _, places, _ = np.intersect1d(text.distinct[0], other.distinct[0], assume_unique=True, return_indices=True)
    return _shared(text, places)


def _shared(text: TokenizedText, which: _Places) -> _Flags:
    """Return which words lie in one of these distinct shingles."""
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
    """Return the share of the text's tenths of which a quarter or more is shared."""
    edges = np.linspace(0, len(shared), TENTHS + 1).astype(np.int64)
    upto = np.concatenate(([0], np.cumsum(shared)))
    within, length = upto[edges[1:]] - upto[edges[:-1]], np.diff(edges)
    return float(np.count_nonzero(4 * within >= np.maximum(length, 1))) / TENTHS


def _edits(text: TokenizedText, places_a: _Places, places_b: _Places) -> _Places:
    """Return the edits: words replaced, added or removed between two shared runs that follow each other in both texts.

    Rows are (start in a, end in a, start in b, end in b).
    """
    steps_a, steps_b = np.diff(places_a), np.diff(places_b)
    most = GAP + text.run
    near = (steps_b > 0) & (steps_a <= most) & (steps_b <= most) & ((steps_a > 1) | (steps_b > 1))
    at = np.flatnonzero(near)
    start_a, end_a, start_b, end_b = (
        places_a[at] + text.run,
        places_a[at + 1],
        places_b[at] + text.run,
        places_b[at + 1],
    )
    # Runs that overlap in one text but not in the other: a word was added or removed between equal words.
    slack = np.minimum(0, np.minimum(end_a - start_a, end_b - start_b))
    return np.stack([start_a, end_a - slack, start_b, end_b - slack], axis=1)


def _cover(shared: _Flags, starts: _Places, ends: _Places) -> tuple[float, float]:
    """Return the share of the words that are covered, and the share of those that lie outside of edits."""
    steps = np.bincount(starts, minlength=len(shared) + 1) - np.bincount(ends, minlength=len(shared) + 1)
    covered = np.count_nonzero(shared | (np.cumsum(steps[:-1]) > 0))
    return covered / len(shared), np.count_nonzero(shared) / covered


def _both_hold(edits: _Places, upto_a: NDArray[np.int32], upto_b: NDArray[np.int32]) -> list[list[int]]:
    """Return the edits with marked words on both sides. `upto`: the number of marked words before each position."""
    held_a = upto_a[edits[:, 1]] > upto_a[edits[:, 0]]
    held_b = upto_b[edits[:, 3]] > upto_b[edits[:, 2]]
    both: list[list[int]] = edits[held_a & held_b].tolist()
    return both


def _figures(a: TokenizedText, b: TokenizedText, edits: _Places, kept: _Flags) -> tuple[int, int]:
    """Return the numbers of changed and kept figures. Digits alone are compared, not spaces, units or glued words."""
    changed, same = 0, int(np.count_nonzero(kept & ((a.marks & FIGURE) > 0)))
    for start_a, end_a, start_b, end_b in _both_hold(edits, a.figures_upto, b.figures_upto):
        if _digits(a.words[start_a:end_a]) == _digits(b.words[start_b:end_b]):
            same += 1
        else:
            changed += 1
    return changed, same


def _digits(words: list[str]) -> str:
    """Return the digits of the words, those of all scripts as 0 to 9."""
    digits = "".join("".join(_DIGITS.findall(word)) for word in words)
    return digits if digits.isascii() else "".join(str(decimal(digit)) for digit in digits)


def _names(a: TokenizedText, b: TokenizedText, edits: _Places, kept: _Flags) -> tuple[int, int]:
    """Return the numbers of different names (capitalised words) that changed and that were kept.

    A name counts as changed only if the other text does not hold it elsewhere. An edit replaces a word here and there;
    other news has other people and places throughout.
    """
    changed = set()
    for start_a, end_a, start_b, end_b in _both_hold(edits, a.names_upto, b.names_upto):
        only_a = _only_here(a, start_a, end_a, b)
        if only_a and _only_here(b, start_b, end_b, a) and _letters(a, start_a, end_a) != _letters(b, start_b, end_b):
            changed.add(only_a[0])
    return len(changed), len(np.unique(a.keys[kept & ((a.marks & NAME) > 0)]))


def _letters(text: TokenizedText, start: int, end: int) -> str:
    """Return the words without separators: line wraps glue words together."""
    return "".join(text.words[start:end]).casefold()


def _only_here(text: TokenizedText, start: int, end: int, other: TokenizedText) -> list[int]:
    """Return the names in a range that the other text does not hold; none if the range holds figures."""
    if text.figures_upto[end] > text.figures_upto[start]:
        return []
    marked = zip(text.keys[start:end].tolist(), text.marks[start:end].tolist(), strict=True)
    return [key for key, mark in marked if mark & NAME and not (other.keys == key).any()]

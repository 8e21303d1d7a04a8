"""Texts as tokens: words as hashes, shingles, fingerprints, and the hashes of lines (passages).

A shingle is a run of consecutive words. Shingles of three words are compared between two texts. Shingles of eight words
are rare enough to find a text by. The fingerprints of a text are the 16 smallest hashes of its eight-word shingles. A
copy that was cut or edited keeps some of them, because the smallest hashes of a part are mostly among the smallest of
the whole (Broder, "On the resemblance and containment of documents", 1997).

The hashes are part of the stored state. Whoever changes what a word is, or how it is hashed, raises
FINGERPRINT_VERSION; `pressrun dedup check --apply` then computes the fingerprints again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from typing import TypeVar

import numpy as np
import xxhash
from numpy.typing import NDArray

from storage.dedup.words import plain
from storage.text import UNSPACED, folded

FINGERPRINT_VERSION = 1
FINGERPRINTS = 16
LONG, SHORT = 8, 3  # words in a shingle for the index, and in one for the comparison
LONG_UNSPACED, SHORT_UNSPACED = 12, 4  # the same where each character counts as a word
PASSAGE_WORDS = 6  # shorter lines are too often equal by chance
TELLING_LETTERS = 6

FIGURE, NAME = 1, 2  # marks of words: holds a digit; begins with a capital letter
_UNSPACED_MARK = 4

TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
_DIGIT = re.compile(r"\d")

T = TypeVar("T")
Hashes = NDArray[np.uint64]
Marks = NDArray[np.uint8]

# Odd constants of SplitMix64 and MurmurHash3. They mix the hashes of consecutive words so that the order counts.
_PRIME = np.uint64(0x100000001B3)
_FINAL = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_SMALL_SHIFT = np.uint64(29)
_TO_47_BITS = np.uint64(17)


@dataclass(frozen=True, eq=False)
class TokenizedText:
    """The words of a text in order. All arrays are parallel to `words`."""

    words: list[str]  # as written
    keys: Hashes  # equal for words that differ only in case
    marks: Marks
    passages: tuple[tuple[int, int], ...]  # the lines of the text, as ranges of words
    lines: tuple[str, ...]  # the passages as written, for what is read from them in some comparisons only

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def unspaced(self) -> bool:
        """True for scripts that put no spaces between words: there a word is one character."""
        return 2 * int(np.count_nonzero(self.marks & _UNSPACED_MARK)) > len(self.words)

    @property
    def run(self) -> int:
        """The number of words in a short shingle."""
        return SHORT_UNSPACED if self.unspaced else SHORT

    @cached_property
    def shingles(self) -> Hashes:
        """The hash of the short shingle that begins at each position."""
        return _shingles(self.keys, self.run)

    @cached_property
    def distinct(self) -> tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]:
        """The sorted short shingles without repeats, the first position of each, and how often each occurs."""
        keys, first, count = np.unique(self.shingles, return_index=True, return_counts=True)
        return keys, first, count

    @cached_property
    def figures_upto(self) -> NDArray[np.int32]:
        """For each position, and the end: the number of words with digits before it."""
        return _upto((self.marks & FIGURE) > 0)

    @cached_property
    def names_upto(self) -> NDArray[np.int32]:
        """For each position, and the end: the number of capitalised words before it."""
        return _upto((self.marks & NAME) > 0)

    @cached_property
    def telling(self) -> NDArray[np.bool_]:
        """True for words that tell the topic: long words, and names (capitalised wherever they occur in the text)."""
        long = np.fromiter([len(word) >= TELLING_LETTERS for word in self.words], np.bool_, len(self.words))
        capital = (self.marks & NAME) > 0
        telling: NDArray[np.bool_] = long | (capital & ~np.isin(self.keys, self.keys[~capital]))
        return telling

    @cached_property
    def fingerprints(self) -> list[int]:
        """The smallest hashes of the long shingles, at most 16, ascending, in 47 bits; empty for a very short text.

        47 bits and a sign take six bytes in SQLite's rows instead of eight. Among the 160 million hashes of ten million
        texts, one look-up in a million then meets a row by chance.
        """
        every = _shingles(self.keys, LONG_UNSPACED if self.unspaced else LONG)
        if len(every) > 4 * FINGERPRINTS:
            # Some may be repeats, so more than 16 are sorted; sorting all of them would take longer.
            least = np.unique(np.partition(every, 4 * FINGERPRINTS)[: 4 * FINGERPRINTS])
            every = least if len(least) >= FINGERPRINTS else every
        return [int(each) for each in (np.unique(every)[:FINGERPRINTS] >> _TO_47_BITS)]

    @cached_property
    def passage_keys(self) -> list[int]:
        """The hash of each passage in 63 bits; 0 for a passage short enough to recur by chance."""
        return [
            xxhash.xxh3_64_intdigest(self.keys[start:end].tobytes()) >> 1 if end - start >= PASSAGE_WORDS else 0
            for start, end in self.passages
        ]

    def without(self, recurring: frozenset[int]) -> TokenizedText:
        """Return the text without the passages of these keys; itself if it holds none of them."""
        places = [place for place, key in enumerate(self.passage_keys) if key not in recurring]
        if len(places) == len(self.passages):
            return self
        kept = [self.passages[place] for place in places]
        words: list[str] = []
        passages = []
        for start, end in kept:
            passages.append((len(words), len(words) + end - start))
            words += self.words[start:end]
        chosen = np.concatenate([np.arange(start, end) for start, end in kept]) if kept else np.empty(0, np.int64)
        lines = tuple(self.lines[place] for place in places)
        return TokenizedText(words, self.keys[chosen], self.marks[chosen], tuple(passages), lines)


def computed_once(compute: Callable[[TokenizedText], T]) -> Callable[[TokenizedText], T]:
    """Keep what a function of a text returns with the text: a cached property for modules that build on this one."""
    name = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def kept_or_computed(text: TokenizedText) -> T:
        if name not in text.__dict__:
            text.__dict__[name] = compute(text)
        kept: T = text.__dict__[name]
        return kept

    return kept_or_computed


def tokenize(text: str) -> TokenizedText:
    """Tokenize a cleaned text."""
    words: list[str] = []
    passages, lines = [], []
    for line in folded(text).split("\n"):
        if in_line := TOKEN.findall(line):
            passages.append((len(words), len(words) + len(in_line)))
            lines.append(line)
            words += in_line
    known = [_word(word) for word in words]
    keys = np.fromiter([key for _, key, _ in known], np.uint64, len(known))
    marks = np.fromiter([mark for _, _, mark in known], np.uint8, len(known))
    # Of a word that several texts hold, one string is kept: texts stay in memory for a while.
    return TokenizedText([word for word, _, _ in known], keys, marks, tuple(passages), tuple(lines))


@lru_cache(maxsize=1 << 16)  # 16 MB; twice as many save one look-up in 300
def _word(word: str) -> tuple[str, int, int]:
    """Return a word with its key and marks.

    Turkic languages have i with and without a dot; careless copies mix them up.
    """
    marks = (
        (FIGURE if _DIGIT.search(word) else 0)
        | (NAME if word[0].isupper() else 0)
        | (_UNSPACED_MARK if _IS_UNSPACED.match(word) else 0)
    )
    return word, xxhash.xxh3_64_intdigest(plain(word).encode("utf-8", "replace")), marks


def _upto(held: NDArray[np.bool_]) -> NDArray[np.int32]:
    counted: NDArray[np.int32] = np.zeros(len(held) + 1, np.int32)
    np.cumsum(held, out=counted[1:])
    return counted


def _shingles(keys: Hashes, run: int) -> Hashes:
    count = len(keys) - run + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    mixed = np.zeros(count, np.uint64)
    spread = (keys ^ (keys >> _SMALL_SHIFT)) * _FINAL
    for i in range(run):
        mixed = mixed * _PRIME + spread[i : count + i]
    mixed ^= mixed >> _SHIFT
    mixed *= _FINAL
    mixed ^= mixed >> _SMALL_SHIFT
    return mixed

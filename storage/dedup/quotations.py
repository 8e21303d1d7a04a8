"""Long quotations: two texts that share one need not be the same news."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from storage.dedup.similarity import shared_words
from storage.dedup.tokens import TOKEN, TokenizedText, computed_once

AROUND_IT = 20  # words around quotations; fewer tell nothing
LONG = 15  # words; a shorter quotation is part of the sentence around it
# An opening mark, and what follows up to the closing mark or the end of the line: of a quotation of several paragraphs,
# only the last one is closed.
_QUOTED = re.compile(r"«[^»]+»?|“[^”“]+”?|„[^“”„]+[“”]?|(?<!\w)\"[^\"]+\"?|”[^”]+”?")
_MARKS = re.compile(r"[«“„\"”]")


@computed_once
def outside_quotations(text: TokenizedText) -> NDArray[np.bool_] | None:
    """Return which words stand outside of long quotations; None if the text has none."""
    outside: NDArray[np.bool_] = np.ones(len(text), np.bool_)
    for (first, _), line in zip(text.passages, text.lines, strict=True):
        for start, end in _quoted(line) if _MARKS.search(line) else ():
            outside[first + start : first + end] = False
    return None if outside.all() else outside


def shared_outside_quotations(text: TokenizedText, other: TokenizedText) -> float | None:
    """Return the share of the words around long quotations that lie in runs which `other` holds too.

    None if the text has no long quotation, or fewer than 20 words around it.
    """
    outside = outside_quotations(text)
    if outside is None or np.count_nonzero(outside) < AROUND_IT:
        return None
    return float(shared_words(text, other)[outside].mean())


def _quoted(line: str) -> list[tuple[int, int]]:
    """Return the long quotations of a line, as ranges of its words."""
    ranges = []
    for match in _QUOTED.finditer(line):
        words = len(TOKEN.findall(match[0]))
        if words >= LONG:
            start = len(TOKEN.findall(line[: match.start()]))
            ranges.append((start, start + words))
    return ranges

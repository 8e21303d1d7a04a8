"""Texts as they are compared, and the project's one idea of a sentence and of a paragraph.

ASCII is compared without regular expressions, which is five times faster.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# ASCII characters that are neither letter, digit nor underscore: dropped by `letters`, made a space by `fold`.
DROPPED = {code: None for code in range(128) if not re.match(r"\w", chr(code))}
SPACED: dict[int, str] = dict.fromkeys(DROPPED, " ")

# --- Sentences. A sentence ends with one of these marks, perhaps with quotation marks or brackets behind it.
FULL_STOPS = (".", "。", "։", "।", "۔")
# What may stand behind a full stop: „Deutsch“, »dansk«, «по-русски», “Azərbaycanca”.
CLOSERS = "\"'“”„«»‘’‹›)]*"
# The line ends like running text: a sentence, or a clause that introduces the next line ("He said:").
SENTENCE_END = re.compile(rf"[.!?…。։।۔:][{re.escape(CLOSERS)}]*$")

# --- Paragraphs. Lengths in characters; three definitions, each for a purpose of its own.
# A line of this length is prose even without a full stop. Headlines, labels and captions are shorter.
LONG = 80
# The least prose of a block that counts when elements are weighed against each other: one sentence is evidence there.
LEAST_PROSE = 40
# A line of this length shows which tag and class the kept paragraphs have. Shorter than LONG: many outlets write one
# sentence a paragraph.
KEPT_PARAGRAPH = 60
# Running text on a page that declares nothing, so that it takes more: words, or characters in languages with long
# words (Turkic languages, Georgian).
RUNNING_WORDS, RUNNING = 20, 100


@lru_cache(maxsize=8_000)  # a line and its block are often the same text
def letters(text: str) -> str:
    """Return the letters and digits of a text in one case, without anything between them."""
    return (text.translate(DROPPED) if text.isascii() else re.sub(r"\W+", "", text)).casefold()


@lru_cache(maxsize=4_000)  # a page's titles and names are compared again and again
def fold(text: str) -> str:
    """Return the words of a text in one case, single spaces between them, for comparing titles and names."""
    if text.isascii():
        return " ".join(text.translate(SPACED).split()).casefold()
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text)).casefold().strip()


def agreement(one: str, other: str) -> float:
    """Return the share of words that two texts have in common: 1.0 for the same words, 0.0 for none (Dice)."""
    left, right = fold(one).split(), fold(other).split()
    if not left or not right:
        return 0.0
    rest: dict[str, int] = {}
    for word in right:
        rest[word] = rest.get(word, 0) + 1
    shared = 0
    for word in left:
        if rest.get(word):
            rest[word] -= 1
            shared += 1
    return 2 * shared / (len(left) + len(right))


def is_sentence(line: str) -> bool:
    """Say whether a line ends with a full stop; "Loading...", "Really?" and "He said:" do not.

    Stricter than SENTENCE_END: labels and calls to action end with a question mark, an ellipsis or a colon as often
    as sentences do, so that only the full stop tells them apart.
    """
    bare = line.rstrip().rstrip(CLOSERS)
    return bare.endswith(FULL_STOPS) and not bare[:-1].endswith((".", " "))

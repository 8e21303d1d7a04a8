"""Invented articles as long as usual ones, of a vocabulary as large as that of a language."""

from __future__ import annotations

import random
from functools import cache
from itertools import accumulate

from tests.fault_pages import article_page

VOCABULARY = 200_000  # words; a text uses the n-th one with a frequency of 1/n, as languages do (Zipf)
LENGTHS = (300, 900)  # words of an article
PARAGRAPH = 60  # words
_SYLLABLES = (
    "ka", "lo", "mi", "ren", "tas", "vo", "du", "ber", "nai", "sol", "pe", "gra", "tu", "win", "hel", "ost", "fa", "rid",
    "cu", "mer",
)  # fmt: skip


@cache
def _words() -> list[str]:
    return [_word(number) for number in range(VOCABULARY)]


def _word(number: int) -> str:
    syllables = ""
    while number or not syllables:
        number, digit = divmod(number, len(_SYLLABLES))
        syllables += _SYLLABLES[digit]
    return syllables


@cache
def _frequencies() -> list[float]:
    return list(accumulate(1 / (n + 1) for n in range(VOCABULARY)))


def long_article(number: str, *, copied: bool = False) -> bytes:
    """A page with an article of its own for each number; `copied`: as another outlet would print it, without its end."""
    chance = random.Random(f"long {number}")
    words = chance.choices(_words(), cum_weights=_frequencies(), k=chance.randint(*LENGTHS))
    parts = [words[n : n + PARAGRAPH] for n in range(0, len(words), PARAGRAPH)]
    shown = parts[: max(4, 2 * len(parts) // 3)] if copied else parts
    return article_page(number, "".join(f"<p>{' '.join(part).capitalize()}.</p>" for part in shown))

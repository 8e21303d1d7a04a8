"""When two texts are one piece of news: rules over what a comparison found, and what a series is told by.

The bounds were chosen on a stream of real articles with known copies (docs/deduplication.md has the figures), midway
between what copies reach and what independent texts do; none leans on a language, an outlet or a kind of edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storage.dedup.similarity import Likeness, compare, continuity
from storage.dedup.tokens import Wording

RULE_VERSION = 1
COMPARABLE = 40  # words; shorter texts are equal too often to be copies
LEFT = 20  # words that must be left when what recurs on the outlet is taken off; less says nothing
SHORT_TEXT = 80  # words; below, a paragraph is most of a text, and more of it has to agree
SAME_EDITION = timedelta(hours=20)  # a series comes daily: what an outlet repeats sooner is the same report again


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of two articles besides their words. `apart`: between their dates."""

    one_outlet: bool
    apart: timedelta


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a pair is one piece of news, by which rule, and what the comparison of `a` with `b` found."""

    same: bool
    rule: str
    like: Likeness


def judge(a: Wording, b: Wording, pair: Pair) -> Verdict:
    """Whether two articles are one piece of news."""
    like = compare(a, b)
    same, rule = _by_rules(a, b, like, pair)
    return Verdict(same, rule, like)


def _by_rules(a: Wording, b: Wording, like: Likeness, pair: Pair) -> tuple[bool, str]:
    """The first rule that applies decides."""
    short = min(len(a), len(b)) < SHORT_TEXT
    if min(len(a), len(b)) < LEFT:
        return False, "too_little_left"
    if serial(like):
        return False, "series"
    if like.intact < 0.78 or like.contained < (0.6 if pair.one_outlet else 0.5):
        # More is exchanged than an editor does: a form that was filled in anew, and outlets fill in their own.
        return False, "form"
    if pair.one_outlet and pair.apart > SAME_EDITION:
        # Day after day an outlet fills the same frame: only what is all but the same text is the same report.
        return like.jaccard >= 0.85, "same_outlet_later"
    if like.least >= (0.7 if short else 0.6):
        return True, "same_wording"
    if (like.least >= 0.4 and like.most >= (0.9 if short else 0.65)) or (like.least >= 0.35 and like.most >= 0.95):
        return True, "large_part"
    if not short and like.most >= 0.58 and like.least >= 0.4 and _everywhere(like):
        return True, "edited_throughout"
    if like.most >= 0.87 and like.least >= 0.12:
        return _is_excerpt(*((a, b, like.begin_a) if like.cover_a < like.cover_b else (b, a, like.begin_b))), "excerpt"
    return False, "little_in_common"


def _is_excerpt(whole: Wording, part: Wording, begin: float) -> bool:
    """The beginning of an article, not one item of a digest."""
    if begin > 0.25:
        return False
    goes_on = continuity(whole, part)
    return begin <= 0.05 if goes_on is None else goes_on >= 0.05


def _everywhere(like: Likeness) -> bool:
    return min(like.spread_a, like.spread_b) >= 0.6 and max(like.spread_a, like.spread_b) >= 0.7


def serial(like: Likeness) -> bool:
    """True if the frame is one and what fills it is another: another day's figures, or another story's names."""
    figures = like.figures_changed / max(1, like.figures_changed + like.figures_kept)
    names = like.names_changed / max(1, like.names_changed + like.names_kept)
    return (
        (like.figures_changed >= 2 and figures >= 0.2)
        or (like.names_changed >= 3 and names >= 0.1)
        or (like.figures_changed >= 1 and figures >= 0.5 and like.names_changed >= 1 and names >= 0.08)
    )


def relation(like: Likeness, copy_words: int, original_words: int) -> str:
    """What a copy is to its original. `like`: the copy compared with the original, in this order."""
    if copy_words <= 0.75 * original_words and like.cover_a >= 0.6:
        return "excerpt"
    if copy_words * 0.75 >= original_words and like.cover_b >= 0.6:
        return "extended"
    return "republished"

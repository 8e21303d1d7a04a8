"""Rules that decide from a comparison whether two texts are the same piece of news.

The bounds were chosen on a stream of real articles with known copies (docs/deduplication.md has the figures). Each lies
midway between the values of copies and those of independent texts. None depends on a language, an outlet or a kind of
edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storage.dedup.contradiction import BRIEF, differences
from storage.dedup.quotations import shared_outside_quotations
from storage.dedup.similarity import Similarity, compare, continuity, shared_words
from storage.dedup.tokens import TokenizedText

SERIES, OTHER_FACTS = "series", "other_facts"
RULE_VERSION = 2
COMPARABLE = 40  # words; shorter texts are too often equal without being copies
LEFT = 20  # words that must remain without the recurring passages; fewer are not compared
SHORT_TEXT = 80  # words; a paragraph is most of a shorter text, so more of it has to agree
LEFT_ALIKE = 0.6  # share of the remaining words that the other text must hold too
ALL_SHARED = 0.85  # cover of both texts from which they share more than a quotation
AROUND = 0.4  # copies share at least this part of the words around quotations
SAME_EDITION = timedelta(hours=20)  # a series comes daily; what an outlet repeats sooner is the same report


@dataclass(frozen=True, slots=True)
class PairContext:
    """What is known of two articles besides their words. `time_apart`: between their dates.

    `sources`: words of the names of their outlets and of those that they credit. `framed`: most of their words are
    in passages that recur on their outlets.
    """

    same_outlet: bool
    time_apart: timedelta
    sources: frozenset[str] = frozenset()
    framed: bool = False

    @property
    def one_series(self) -> bool:
        """True if the two may fill one form: texts of one outlet, or with passages that recur on an outlet."""
        return self.same_outlet or self.framed


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a pair is the same news, by which rule, and the comparison of `a` with `b`."""

    same: bool
    rule: str
    similarity: Similarity

    @property
    def other_issue(self) -> bool:
        """True for two issues of one series: the same form with other content."""
        return self.rule == OTHER_FACTS or is_series(self.similarity)


def apply_rules(a: TokenizedText, b: TokenizedText, context: PairContext) -> Verdict:
    """Decide whether two articles are the same news."""
    similarity = compare(a, b)
    same, rule = _first_rule(a, b, similarity, context)
    if same and _only_quoted(a, b, similarity):
        same, rule = False, "shared_quotation"
    elif same and _tell_other_news(a, b, similarity, context):
        same, rule = False, OTHER_FACTS
    return Verdict(same, rule, similarity)


def _tell_other_news(a: TokenizedText, b: TokenizedText, similarity: Similarity, context: PairContext) -> bool:
    """Return True if briefs or texts of one series have different facts, or other texts different years."""
    if min(len(a), len(b)) < BRIEF or (context.one_series and _may_differ(similarity)):
        return differences(a, b, context.sources).contradict
    return similarity.figures_changed > 0 and differences(a, b, context.sources).other_year


def _may_differ(similarity: Similarity) -> bool:
    """Return False if no figure and no name was exchanged, and the texts begin with the same words."""
    changed = similarity.figures_changed + similarity.names_changed
    return changed > 0 or similarity.begin_a > 0 or similarity.begin_b > 0


def alike(left: TokenizedText, whole: TokenizedText) -> bool:
    """Return True if most of a text without its recurring passages (`left`) also occurs in another text (`whole`)."""
    return len(left) >= left.run and bool(shared_words(left, whole).mean() >= LEFT_ALIKE)


def _only_quoted(a: TokenizedText, b: TokenizedText, similarity: Similarity) -> bool:
    """Return True if two texts share a long quotation, and little of what stands around it."""
    if similarity.least >= ALL_SHARED:
        return False
    text, other = (a, b) if similarity.cover_a >= similarity.cover_b else (b, a)
    around = shared_outside_quotations(text, other)
    return around is not None and around < AROUND


def _first_rule(a: TokenizedText, b: TokenizedText, similarity: Similarity, context: PairContext) -> tuple[bool, str]:
    """Return the decision of the first rule that applies, and its name."""
    short = min(len(a), len(b)) < SHORT_TEXT
    if min(len(a), len(b)) < LEFT:
        return False, "too_little_left"
    if is_series(similarity):
        return False, SERIES
    if similarity.intact < 0.78 or similarity.contained < (0.6 if context.same_outlet else 0.5):
        # More was replaced than an editor replaces: a form filled in again. The bound is higher within one outlet.
        return False, "form"
    if context.same_outlet and context.time_apart > SAME_EDITION:
        # An outlet fills the same form every day: only an almost equal text is the same report.
        return similarity.jaccard >= 0.85, "same_outlet_later"
    if similarity.least >= (0.7 if short else 0.6):
        return True, "same_wording"
    if _large_part(similarity.least, similarity.most, short):
        return True, "large_part"
    if not short and similarity.most >= 0.58 and similarity.least >= 0.4 and _everywhere(similarity):
        return True, "edited_throughout"
    if similarity.most >= 0.87 and similarity.least >= 0.12:
        return _is_excerpt(a, b, similarity), "excerpt"
    return False, "little_in_common"


def _large_part(least: float, most: float, short: bool) -> bool:
    return (least >= 0.4 and most >= (0.9 if short else 0.65)) or (least >= 0.35 and most >= 0.95)


def _is_excerpt(a: TokenizedText, b: TokenizedText, similarity: Similarity) -> bool:
    """Return True if the shorter text is the beginning of the longer one, and not one item of a digest."""
    a_is_longer = similarity.cover_a < similarity.cover_b
    whole, part, begin = (a, b, similarity.begin_a) if a_is_longer else (b, a, similarity.begin_b)
    if begin > 0.25:
        return False
    same_topic = continuity(whole, part)
    return begin <= 0.05 if same_topic is None else same_topic >= 0.05


def _everywhere(similarity: Similarity) -> bool:
    """Return True if shared words occur in nearly every tenth of both texts."""
    return min(similarity.spread_a, similarity.spread_b) >= 0.6 and max(similarity.spread_a, similarity.spread_b) >= 0.7


def is_series(similarity: Similarity) -> bool:
    """Return True if two texts fill the same form with other content: another day's figures, or other names."""
    figures = similarity.figures_changed / max(1, similarity.figures_changed + similarity.figures_kept)
    names = similarity.names_changed / max(1, similarity.names_changed + similarity.names_kept)
    return (
        (similarity.figures_changed >= 2 and figures >= 0.2)
        or (similarity.names_changed >= 3 and names >= 0.1)
        or (similarity.figures_changed >= 1 and figures >= 0.5 and similarity.names_changed >= 1 and names >= 0.08)
    )


def copy_relation(similarity: Similarity, copy_words: int, original_words: int) -> str:
    """Return the relation of a copy to its original. `similarity`: of the copy with the original, in this order."""
    if copy_words <= 0.75 * original_words and similarity.cover_a >= 0.6:
        return "excerpt"
    if copy_words * 0.75 >= original_words and similarity.cover_b >= 0.6:
        return "extended"
    return "republished"

"""How sure the extraction is of an article: a score from its own evidence, by which the doubtful ones are found.

Each part is between 0 and 1 and says how far one piece of evidence supports the reading. Their weighted mean is the
score. The weights were chosen on three public collections with known texts (docs/extraction-explained.md has what they
reach). Nothing decides by the score: it orders a queue for people, and its fall shows that an outlet has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.declared_titles import declared_headline
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.text_norm import LONG, agreement, fold, is_sentence, letters
from crawlers.extraction.trace import Line
from storage.model import Article, DateSource

DIGITS = 3  # of the score
DECLARED = 400  # characters of a declared body at the least; shorter ones are often its beginning
BRIEF = 150  # words from which a text is long enough to be no piece of one
AGREED = 0.5  # of the words of a title
UNSURE_TITLE = 0.3  # where no title that is declared or shown agrees with it
UNDATED = 0.2
# How far a date is believed by where it stands.
DATES = {DateSource.PAGE_TEXT: 0.9, DateSource.URL: 0.7, DateSource.MODIFIED: 0.4}


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of evidence: what it says, how much it counts, and how far it supports the reading (0 to 1)."""

    name: str
    weight: float
    value: float


def find_quality(context: PageContext, article: Article, lines: Sequence[Line]) -> float:
    """Return how sure the extraction is of an article: 1.0 where all evidence supports it, 0.0 where none does."""
    parts = [*_of_text(context, lines), *_of_fields(context, article)]
    score = sum(part.weight * part.value for part in parts) / sum(part.weight for part in parts)
    declared = _agreement_with_declared_body(context, article.text)
    if declared is not None:
        parts.append(Part("the body that JSON-LD declares", 0.5, declared))
        score = (score + declared) / 2
    if context.is_truncated:
        score /= 2
    for part in parts:
        context.trace.candidate("quality", part.name, f"{part.value:.2f}", f"weight {part.weight:g}")
    score = round(score, DIGITS)
    context.trace.chose(
        "quality", score, "the mean of its parts", "the page breaks off" if context.is_truncated else ""
    )
    return score


def _of_text(context: PageContext, lines: Sequence[Line]) -> Iterator[Part]:
    """Yield what the lines of the text and the blocks of the page say of each other."""
    size = sum(len(line.text) for line in lines) or 1
    sentences = sum(len(line.text) for line in lines if is_sentence(line.text))
    long = sum(len(line.text) for line in lines if len(line.text) > LONG)
    yield Part("share of the text that is prose", 3, (sentences + long) / size / 2)
    blocks = context.region.blocks
    pairs = [(line, blocks[line.place]) for line in lines if 0 <= line.place < len(blocks)]
    kept = sum(len(block.text) for _, block in pairs) or 1
    yield Part("share that is no link", 2, max(0.0, 1 - 2 * sum(block.linked for _, block in pairs) / kept))
    yield Part("share of the chosen blocks that is in the text", 2, _taken(context, lines))
    same = sum(len(line.text) for line, block in pairs if letters(line.text) == letters(block.text))
    yield Part("share that both readings give alike", 1, same / size)
    yield Part("share that stands in one element", 1, _in_one_element([block for _, block in pairs]))
    yield Part("length", 0.5, min(1.0, sum(len(line.text.split()) for line in lines) / BRIEF))


def _taken(context: PageContext, lines: Sequence[Line]) -> float:
    """Return how much of the prose that was taken for the article by its place is in the text."""
    region = context.region
    places, texts = {line.place for line in lines}, {letters(line.text) for line in lines}
    chosen = [(place, region.blocks[place]) for place in region.chosen]
    prose = sum(block.prose for _, block in chosen)
    taken = sum(block.prose for place, block in chosen if place in places or letters(block.text) in texts)
    return taken / prose if prose else 1.0


def _in_one_element(blocks: Sequence[Block]) -> float:
    """Return which share of some blocks' text is of one tag within one element."""
    sizes: Counter[tuple[str, object]] = Counter()
    for block in blocks:
        sizes[block.tag, block.element.getparent()] += len(block.text)
    return max(sizes.values()) / sizes.total() if sizes else 0.0


def _of_fields(context: PageContext, article: Article) -> Iterator[Part]:
    """Yield how sure title and date are."""
    page, title = context.page, article.title
    told = declared_headline(page) or page.first("og:title") or page.title_tag
    shown = any(fold(text) == fold(title) for _, text in page.headings)
    yield Part("title", 0.5, 1.0 if shown or agreement(title, told) >= AGREED else UNSURE_TITLE)
    published = article.published
    yield Part("date", 0.5, DATES.get(published.source, 1.0) if published else UNDATED)


def _agreement_with_declared_body(context: PageContext, text: str) -> float | None:
    """Return how far text and declared body agree in length and words; None where none is declared."""
    body = text_of(context.page.node.get("articleBody")) if context.page.node else ""
    if len(body) < DECLARED:
        return None
    ours, theirs = set(fold(text).split()), set(fold(body).split())
    words = len(ours & theirs) / len(ours | theirs)
    return (min(len(text), len(body)) / max(len(text), len(body)) + words) / 2

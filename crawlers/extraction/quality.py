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
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.text_norm import LONG, agreement, fold, is_sentence, letters
from crawlers.extraction.trace import Line
from storage.model import Article, DateSource

DIGITS = 3  # of the score
DECLARED = 400  # characters of a declared body at the least; shorter ones are often its beginning
MARKS = 2  # characters by which two readings of a line may differ: spaces, a mark
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
    parts = [*_of_text(context, article.text, lines), *_of_fields(context, article)]
    score = sum(part.weight * part.value for part in parts) / sum(part.weight for part in parts)
    declared = _agreement_with_declared_body(context, article.text)
    if declared is not None:
        parts.append(Part("the body that JSON-LD declares", 0.5, declared))
        score = (score + declared) / 2
    if context.is_truncated:
        score /= 2
    for part in parts if context.trace.on else ():
        context.trace.candidate("quality", part.name, f"{part.value:.2f}", f"weight {part.weight:g}")
    score = round(score, DIGITS)
    context.trace.chose(
        "quality", score, "the mean of its parts", "the page breaks off" if context.is_truncated else ""
    )
    return score


def _of_text(context: PageContext, whole: str, lines: Sequence[Line]) -> Iterator[Part]:
    """Yield what the lines of the text and the blocks of the page say of each other."""
    blocks = context.region.blocks
    size = prose = alike = kept = linked = 0
    elements: Counter[tuple[str, object]] = Counter()
    for text, place, _ in lines:
        length = len(text)
        size += length
        prose += length * ((length > LONG) + is_sentence(text))
        if 0 <= place < len(blocks):
            block = blocks[place]
            kept += len(block.text)
            linked += block.linked
            alike += length if abs(length - len(block.text)) <= MARKS else 0
            elements[block.tag, block.element.getparent()] += len(block.text)
    yield Part("share of the text that is prose", 3, prose / size / 2 if size else 0.0)
    yield Part("share that is no link", 2, max(0.0, 1 - 2 * linked / kept) if kept else 1.0)
    yield Part("share of the chosen blocks that is in the text", 2, _taken(context, lines))
    yield Part("share that both readings give alike", 1, alike / size if size else 0.0)
    yield Part("share that stands in one element", 1, max(elements.values()) / kept if kept else 0.0)
    yield Part("length", 0.5, min(1.0, len(whole.split(None, BRIEF)) / BRIEF))


def _taken(context: PageContext, lines: Sequence[Line]) -> float:
    """Return how much of the prose that was taken for the article by its place is in the text."""
    blocks = context.region.blocks
    places = {line.place for line in lines}
    missed = [blocks[place] for place in context.region.chosen if place not in places]
    texts = {letters(line.text) for line in lines} if missed else set()
    lost = sum(block.prose for block in missed if block.prose and letters(block.text) not in texts)
    prose = sum(blocks[place].prose for place in context.region.chosen)
    return 1 - lost / prose if prose else 1.0


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
    ours, theirs = set(text.split()), set(body.split())
    shared = len(ours & theirs)
    alike = shared / (len(ours) + len(theirs) - shared)
    return (min(len(text), len(body)) / max(len(text), len(body)) + alike) / 2

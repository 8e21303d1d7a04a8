"""Extract a page and say what became of each block, how each field was found, and what a refusal rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lxml.etree import _Element

from crawlers.extraction.context import PageContext, PageSource
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.metadata import selector_of, text_in
from crawlers.extraction.pipeline import open_page, read_article
from crawlers.extraction.result import Rejected
from crawlers.extraction.text_norm import letters
from crawlers.extraction.trace import Candidate, Line, Recorder, Removal, Stage
from storage.model import Article

# The fields that are explained, in the order in which they are shown.
FIELDS = ("title", "authors", "published", "language", "section", "credit", "canonical_url", "quality")
# Elements that hold no text, so that nobody misses them among what was never read.
WITHOUT_TEXT = frozenset({"script", "style", "noscript", "template", "svg", "head", "link", "meta", "input", "iframe"})
# Stages after trafilatura: what they drop of a block that is otherwise kept makes it kept in part.
RULES = frozenset(Stage) - {Stage.READ, Stage.REGION, Stage.CLEAN}


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """A block of the page. `fate` is "kept", "kept in part" or "dropped"; `stage` and `rule` say where and why."""

    place: int | None  # in the page's row of blocks; None for an element that was never read
    element: str  # tag and classes
    text: str
    fate: str
    stage: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """A field of the article: its value, the source that won and why, and all candidates in their order."""

    name: str
    value: str
    source: str
    why: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What extraction understood of a page. `outcome` is what `extract` returns."""

    outcome: Article | Rejected
    blocks: tuple[ExplainedBlock, ...] = ()
    fields: tuple[ExplainedField, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)  # what the verdict rests on
    failures: tuple[tuple[str, str], ...] = ()  # steps that failed on this page, and how


def explain(source: PageSource) -> Explanation:
    """Extract a page in full and explain the result. Its outcome is the same as that of `extract`."""
    trace = Recorder()
    context = open_page(replace(source, trace=trace))
    if isinstance(context, Rejected):
        return Explanation(context)
    outcome, context = read_article(context)
    return Explanation(
        outcome,
        (*_blocks(context, trace), *_never_read(context.blocks.skipped)),
        tuple(_field(name, trace) for name in FIELDS),
        trace.seen,
        tuple(trace.failures),
    )


def _field(name: str, trace: Recorder) -> ExplainedField:
    choice = trace.choices.get(name)
    candidates = tuple(candidate for candidate in trace.candidates if candidate.field == name)
    if choice is None:
        return ExplainedField(name, "", "", "not looked for: the page was refused first", candidates)
    if not choice.value:
        return ExplainedField(name, "", "", "no source has one", candidates)
    return ExplainedField(name, choice.value, choice.source, choice.why, candidates)


def _blocks(context: PageContext, trace: Recorder) -> Iterator[ExplainedBlock]:
    """Yield every block of the page and what became of it."""
    blocks = context.region.blocks
    kept = {line.place for line in trace.lines}
    removals: dict[int, list[Removal]] = {}
    for removal in trace.removals:
        removals.setdefault(removal.line.place, []).append(removal)
    longer = _lines_beyond_their_block(trace.lines, blocks)
    for place, block in enumerate(blocks):
        of_block = removals.get(place, [])
        fate, stage, rule = _fate(of_block, place in kept, trace.additions.get(place, ""))
        if fate == "dropped" and stage is Stage.CLEAN and letters(block.text) in longer:
            fate, rule = "kept", "in one line with the block before it"
        yield ExplainedBlock(place, selector_of(block.element), block.text, fate, stage, rule)


def _fate(removals: Sequence[Removal], is_kept: bool, addition: str) -> tuple[str, str, str]:
    """Return what became of a block, the stage that decided it and the rule."""
    if not is_kept:
        last = removals[-1] if removals else None
        return ("dropped", last.stage, last.rule) if last else ("dropped", Stage.CLEAN, "not kept by trafilatura")
    part = next((removal for removal in removals if removal.stage in RULES), None)
    if part is not None:
        return "kept in part", part.stage, part.rule
    return "kept", Stage.CLEAN if addition else "", f"put back: {addition}" if addition else ""


def _lines_beyond_their_block(lines: Sequence[Line], blocks: Sequence[Block]) -> str:
    """Return the letters of the lines that hold more than their own block: trafilatura joined several."""
    keys = ((letters(line.text), letters(blocks[line.place].text) if line.place >= 0 else "") for line in lines)
    return "\n".join(line for line, own in keys if len(line) > len(own))


def _never_read(elements: Sequence[_Element]) -> Iterator[ExplainedBlock]:
    """Yield the elements with text that the reader of blocks passes over."""
    for element in elements:
        if element.tag not in WITHOUT_TEXT and (text := text_in(element)):
            rule = f"<{element.tag}> is never read"
            yield ExplainedBlock(None, selector_of(element), text, "dropped", Stage.READ, rule)

"""The text of an article: the lines that trafilatura keeps of its part of the page, completed and cleared by rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter

from lxml.etree import _Element

from crawlers.extraction.body.align import align
from crawlers.extraction.body.author_note import drop_author_note
from crawlers.extraction.body.declared_text import arbitrated
from crawlers.extraction.body.recover import find_lost
from crawlers.extraction.body.rules import (
    Where,
    apply_block_rules,
    apply_line_rules,
    drop_first_lines,
    drop_last_block,
    drop_last_lines,
    edge_rule_for,
    repeats_title,
)
from crawlers.extraction.body.standfirst import find_standfirst
from crawlers.extraction.body.trafilatura_adapter import cleaned_lines
from crawlers.extraction.context import PageContext, Region
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, selector_of
from crawlers.extraction.text_norm import letters
from crawlers.extraction.trace import Line, Stage, Trace

PREAMBLE = 4  # lines at the top among which a date or reading time may stand
TOP = 8  # lines at the top in which the title may be repeated
ABOVE_TITLE = 60  # letters of a line that may stand above the repeated title
SUMMARY = 40  # letters of a summary that is told apart from other texts
REPEATED = 40  # letters of a line that is dropped where it comes again; shorter ones may be labels of a table


def read_body(context: PageContext) -> list[Line]:
    """Return the lines of the article, without title, promotion and the like; empty where there is none."""
    region, trace = context.region, context.trace
    if region.scope is None:
        _trace_all(region, "no element of the page holds running text", trace)
        return arbitrated(context, [])
    boxes = _boxes_to_leave_out(region)
    cleaned = cleaned_lines(region.scope, boxes, region.misnamed)
    folded = [letters(block.text) if place in region.inside else "" for place, block in enumerate(region.blocks)]
    lines, places = align(cleaned, folded, region.blocks)
    if trace.on:
        _trace_missing(region, boxes, {line.place for line in lines}, trace)
    lines = apply_block_rules(region, lines, trace)
    lines = _with_lost(region, lines, folded, places, trace)
    lines = apply_line_rules(lines, context.heading, trace)
    lines = drop_last_block(region, lines, trace)
    return arbitrated(context, _finished(lines, context))


def read_plain_body(context: PageContext) -> list[Line]:
    """Do as `read_body`, without trafilatura: the article's element is known, and its blocks are the text.

    The standfirst may stand above the element.
    """
    region = context.region
    chosen = [place for place in region.chosen if place in region.held]
    places = [*_standfirst_above(region, chosen), *chosen]
    lines = [Line(region.blocks[place].text, place, place) for place in places]
    return _finished(apply_line_rules(lines, context.heading, context.trace), context)


def _standfirst_above(region: Region, chosen: Sequence[int]) -> list[int]:
    """Return the places of the standfirst above the first of the chosen blocks."""
    first = min(chosen, default=-1)

    def is_told(part: str) -> bool:
        return any(part in letters(region.blocks[place].text) for place in chosen)

    return [place for place in find_standfirst(region, first, is_told) if place < first]


def _finished(lines: list[Line], context: PageContext) -> list[Line]:
    """Drop what the outlet's own file names, repeated lines, and what stands at the top and end of the text."""
    trace = context.trace
    lines = [piece for line in lines for piece in _broken(line, context.selected.break_after)]
    lines = _without_patterns(lines, context.selected.drop, trace)
    lines = _without_repeated(lines, trace)
    title = letters(context.heading)
    lines = _without_title(lines, title, trace)
    lines = drop_first_lines(lines, title, trace)
    lines = _without_dates(lines, title, trace)
    lines = drop_last_lines(lines, title, trace)
    return drop_author_note(lines, context.region.blocks, context.page, trace)


def _boxes_to_leave_out(region: Region) -> list[_Element]:
    """Return the furniture and the other articles on the page, but nothing that holds the article itself."""
    around = {region.holder, *(region.holder.iterancestors() if region.holder is not None else ())}
    return [box for box in (*region.furniture, *region.others) if box not in around]


def _with_lost(
    region: Region, lines: list[Line], folded: Sequence[str], places: Sequence[int], trace: Trace
) -> list[Line]:
    """Put back what trafilatura should not have dropped; return all lines in the order of the page."""
    everything = "\n".join(letters(line.text) for line in lines)
    for place in find_lost(region, folded, everything, places):
        trace.added(place, "trafilatura had dropped it")
        lines.append(Line(region.blocks[place].text, place, place))
    return sorted(lines, key=attrgetter("order"))


def _trace_all(region: Region, rule: str, trace: Trace) -> None:
    """Note that no block of the page is part of an article."""
    for place, block in enumerate(region.blocks):
        trace.dropped(Line(block.text, place, place), Stage.REGION, rule)


def _trace_missing(region: Region, boxes: Iterable[_Element], kept: Collection[int], trace: Trace) -> None:
    """Note every block that does not come back from trafilatura, and why."""
    others = set(region.others)
    box_of = {element: box for box in boxes for element in box.iter()}
    for place, block in enumerate(region.blocks):
        box = box_of.get(block.element)
        if place == region.title and place not in kept:
            rule = "shows the title"
        elif place not in region.inside:
            rule = "outside the article's element"
        elif box is not None:
            rule = f"in {'another article' if box in others else 'furniture of the page'}: {selector_of(box)}"
        elif place not in kept:
            of_furniture = ", in an element that is called like furniture" if block.furniture else ""
            trace.dropped(Line(block.text, place, place), Stage.CLEAN, f"not kept by trafilatura{of_furniture}")
            continue
        else:
            continue
        trace.dropped(Line(block.text, place, place), Stage.REGION, rule)


def _broken(line: Line, patterns: Sequence[re.Pattern[str]]) -> Iterator[Line]:
    """Yield a line in two behind what the outlet's file says is a line of its own; else as it is."""
    for pattern in patterns:
        if (match := pattern.match(line.text)) and (rest := line.text[match.end() :].strip(" ,")):
            yield line._replace(text=match[0].strip())
            line = line._replace(text=rest)
    yield line


def _without_patterns(lines: list[Line], patterns: Sequence[re.Pattern[str]], trace: Trace) -> list[Line]:
    """Drop the lines that the outlet's file names under `drop`."""
    if not patterns:
        return lines
    kept = []
    for line in lines:
        pattern = next((pattern for pattern in patterns if pattern.search(line.text)), None)
        if pattern is None:
            kept.append(line)
        else:
            trace.dropped(line, Stage.OUTLET, f"drop = {pattern.pattern!r}")
    return kept


def _without_repeated(lines: Iterable[Line], trace: Trace) -> list[Line]:
    """Drop lines without letters, and long ones that came before."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        key = letters(line.text)
        if not key:
            trace.dropped(line, Stage.REPEATED, "no letters")
        elif len(key) > REPEATED and key in seen:
            trace.dropped(line, Stage.REPEATED, "came before")
        else:
            seen.add(key)
            kept.append(line)
    return kept


def _without_title(lines: list[Line], title: str, trace: Trace) -> list[Line]:
    """Drop the line near the top that repeats the title; with it what stands above, if that is short."""
    for place, line in enumerate(lines[:TOP]):
        is_topmost = all(len(above.text) < ABOVE_TITLE for above in lines[:place])
        if repeats_title(letters(line.text), title, is_topmost):
            gone = lines[: place + 1] if is_topmost else [line]
            for above in gone[:-1]:
                trace.dropped(above, Stage.EDGES, "stands above the repeated title")
            trace.dropped(line, Stage.EDGES, "repeats the title")
            return lines[place + 1 :] if is_topmost else [*lines[:place], *lines[place + 1 :]]
    return lines


def _without_dates(lines: list[Line], title: str, trace: Trace) -> list[Line]:
    """Drop dates and reading times from the second line to the fourth."""
    kept = lines[:1]
    for line in lines[1:PREAMBLE]:
        rule = edge_rule_for(line.text, title, Where.NEAR_TOP)
        if rule is None:
            kept.append(line)
        else:
            trace.dropped(line, Stage.EDGES, rule.name)
    return kept + lines[PREAMBLE:]


def declared_summaries(page: Page) -> list[str]:
    """Return what a page declares as the summary of its article, as letters only, if it is long enough to be known."""
    declared = [
        text_of(page.node.get("description")),
        *page.every("og:description", "description", "twitter:description"),
    ]
    return [key for text in declared if len(key := letters(text)) >= SUMMARY]

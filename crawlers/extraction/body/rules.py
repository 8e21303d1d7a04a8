"""Every rule that drops a line or a block from the text of an article, in tables, in the order in which they apply.

A rule has a name, says where it applies, and a predicate. The first rule that matches drops the line, and the trace
notes its name. The predicates themselves, and the phrases that they know, are in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.body.date_lines import is_preamble, is_stamp
from crawlers.extraction.body.line_filters import caption_kind, is_closing
from crawlers.extraction.body.promotion import INVITES, is_appeal, names_letter, promotion_kind
from crawlers.extraction.body.related_links import is_related
from crawlers.extraction.context import Region
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.text_norm import LONG, SENTENCE_END, letters
from crawlers.extraction.trace import Line, Stage, Trace

CELLS = frozenset({"td", "th"})
SHORTEST_LINK, LONGEST_LINK = 20, 160  # characters of a line that is dropped for being nothing but a link
LAST_LINES = 2  # of a text about newsletters, which may be the outlet's own invitation
PART_OF_TITLE = 20  # letters of a line that may repeat a part of the title


class Where(StrEnum):
    """To which lines a rule applies."""

    ANYWHERE = "anywhere"
    OUTSIDE_ARTICLE = "outside the element that holds the article"
    OUTSIDE_CHOSEN = "outside the run of blocks that was chosen as the article"
    FIRST = "the first line, again and again"
    NEAR_TOP = "the second to fourth line"
    LAST = "the last line, again and again"
    LAST_BLOCK = "the last line, once, before the ends are trimmed"


class BlockRule(NamedTuple):
    """A rule for a line whose block is known: `matches(region, place, text)`."""

    name: str
    where: Where
    matches: Callable[[Region, int, str], bool]


class LineRule(NamedTuple):
    """A rule for a line by its words alone: `matches(text)` returns whether it matches, or the name of what did."""

    name: str
    where: Where
    matches: Callable[[str], bool | str]


class EdgeRule(NamedTuple):
    """A rule for a line at the top or end of the text: `matches(text, title)`, the title as letters only."""

    name: str
    where: Where
    matches: Callable[[str, str], bool]


def _is_short_furniture(region: Region, place: int, text: str) -> bool:
    """The line is short and in furniture of the page; within the article's element it is half a link, too."""
    block = region.blocks[place]
    return block.furniture and len(text) < LONG and (place not in region.held or 2 * block.linked > len(block.text))


def _is_bare_link(region: Region, place: int, text: str) -> bool:
    """The line is a link and nothing else: no heading, item of a list, sentence or address."""
    block = region.blocks[place]
    return (
        block.linked > 0.8 * len(block.text)
        and block.tag not in HEADINGS
        and block.tag != "li"
        and SHORTEST_LINK <= len(text) < LONGEST_LINK
        and (text.startswith("(") or not SENTENCE_END.search(text))
        and "://" not in text
    )


BLOCK_RULES = (
    BlockRule("table cell", Where.OUTSIDE_ARTICLE, lambda region, place, _: region.blocks[place].tag in CELLS),
    BlockRule("card for another article", Where.ANYWHERE, lambda region, place, _: place in region.teasers),
    BlockRule(
        "in comments, a footer, a dialog or a box of related articles",
        Where.ANYWHERE,
        lambda region, place, _: region.blocks[place].foreign,
    ),
    BlockRule("link to a related article", Where.ANYWHERE, lambda region, place, _: is_related(region, place)),
    BlockRule(
        "caption, fact box, disclaimer or scrambled text, by its class (html_classes)",
        Where.ANYWHERE,
        lambda region, place, _: is_aside(region.blocks[place], region.holder),
    ),
    BlockRule(
        "below a linked heading that follows the text",
        Where.OUTSIDE_CHOSEN,
        lambda region, place, _: place >= region.end >= 0,
    ),
    BlockRule("short line of furniture", Where.OUTSIDE_CHOSEN, _is_short_furniture),
    BlockRule("nothing but a link", Where.OUTSIDE_CHOSEN, _is_bare_link),
)

LAST_BLOCK_RULES = (
    BlockRule(
        "heading with nothing below it", Where.LAST_BLOCK, lambda region, place, _: region.blocks[place].tag in HEADINGS
    ),
)

LINE_RULES = (
    LineRule("promotion", Where.ANYWHERE, promotion_kind),
    LineRule("caption", Where.ANYWHERE, caption_kind),
)


def repeats_title(text: str, title: str, topmost: bool) -> bool:
    """Say whether the letters of a line are the title's, or end with it; `topmost`: or are the beginning of it."""
    if not title or text == title:
        return bool(title)
    if len(text) <= PART_OF_TITLE:
        return False
    return (topmost and title.startswith(text)) or (text.endswith(title) and len(text) < 2 * len(title))


EDGE_RULES = (
    EdgeRule("date or reading time (dates)", Where.FIRST, lambda text, _: is_preamble(text)),
    EdgeRule("fewer than three letters", Where.FIRST, lambda text, _: len(letters(text)) < 3),
    EdgeRule("repeats the title", Where.FIRST, lambda text, title: repeats_title(letters(text), title, True)),
    EdgeRule("date or reading time (dates)", Where.NEAR_TOP, lambda text, _: is_stamp(text)),
    EdgeRule(
        "closing line: copyright, contact, terms of use (closing, reuse)", Where.LAST, lambda text, _: is_closing(text)
    ),
    EdgeRule("date or reading time (dates)", Where.LAST, lambda text, _: is_stamp(text)),
    EdgeRule("appeal for money (promotion.appeals)", Where.LAST, lambda text, _: is_appeal(text)),
    EdgeRule("no letters", Where.LAST, lambda text, _: not letters(text)),
)


def apply_block_rules(region: Region, lines: Iterable[Line], trace: Trace) -> list[Line]:
    """Return the lines whose block no rule drops; a line without a block stays."""
    chosen = frozenset(region.chosen)
    kept = []
    for line in lines:
        rule = block_rule_for(region, line, line.place in chosen) if line.place >= 0 else None
        if rule is None:
            kept.append(line)
        else:
            trace.dropped(line, Stage.BLOCK_RULES, rule.name)
    return kept


def block_rule_for(region: Region, line: Line, is_chosen: bool) -> BlockRule | None:
    """Return the first rule that drops the line of a block, or None."""
    for rule in BLOCK_RULES:
        where = rule.where
        if where is Where.OUTSIDE_CHOSEN:
            if is_chosen:
                continue
        elif where is Where.OUTSIDE_ARTICLE and line.place in region.held:
            continue
        if rule.matches(region, line.place, line.text):
            return rule
    return None


def apply_line_rules(lines: Sequence[Line], title: str, trace: Trace) -> list[Line]:
    """Return the lines that no rule drops by their words.

    In a text whose title names a newsletter or channel, sentences that invite to one are text, but for the last lines.
    """
    kept = []
    for place, line in enumerate(lines):
        told = next(((rule, kind) for rule in LINE_RULES if (kind := rule.matches(line.text))), None)
        if told is None or (told[1] == INVITES and place < len(lines) - LAST_LINES and names_letter(title)):
            kept.append(line)
        else:
            rule, kind = told
            trace.dropped(line, Stage.LINE_RULES, rule.name if kind is True else f"{rule.name}: {kind}")
    return kept


def drop_last_block(region: Region, lines: list[Line], trace: Trace) -> list[Line]:
    """Return the lines without the last one if it is a heading: what stood below it was dropped."""
    if len(lines) < 2 or lines[-1].order < 0:
        return lines
    last = lines[-1]
    for rule in LAST_BLOCK_RULES:
        if rule.matches(region, last.order, last.text):
            trace.dropped(last, Stage.BLOCK_RULES, rule.name)
            return lines[:-1]
    return lines


def edge_rule_for(text: str, title: str, where: Where) -> EdgeRule | None:
    """Return the first rule that drops this line at this end of the text, or None."""
    return next((rule for rule in EDGE_RULES if rule.where is where and rule.matches(text, title)), None)


def drop_first_lines(lines: Sequence[Line], title: str, trace: Trace) -> list[Line]:
    """Drop first lines as long as a rule for them matches; one line stays."""
    left = list(lines)
    while len(left) > 1 and (rule := edge_rule_for(left[0].text, title, Where.FIRST)) is not None:
        trace.dropped(left.pop(0), Stage.EDGES, rule.name)
    return left


def drop_last_lines(lines: Sequence[Line], title: str, trace: Trace) -> list[Line]:
    """Drop last lines as long as a rule for them matches; one line stays."""
    left = list(lines)
    while len(left) > 1 and (rule := edge_rule_for(left[-1].text, title, Where.LAST)) is not None:
        trace.dropped(left.pop(), Stage.EDGES, rule.name)
    return left

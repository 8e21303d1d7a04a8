"""Find the article on a page: its title, the element that holds its paragraphs, the blocks that belong to it."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.body.cards import find_cards, is_linked_heading, is_linked_line
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.page.metadata import common
from crawlers.extraction.text_norm import LONG, SENTENCE_END, agreement

PROSE_TAGS = frozenset(
    {"p", "blockquote", "div", "section", "article", "td", "pre", "main", "center", "dd", "body", "address", "header"}
)
TITLE_TAGS = HEADINGS | {"div", "p", "header", "td", "section"}
# Shares of a paragraph's score that its parent and the elements around that get (after Arc90's readability).
DECAY = (1.0, 0.7, 0.5, 0.35)
RIVAL = 0.4  # of the best score
PATIENCE = 300  # characters of what is no prose, after which nothing more is looked for
DATES = 3  # lines that may stand between a headline and its text: day, section, author
SECTIONS = 4  # that hold the text of an article of many sections, at the least


def find_region(blocks: list[Block], title: str, holder: _Element | None = None) -> Region:
    """Find the article among the blocks of a page; `holder` is its element, if that is known."""
    region = Region(blocks, title=_title_place(blocks, title))
    region.holder = holder if holder is not None else _holder(blocks, region.title)
    if region.holder is None:
        return region
    region.held = _within(blocks, region.holder)
    region.scope, region.inside = region.holder, region.held
    core = [place for place in sorted(region.held) if weight(blocks[place]) > 0]
    if not core:
        return region
    if holder is None:
        first_article = _first_article(blocks, core, region.title)
        region.others = _articles(blocks[place].element for place in core[len(first_article) :])
        first, last = _widened(region, first_article[0], first_article[-1])
    else:
        first, last = core[0], core[-1]
    _choose(region, first, last)
    if holder is None and region.title < 0:
        _widen_to_kin(region)
    if holder is None and (around := _around_sections(region)) is not None:
        region.holder, region.held = around, _within(blocks, around)
        _choose(region, first, last)
    return region


def find_whole(blocks: list[Block], title: str) -> Region:
    """Return all that stands with the title and is neither furniture nor a link: for texts made of short lines.

    The element is the innermost one around the title with half of such text on the page.
    """
    region = Region(blocks, title=_title_place(blocks, title))
    own = {place for place in range(region.title + 1, len(blocks)) if _belongs(blocks[place])}
    if region.title < 0 or not own:
        return region
    least = 0.5 * sum(len(blocks[place].text) for place in own)
    for element in blocks[region.title].element.iterancestors():
        region.holder, region.held = element, _within(blocks, element)
        if sum(len(blocks[place].text) for place in own & region.held) >= least:
            break
    region.scope, region.inside = region.holder, region.held
    region.chosen = sorted(place for place in own & region.held if not is_aside(blocks[place], region.holder))
    return region


def _widen_to_kin(region: Region) -> None:
    """Widen the scope to chosen paragraphs of the same tag and class beside the holder, if no title was found."""
    kinds = {_kind_of_line(region.blocks[place]) for place in region.held if region.blocks[place].prose}
    lines = (region.blocks[place] for place in region.chosen if place not in region.held)
    beside = [block.element for block in lines if block.prose and _kind_of_line(block) in kinds]
    for element in beside:
        region.scope = common(region.scope if region.scope is not None else element, element)
    if beside and region.scope is not None:
        region.inside = _within(region.blocks, region.scope)


def _around_sections(region: Region) -> _Element | None:
    """Return the element around the chosen blocks where the holder is one of many sections."""
    blocks = region.blocks
    prose = [place for place in region.chosen if blocks[place].prose]
    total = sum(blocks[place].prose for place in prose)
    if 2 * sum(blocks[place].prose for place in prose if place in region.held) >= total:
        return None
    around = common(blocks[prose[0]].element, blocks[prose[-1]].element)
    sections: dict[_Element, int] = {}
    for place in prose:
        line = [blocks[place].element, *blocks[place].element.iterancestors()]
        section = line[line.index(around) - 1] if around in line[1:] else around
        sections[section] = sections.get(section, 0) + blocks[place].prose
    return around if len(sections) >= SECTIONS and 2 * max(sections.values()) < total else None


def _widened(region: Region, first: int, last: int) -> tuple[int, int]:
    """Extend the scope to the title, and the article's first and last place to what reads like text around them."""
    blocks, low, high = region.blocks, 0, len(region.blocks)
    assert region.holder is not None  # what the places are within
    if region.title >= 0:
        region.scope = common(region.holder, blocks[region.title].element)
        region.inside = _within(blocks, region.scope)
        low, high = min(region.inside), max(region.inside) + 1
        low = max(low, region.title + 1) if region.title < first else low
    last = _extended(blocks, range(last + 1, high), last)
    return _extended(blocks, range(first - 1, low - 1, -1), first), last


def _choose(region: Region, first: int, last: int) -> None:
    """Choose the blocks from the first place to the last that belong to the article, without cards for others."""
    blocks = region.blocks
    first = _with_heading(region, first, last)
    chosen = [
        place
        for place in range(first, last + 1)
        if place != region.title and _belongs(blocks[place]) and not is_aside(blocks[place], region.holder)
    ]
    announced = [place for place in range(max(0, first - DATES), last) if place != region.title]
    headlines = [place for place in announced if is_linked_heading(blocks[place])]
    region.teasers = find_cards(blocks, chosen, [place for place in announced if is_linked_line(blocks[place])])
    region.chosen = [place for place in chosen if place not in region.teasers]
    region.headlines = [] if region.teasers else headlines
    region.end = _end(region, last)


def _end(region: Region, last: int) -> int:
    """Return the place of the first linked heading with no paragraph below; behind all if there is none."""
    blocks = region.blocks
    further = (place for place in region.inside if place > last and blocks[place].prose >= LONG)
    last = max((place for place in further if SENTENCE_END.search(blocks[place].text)), default=last)
    below = (place for place in range(last + 1, len(blocks)) if is_linked_heading(blocks[place]))
    return next(below, len(blocks))


def _with_heading(region: Region, first: int, last: int) -> int:
    """Return the place of the heading above the first place, if headings of its kind stand further down."""
    above, blocks = first - 1, region.blocks
    if above <= region.title or blocks[above].tag not in HEADINGS or not _belongs(blocks[above]):
        return first
    kind = _kind_of_line(blocks[above])
    return above if any(_kind_of_line(blocks[place]) == kind for place in range(first, last)) else first


def _kind_of_line(block: Block) -> tuple[str, str]:
    return block.tag, block.element.get("class") or ""


def _articles(elements: Iterable[_Element]) -> list[_Element]:
    """Return the outermost `<article>` around each of these elements."""
    outermost = (next(reversed(list(element.iterancestors("article"))), None) for element in elements)
    return list(dict.fromkeys(article for article in outermost if article is not None))


def _first_article(blocks: list[Block], core: list[int], title: int) -> list[int]:
    """Return the places that belong to the first article, where an endless page has several in one element."""
    first = blocks[core[0]]
    for place in range(core[0] + 1, core[-1]):
        block = blocks[place]
        if block.tag == "h1" and place != title and _article_of(block.element) is not _article_of(first.element):
            return [earlier for earlier in core if earlier < place]
    return core


def weight(block: Block) -> float:
    """Return the score of a block as text of an article: its characters if it is prose, else below zero."""
    size = len(block.text)
    if block.furniture:
        return -min(size, 150) - 10
    if block.tag in HEADINGS:
        return -15
    if 2 * block.linked > size:
        return -min(size, 100) - 20
    if block.tag == "li":
        return 0.5 * size if size > LONG else -10
    if block.tag in PROSE_TAGS:
        if size >= LONG:
            return min(size, 500)
        return size if size >= 30 and SENTENCE_END.search(block.text) else -15
    return -10


def _belongs(block: Block) -> bool:
    return not block.furniture and block.tag != "h1" and 2 * block.linked <= len(block.text)


def _title_place(blocks: list[Block], title: str) -> int:
    """Return the place of the block that shows the title, preferring an h1; -1 if none does."""
    best, score = -1, 0.6
    shortest, longest = 0.4 * len(title), 3 * len(title) + 20
    for place, block in enumerate(blocks):
        if not shortest <= len(block.text) <= longest or block.tag not in TITLE_TAGS:
            continue
        agreed = agreement(block.text, title) - (0.0 if block.tag == "h1" else 0.15)
        if agreed > score:
            best, score = place, agreed
        if score >= 1:
            break
    return best


def _holder(blocks: list[Block], title: int) -> _Element | None:
    scores: dict[_Element, float] = {}
    begins: dict[_Element, int] = {}
    for place, block in enumerate(blocks):
        points = weight(block)
        if points <= 0:
            continue
        points *= (0.3 if block.tag == "li" else 1.0) * (0.3 if place <= title else 1.0)
        element = block.element.getparent() if block.tag in ("p", "li", "blockquote") else block.element
        for share in DECAY:
            if element is None or element.tag == "html":
                break
            scores[element] = scores.get(element, 0.0) + points * share
            begins.setdefault(element, place)
            element = element.getparent()
    if not scores:
        return None
    best = max(scores, key=lambda element: scores[element])
    kin = {best, *best.iterancestors()}
    rivals = [
        element
        for element, score in scores.items()
        if score >= RIVAL * scores[best] and begins[element] < begins[best]
        if element not in kin or _is_another(best, element)
        if _apart(element, best, blocks[begins[element] : begins[best]])
    ]
    # of several articles on a page the first is the page's own, even if another is longer
    return max(rivals, key=lambda element: scores[element], default=best)


def _article_of(element: _Element) -> _Element | None:
    return element if element.tag == "article" else next(element.iterancestors("article"), None)


def _is_another(inner: _Element, outer: _Element) -> bool:
    """Say whether the inner element is in an `<article>` with its own h1 within the outer element."""
    around = _article_of(inner)
    return around is not None and outer in around.iterancestors() and next(around.iter("h1"), None) is not None


def _apart(one: _Element, other: _Element, between: list[Block]) -> bool:
    """Say whether two elements belong to different articles: by their `<article>`, or by an h1 between them."""
    first, second = _article_of(one), _article_of(other)
    return (first is not None and first is not second) or any(block.tag == "h1" for block in between)


def _within(blocks: list[Block], root: _Element) -> set[int]:
    inside = set(root.iter())
    return {place for place, block in enumerate(blocks) if block.element in inside}


def _extended(blocks: list[Block], places: Iterable[int], edge: int) -> int:
    """Return the edge moved along the places while the sum of weights grows; another article's h1 ends it."""
    total = best = 0.0
    for place in places:
        if blocks[place].tag == "h1" or total < -PATIENCE:
            break
        total += weight(blocks[place])
        if total > best:
            best, edge = total, place
    return edge

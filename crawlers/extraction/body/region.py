"""Find the article on a page: its title, the element that holds its paragraphs, the blocks that belong to it."""

from __future__ import annotations

from collections.abc import Container, Iterable

from lxml.etree import _Element

from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.context import Region
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.element_classes import HEADINGS
from crawlers.extraction.text_norm import LONG, SENTENCE_END, agreement

PROSE_TAGS = frozenset(
    {"p", "blockquote", "div", "section", "article", "td", "pre", "main", "center", "dd", "body", "address", "header"}
)
TITLE_TAGS = HEADINGS | {"div", "p", "header", "td", "section"}
# Shares of a paragraph's score that its parent and the elements around that get (after Arc90's readability).
DECAY = (1.0, 0.7, 0.5, 0.35)
RIVAL = 0.4  # of the best score
PATIENCE = 300  # characters of what is no prose, after which nothing more is looked for
LINKED = 0.9  # share of a line from which it is a link as a whole
DATES = 3  # lines that may stand between a headline and its text: day, section, author
HEADLINE = 25  # characters of one at the least
TEASED = 2  # paragraphs in one at the most; more are a section, in which another article is announced
SECTIONS = 4  # that hold the text of an article of many sections, at the least
CARDS = 3  # for other articles, of which one would not be told from a linked heading


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
    if holder is None and (around := _around_sections(region)) is not None:
        region.holder, region.held = around, _within(blocks, around)
        _choose(region, first, last)
    return region


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
    headlines = [place for place in announced if _is_linked_heading(blocks[place])]
    region.teasers = _teasers(blocks, chosen, [place for place in announced if _is_linked_line(blocks[place])])
    region.chosen = [place for place in chosen if place not in region.teasers]
    region.headlines = [] if region.teasers else headlines
    region.end = _end(region, last)


def _end(region: Region, last: int) -> int:
    """Return the place of the first linked heading with no paragraph below; behind all if there is none."""
    blocks = region.blocks
    further = (place for place in region.inside if place > last and blocks[place].prose >= LONG)
    last = max((place for place in further if SENTENCE_END.search(blocks[place].text)), default=last)
    below = (place for place in range(last + 1, len(blocks)) if _is_linked_heading(blocks[place]))
    return next(below, len(blocks))


def _with_heading(region: Region, first: int, last: int) -> int:
    """Return the place of the heading above the first place, if headings of its kind stand further down."""
    above, blocks = first - 1, region.blocks
    if above <= region.title or blocks[above].tag not in HEADINGS or not _belongs(blocks[above]):
        return first
    kind = _kind_of_heading(blocks[above])
    return above if any(_kind_of_heading(blocks[place]) == kind for place in range(first, last)) else first


def _kind_of_heading(block: Block) -> tuple[str, str]:
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


def _is_linked_heading(block: Block) -> bool:
    return block.tag in HEADINGS and block.linked > LINKED * len(block.text)


def _is_linked_line(block: Block) -> bool:
    """Say whether the block is a link as a whole: a heading or, as in many cards, a line of some words."""
    if block.linked <= LINKED * len(block.text):
        return False
    return block.tag in HEADINGS or (len(block.text) >= HEADLINE and not SENTENCE_END.search(block.text))


def _teasers(blocks: list[Block], chosen: list[int], headlines: list[int]) -> set[int]:
    """Return the places of cards: boxes of one class, each with a linked headline and a short text.

    Where such texts are most of the article, it is a digest of others, or the page a listing: then none are returned.
    """
    cards = {card: place for place in headlines if (card := _card(blocks[place + 1], blocks[place])) is not None}
    texts: dict[_Element, list[int]] = {card: [] for card in cards}
    for place in chosen if len(cards) >= CARDS else ():
        if (card := _around(blocks[place].element, cards)) is not None:
            texts[card].append(place)
    small = [card for card in texts if sum(blocks[place].prose > 0 for place in texts[card]) <= TEASED]
    if len(small) < CARDS:
        return set()
    within = {place for card in small for place in texts[card]}
    size = sum(blocks[place].prose for place in within)
    is_digest = 2 * size >= sum(blocks[place].prose for place in chosen)
    return set() if is_digest else within.union(cards[card] for card in small)


def _around(element: _Element, boxes: Container[_Element]) -> _Element | None:
    """Return the innermost of the boxes that contains the element or is the element."""
    return next((box for box in (element, *element.iterancestors()) if box in boxes), None)


def _card(block: Block, headline: Block) -> _Element | None:
    """Return the element around a headline and its text, if an element of the same tag and class is beside it."""
    card = common(block.element, headline.element)
    if card.tag == "p":
        return None  # a paragraph that goes on around what is announced in it
    siblings = (sibling for sibling in (card.getprevious(), card.getnext()) if sibling is not None)
    is_alike = any(sibling.tag == card.tag and sibling.get("class") == card.get("class") for sibling in siblings)
    return card if is_alike else None


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


def common(one: _Element, other: _Element) -> _Element:
    """Return the innermost element that contains both, at most the body."""
    around = {other, *other.iterancestors()}
    element = one
    while element not in around:
        parent = element.getparent()
        if parent is None or parent.tag == "html":
            return element
        element = parent
    return element


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

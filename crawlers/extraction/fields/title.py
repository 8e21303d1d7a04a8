"""The title that a reader sees: the h1 that agrees with the declared titles, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from lxml.etree import XPath, _Element

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.headings import ends_trail, heads_another, title_part
from crawlers.extraction.page.metadata import Page, find_all, headline, section, short_text_in, squeeze, text_in
from crawlers.extraction.text_norm import agreement, fold

# Marks between the parts of a title; some need no spaces. The Korean letter ㅣ is used as a bar.
SEPARATOR = re.compile(r"\s+[|–—·•»«:/*\-]{1,2}\s+|\s*[|»•｜ㅣ]\s*|\s*::\s*|：")
KICKER_END = re.compile(r"[\s:|–—·•»/\-.!]+$")
AGREED = 0.5  # of the words; below it an h1 is some other line of the page
BREAK = re.compile(r":\s|\s[|/–—-]\s")  # between kicker and title; some spellings lose it
CUT = re.compile(r"\s*(?:…|\.{3})$")
# "[Watch]", "(VIDEO)"; no figures, since results and years are the title's
LABEL_END = re.compile(r"\s*(?:\[[^\[\]\d]{2,20}\]|\([^()\d]{2,20}\))\s*$")
COLON = re.compile(r"[\s:]+")
DAY = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d{2}|\d{1,2}\.\d{1,2}\.\d{2}|(?:19|20)\d{2}([./-])\d{1,2}\2\d{1,2}")
SUBHEADINGS = XPath("//h2")
HOME_LINKS = XPath("(descendant::a[@href='/' or @href='./' or @href='/index.html' or @rel='home'])[position() <= 4]")
LESSER = ("h2", "h3", "h4")  # headings
BOXES = ("div", "span", "p", "td", "b", "strong")  # of which one may show the title alone
FEW_PARTS = 3  # elements within such a box at the most
LONGEST = 300  # characters of a title
MOST_PARTS = 6  # of a declared title that are looked at
SHOWN = 2.5  # the weight of the title on the page
DECLARED = (1.5, 1.5, 1.0, 1.0)  # of JSON-LD's headline, og:title, twitter:title, <title>
SITE_PARTS = 3  # "Title | Section | Site | Owner"
SITE_WORDS = 4  # "The Example Times Online"; a longer part that holds the site's name is a title that tells of it
INITIALS = 3  # letters of a host that is too short to be looked for within words
LOGO_WORDS = 3  # a lone h1 of fewer words is more often the name of the site or section


def find_heading(context: PageContext) -> str:
    """Return the title as the page shows it: what the outlet's selector finds, else the best heading."""
    selected = context.selected.title
    return selected or shown_title(context.page, context.hints.title)


def find_title(context: PageContext) -> str:
    """Return the title that the article gets: what the outlet's selector finds, else what the page is best known by."""
    page, trace = context.page, context.trace
    selected = context.selected.title
    title = selected or weigh_title(page, context.heading)
    if trace.on:
        _trace_candidates(context)
        if selected:
            trace.chose("title", title, "the outlet's own selector", "it is always taken")
        elif title == context.heading:
            trace.chose("title", title, "shown on the page", _choose_heading(page, context.hints.title)[1])
        else:
            trace.chose("title", title, "declared", "it outweighs or spells out the heading " + repr(context.heading))
    return title


def _trace_candidates(context: PageContext) -> None:
    """Note all titles of the page and what they weigh."""
    page, trace = context.page, context.trace
    trace.candidate("title", "the outlet's own selector", context.selected.title)
    for h1, text in page.headings:
        note = "only ends a breadcrumb" if ends_trail(h1) else "names the site" if fold(text) in page.site_names else ""
        trace.candidate("title", "h1", text, note)
    sources = ("JSON-LD headline", "og:title", "twitter:title", "<title>")
    declared = (headline(page), page.first("og:title"), page.first("twitter:title"), page.title_tag)
    for source, text, weight in zip(sources, declared, DECLARED, strict=True):
        trace.candidate("title", source, text, f"weight {weight}, the heading shown weighs {SHOWN}")
    trace.candidate("title", "seed", context.hints.title, "used where the page declares nothing")


def weigh_title(page: Page, shown: str) -> str:
    """Return the title that the page is best known by.

    What is shown counts for more than any title that is declared, but not for more than three that agree. A declared
    title does not outweigh a heading over the article while the h1 serves the navigation, nor an h1 that sets a kicker
    apart.
    """
    certain = _over_article(page) or any(shown == title_part(h1) != text for h1, text in page.headings)
    return _without_label(page, _spelled(page, _uncut(page, shown if certain else _majority(page, shown))))


def _majority(page: Page, shown: str) -> str:
    """Return the title with the most weight among the shown and the declared ones; the same words count as one."""
    weights: dict[str, float] = {}
    spellings: dict[str, dict[str, float]] = {}
    for text, weight in [(shown, SHOWN), *_declared(page)]:
        if key := fold(text):
            weights[key] = weights.get(key, 0.0) + weight
            spelled = spellings.setdefault(key, {})
            spelled[text] = spelled.get(text, 0.0) + weight
    best = max(weights, key=lambda key: weights[key], default="")
    if not best or best == fold(shown) or _disputed(best, weights, fold(shown)):
        return shown
    return max(spellings[best], key=lambda text: (len(BREAK.findall(text)), spellings[best][text]))


def _disputed(best: str, titles: Iterable[str], shown: str) -> bool:
    """Say whether the declared titles disagree among each other, so that none of them outweighs the heading."""
    return bool(shown) and any(agreement(best, other) < AGREED for other in titles if other != shown)


def _declared(page: Page) -> Iterator[tuple[str, float]]:
    """Yield the declared titles and their weights, without the site's name unless a heading shows it too."""
    shown = [text for _, text in page.headings]
    words = {fold(text) for text in shown}
    declared = (headline(page), page.first("og:title"), page.first("twitter:title"), page.title_tag)
    for text, weight in zip(declared, DECLARED, strict=True):
        if text:
            yield text if fold(text) in words else without_site(text, page, [headline(page), *shown]), weight


def _uncut(page: Page, title: str) -> str:
    """Return the whole of a title that was shortened to a length, where another declared title gives it."""
    start = CUT.sub("", title)
    if start == title:
        return title
    whole = (text for text, _ in _declared(page) if len(text) > len(start) and text.startswith(start))
    return next((text for text in whole if not CUT.search(text)), title)


def _spelled(page: Page, title: str) -> str:
    """Spell a title with the colon that a page shows as a line break between kicker and title."""
    for text in (headline(page), page.first("og:title"), page.first("twitter:title")):
        if text != title and COLON.sub(" ", text) == COLON.sub(" ", title):
            return text
    return title


def _without_label(page: Page, title: str) -> str:
    """Strip "[Watch]" or "(VIDEO)" off the end of a title that is declared without it."""
    label = LABEL_END.search(title)
    if label is None:
        return title
    front = title[: label.start()]
    return front if any(fold(text) == fold(front) for text, _ in _declared(page)) else title


def shown_title(page: Page, hint: str | None = None) -> str:
    """Return the heading that agrees best with what is declared; without one, the first declared title."""
    return _choose_heading(page, hint)[0]


def _choose_heading(page: Page, hint: str | None) -> tuple[str, str]:
    """Do as `shown_title`, and say why it was chosen."""
    if over := _over_article(page):
        return over, "a heading over the article shows this declared title, and every h1 only ends a breadcrumb"
    site_names = page.site_names
    declared = [
        text for text in (headline(page), page.first("og:title"), page.first("twitter:title"), hint or "") if text
    ]
    tag = page.title_tag
    headings = [(h1, text) for h1, text in page.headings if fold(text) not in site_names]
    evidence = [*declared, tag] if tag else declared
    if agreed := _agreeing_heading(page, headings, evidence):
        return agreed, "the h1 that agrees best with the declared titles"
    shown = [text for _, text in headings]
    own = shown if len(shown) == 1 else [text for h1, text in headings if not heads_another(h1)]
    if len(own) == 1 and len(fold(own[0]).split()) >= LOGO_WORDS:
        return own[0], "the only h1 of the article, though no declared title agrees with it"
    names = site_names | home_names(page)
    if titled := _titled(page, evidence, names):
        return titled, "a line of the page that shows a declared title"
    bare = (without_site(text, page, [*declared, *shown], names) for text in declared if fold(text) not in names)
    if (first := next(bare, None)) is not None:
        return first, "the first declared title; the page shows none"
    if tag:
        return without_site(tag, page, shown, names), "<title>, since nothing else is declared"
    return (shown[0] if shown else ""), "the first h1, since nothing is declared"


def _agreeing_heading(page: Page, headings: Sequence[tuple[_Element, str]], evidence: Sequence[str]) -> str:
    """Return the h1 that agrees best with a declared title, without its kicker; empty where none agrees enough."""
    best, score = None, 0.0
    for h1, text in headings:
        agreed = max((_agreed(text, other, page.site_names) for other in evidence), default=0.0)
        if agreed > score:
            best, score = (h1, text), agreed
    if best is None or score < AGREED:
        return ""
    return _without_own_kicker(*best, page) or _without_kicker(squeeze(best[1]), evidence)


def home_names(page: Page) -> set[str]:
    """Return the names of the site in the page's links to its home, folded."""
    links = find_all(HOME_LINKS, page.tree)
    pictures = (picture for link in links for picture in link.iter("img"))
    texts = [*map(text_in, links), *(picture.get("alt") or "" for picture in pictures)]
    return {key for text in texts if (key := fold(text)) and len(key.split()) <= SITE_WORDS}


def _titled(page: Page, declared: Sequence[str], ours: Set[str]) -> str:
    """Return the line of the page that is a declared title, or neighbouring parts of one; empty where none is.

    Where nothing but the site's name is declared, and there is no h1, the first other heading that leads nowhere.
    """
    runs = {key for text in declared for run in _runs(text) if _is_long(run) and (key := fold(run)) not in ours}
    shown: dict[str, str] = {}
    headings = []
    for element in page.tree.iter(*LESSER, *BOXES):
        if len(element) > FEW_PARTS:
            continue
        text = short_text_in(element, LONGEST)
        if (key := fold(text)) in runs and not heads_another(element):
            shown.setdefault(key, text)
        elif element.tag in LESSER and _is_long(text) and not heads_another(element):
            headings.append(text)
    if shown:
        return shown[max(shown, key=len)]
    nameless = bool(declared) and not page.headings and all(fold(text) in ours for text in declared)
    return headings[0] if nameless and headings else ""


def _is_long(text: str) -> bool:
    return len(text.split()) >= LOGO_WORDS


def _runs(text: str) -> Iterator[str]:
    """Yield a title and every run of its parts."""
    parts = list(SEPARATOR.finditer(text))[:MOST_PARTS]
    begins, ends = [0, *(part.end() for part in parts)], [*(part.start() for part in parts), len(text)]
    for first, begin in enumerate(begins):
        yield from (text[begin:end] for end in ends[first:])


def _over_article(page: Page) -> str:
    """Return the declared title that an h2 shows, if every h1 is only the last step of a breadcrumb."""
    if not page.headings or not all(ends_trail(h1) for h1, _ in page.headings):
        return ""
    ours = page.site_names
    known = {key: text for text, _ in _declared(page) if (key := fold(text)) and key not in ours}
    for heading in find_all(SUBHEADINGS, page.tree):
        if title := known.get(fold(title_part(heading))):
            return title
    return ""


def _agreed(shown: str, declared: str, ours: Iterable[str]) -> float:
    parts = [part for part in SEPARATOR.split(declared) if len(part.split()) >= LOGO_WORDS and fold(part) not in ours]
    return max([agreement(shown, declared), *(agreement(shown, part) for part in parts)])


def _without_kicker(shown: str, evidence: Iterable[str]) -> str:
    """Strip what stands before the title within the h1, where a declared title is the rest of it."""
    for text in evidence:
        if 0 < len(text) < len(shown) and len(text.split()) >= 3 and shown.endswith(text):
            front = shown[: -len(text)]
            if len(front) < 60 and (front[-1].isspace() or KICKER_END.search(front)):
                return text
    return shown


def _without_own_kicker(h1: _Element, text: str, page: Page) -> str:
    """Return the title in an h1 without its kicker, if declared titles have the title, and another kicker or none."""
    title = title_part(h1)
    ending, kicker = " " + fold(title), fold(text[: -len(title)])
    if not kicker or len(title.split()) < LOGO_WORDS:
        return ""
    declared = [fold(other) for other, _ in _declared(page)]
    fronts = [other[: -len(ending)] for other in declared if other.endswith(ending)]
    return title if fronts and kicker not in fronts else ""


def without_site(text: str, page: Page, others: Iterable[str] = (), ours: Set[str] | None = None) -> str:
    """Strip the site's or section's name off a title: last parts that the page names so, or that other titles lack.

    `ours` are the names of the site, those that the page declares if not given.
    """
    ours = page.site_names if ours is None else ours
    filed = fold(section(page) or "")
    known = {fold(other) for other in others} - {""}
    for _ in range(SITE_PARTS):
        parts = list(SEPARATOR.finditer(text))
        if not parts:
            return text
        last = parts[-1]
        rest, front = text[last.end() :].strip(), text[: last.start()].strip()
        tail = fold(rest)
        if fold(front) in ours:
            return rest
        beside = not rest or _names_site(tail, ours) or tail == filed != "" or DAY.fullmatch(rest)
        if not front or not (beside or fold(front) in known):
            return text
        text = front
    return text


def _names_site(tail: str, ours: Iterable[str]) -> bool:
    """Say whether a part of a title is the site's name, a piece of it, or the name of one of its desks."""
    words = tail.split()
    return any(
        name in (tail, "".join(words))
        or _is_piece(tail, name)
        or (len(name) > INITIALS and name in tail and len(words) <= SITE_WORDS)
        or (len(name) == INITIALS and name in words and len(words) < SITE_WORDS)
        for name in ours
    )


def _is_piece(tail: str, name: str) -> bool:
    """Say whether a part is some words of a site's name, or at least half of a name written in one word."""
    if len(tail) <= INITIALS:
        return False
    return f" {tail} " in f" {name} " or (name.endswith(tail) and 2 * len(tail) >= len(name))

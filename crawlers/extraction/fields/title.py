"""The title that a reader sees: the h1 that agrees with the declared titles, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from lxml.etree import XPath, _Element

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.declared_titles import (
    SEPARATOR,
    declared_headline,
    declared_titles,
    home_names,
    sourced_titles,
    titles_as_declared,
    without_site,
)
from crawlers.extraction.fields.headings import ends_trail, heads_another, is_logo, title_part
from crawlers.extraction.page.metadata import Page, find_all, headline, short_text_in, squeeze
from crawlers.extraction.text_norm import agreement, fold, letters

KICKER_END = re.compile(r"(?<![\s:|–—·•»/\-.!])[\s:|–—·•»/\-.!]++$")
AGREED = 0.5  # of the words; below it an h1 is some other line of the page
BREAK = re.compile(r":\s|\s[|/–—-]\s")  # between kicker and title; some spellings lose it
CUT = re.compile(r"(?<!\s(?=\s))\s*+(?:…|\.{3})$")
# "[Watch]", "(VIDEO)"; no figures, since results and years are the title's
LABEL_END = re.compile(r"(?<!\s(?=\s))\s*+(?:\[[^\[\]\d]{2,20}\]|\([^()\d]{2,20}\))\s*$")
COLON = re.compile(r"[\s:]+")
SUBHEADINGS = XPath("//h2")
LESSER = ("h2", "h3", "h4")  # headings
BOXES = ("div", "span", "p", "td", "b", "strong")  # of which one may show the title alone
FEW_PARTS = 3  # elements within such a box at the most
LONGEST = 300  # characters of a title
MOST_PARTS = 6  # of a declared title that are looked at
SHOWN = 2.5  # the weight of the title on the page
REPEATED = 0.6  # of a further title there that repeats the first
AGREEING = 1.0  # of a further title in the page's head that says what is shown
SPELLING = 1.0  # the least weight of a title for how the words are spelled
VOICE = 1.5  # of JSON-LD's headline, and of the titles in the page's head together: both outweigh what is shown
ONE_VOICE = "one voice with the other titles of the page's head"
LOGO_WORDS = 3  # a lone h1 of fewer words is more often the name of the site or section


def find_heading(context: PageContext) -> str:
    """Return the title as the page shows it: what the outlet's selector finds, else the best heading."""
    selected = context.selected.title
    return selected or shown_title(context.page, context.hints.title)


def find_title(context: PageContext) -> str:
    """Return the title that the article gets: what the outlet's selector finds, else the one with the most weight."""
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
    named = "JSON-LD headline" if headline(page) else "meta headline"
    declared = (*titles_as_declared(page), page.title_tag)
    for source, text in zip((named, "og:title", "twitter:title", "<title>"), declared, strict=True):
        trace.candidate("title", source, text, ONE_VOICE if source != named else "")
    trace.candidate("title", "seed", context.hints.title, "used where the page declares nothing")


def weigh_title(page: Page, shown: str) -> str:
    """Return the title with the most weight.

    What is shown counts for more than what JSON-LD or the page's head declares, but for less than both together. A
    declared title does not outweigh a heading over the article while the h1 serves the navigation, nor an h1 that sets
    a kicker apart.
    """
    certain = _over_article(page) or any(shown == title_part(h1) != text for h1, text in page.headings)
    return _without_label(page, _spelled(page, _uncut(page, shown if certain else _majority(page, shown))))


def _majority(page: Page, shown: str) -> str:
    """Return the title with the most weight among the shown and the declared ones; the same words count as one."""
    weights: dict[str, float] = {}
    spellings: dict[str, dict[str, float]] = {}
    for text, weight in [(shown, SHOWN), *_voices(page, shown)]:
        if key := fold(text):
            weights[key] = weights.get(key, 0.0) + weight
            spelled = spellings.setdefault(key, {})
            spelled[text] = spelled.get(text, 0.0) + max(weight, SPELLING)
    best = max(weights, key=lambda key: weights[key], default="")
    if not best or best == fold(shown) or _disputed(best, weights, fold(shown)):
        return shown
    return max(spellings[best], key=lambda text: (len(BREAK.findall(text)), spellings[best][text]))


def _voices(page: Page, shown: str) -> Iterator[tuple[str, float]]:
    """Yield the declared titles and their weights.

    og:title, twitter:title and <title> are filled from one field, so that they are one voice: the first of them speaks
    for it. One that says what the page shows is another field's.
    """
    heard = ""  # what og:title says, or the next of them
    repeated = False
    for text, of_head in sourced_titles(page):
        key = fold(text)
        weight = VOICE
        if of_head and heard:
            again = key == heard and not repeated
            weight = AGREEING if key == fold(shown) else REPEATED if again else 0.0
            repeated = repeated or again
        heard = heard or (key if of_head else "")
        yield text, weight


def _disputed(best: str, titles: Iterable[str], shown: str) -> bool:
    """Say whether the declared titles disagree among each other, so that none of them outweighs the heading."""
    return bool(shown) and any(agreement(best, other) < AGREED for other in titles if other != shown)


def _uncut(page: Page, title: str) -> str:
    """Return the whole of a title that was shortened to a length, where another declared title gives it."""
    start = CUT.sub("", title)
    if start == title:
        return title
    whole = (text for text in declared_titles(page) if len(text) > len(start) and text.startswith(start))
    return next((text for text in whole if not CUT.search(text)), title)


def _spelled(page: Page, title: str) -> str:
    """Spell a title with the colon or the space that a page shows as a line break between kicker and title."""
    words, joined = len(fold(title).split()), letters(title)
    for text in titles_as_declared(page):
        if text != title and COLON.sub(" ", text) == COLON.sub(" ", title):
            return text
        if len(fold(text).split()) > words and letters(text) == joined:
            return text
    return title


def _without_label(page: Page, title: str) -> str:
    """Strip "[Watch]" or "(VIDEO)" off the end of a title that is declared without it."""
    label = LABEL_END.search(title)
    if label is None:
        return title
    front = title[: label.start()]
    return front if any(fold(text) == fold(front) for text in declared_titles(page)) else title


def shown_title(page: Page, hint: str | None = None) -> str:
    """Return the heading that agrees best with what is declared; without one, the first declared title."""
    return _choose_heading(page, hint)[0]


def _choose_heading(page: Page, hint: str | None) -> tuple[str, str]:
    """Do as `shown_title`, and say why it was chosen."""
    if over := _over_article(page):
        return over, "a heading over the article shows this declared title, and every h1 only ends a breadcrumb"
    site_names = page.site_names
    declared = [text for text in (*titles_as_declared(page), hint or "") if text]
    tag = page.title_tag
    headings = [(h1, text) for h1, text in page.headings if not _is_sites(h1, text, page)]
    evidence = [*declared, tag] if tag else declared
    if agreed := _agreeing_heading(page, headings, evidence):
        return agreed, "the h1 that agrees best with the declared titles"
    shown = [text for _, text in headings]
    own = shown if len(shown) == 1 else [text for h1, text in headings if not heads_another(h1)]
    names = site_names | home_names(page)
    if len(own) == 1 and len(fold(own[0]).split()) >= LOGO_WORDS:
        if lesser := _titled(page, evidence, names, LESSER):
            return lesser, "a heading that shows a declared title, with which the h1 does not agree"
        return own[0], "the only h1 of the article, though no declared title agrees with it"
    if titled := _titled(page, evidence, names):
        return titled, "a line of the page that shows a declared title"
    bare = (without_site(text, page, [*declared, *shown], names) for text in declared if fold(text) not in names)
    if (first := next(bare, None)) is not None:
        return first, "the first declared title; the page shows none"
    if tag:
        return without_site(tag, page, shown, names), "<title>, since nothing else is declared"
    first_h1 = shown or [text for _, text in page.headings]
    return (first_h1[0] if first_h1 else ""), "the first h1, since nothing is declared"


def _is_sites(h1: _Element, text: str, page: Page) -> bool:
    """Say whether an h1 is the site's and stands on every page: its name, its logo, the end of every <title>."""
    key = fold(text)
    if key in page.site_names:
        return True
    told = [other for other in (declared_headline(page), page.first("og:title")) if other]
    if any(agreement(text, other) >= AGREED for other in told):
        return False
    parts = SEPARATOR.split(page.title_tag)
    return is_logo(h1) or (bool(told) and len(parts) > 1 and fold(parts[-1]) == key)


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


def _titled(page: Page, declared: Sequence[str], site_names: Set[str], tags: Sequence[str] = (*LESSER, *BOXES)) -> str:
    """Return the line of the page that is a declared title, or neighbouring parts of one; empty where none is.

    Where nothing but the site's name is declared, and there is no h1, the first other heading that is no link.
    """
    runs = {key for text in declared for run in _runs(text) if _is_long(run) and (key := fold(run)) not in site_names}
    shown: dict[str, str] = {}
    headings = []
    for element in page.tree.iter(*tags):
        if len(element) > FEW_PARTS:
            continue
        text = short_text_in(element, LONGEST)
        if (key := fold(text)) in runs and not heads_another(element):
            shown.setdefault(key, text)
        elif element.tag in LESSER and _is_long(text) and not heads_another(element):
            headings.append(text)
    if shown:
        return shown[max(shown, key=len)]
    shows_titles = any(not is_logo(h1) and fold(text) not in site_names for h1, text in page.headings)
    nameless = bool(declared) and not shows_titles and all(fold(text) in site_names for text in declared)
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
    site_names = page.site_names
    known = {key: text for text in declared_titles(page) if (key := fold(text)) and key not in site_names}
    for heading in find_all(SUBHEADINGS, page.tree):
        if title := known.get(fold(title_part(heading))):
            return title
    return ""


def _agreed(shown: str, declared: str, site_names: Iterable[str]) -> float:
    parts = [part for part in SEPARATOR.split(declared) if _is_long(part) and fold(part) not in site_names]
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
    declared = [fold(other) for other in declared_titles(page)]
    fronts = [other[: -len(ending)] for other in declared if other.endswith(ending)]
    return title if fronts and kicker not in fronts else ""

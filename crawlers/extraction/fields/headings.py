"""Which of a page's headings stand over its article, and which part of such a heading is the title."""

from __future__ import annotations

import re
from itertools import chain, islice

from lxml.etree import _Element

from crawlers.extraction.page.metadata import squeeze, text_in

TRAIL_DEPTH = 4  # elements between a heading and the trail of links that it ends
TRAIL_NAMES = ("class", "id", "itemtype", "aria-label")
WHOLE = frozenset({"article", "main", "body"})  # whose names tell of more than their headings
HOME = re.compile(r"(?:https?:)?//[^/]+/?|/|\./|/?index\.\w+", re.IGNORECASE)
LOGO = re.compile(
    r"(?<![a-z])(?:site[-_]?(?:title|name|logo|branding)|logo|brand(?:ing)?|blog[-_]?title)(?![a-z])", re.IGNORECASE
)
LOGO_DEPTH = 2  # elements around a heading whose names are looked at
ASIDE = frozenset({"aside", "nav", "footer"})
PARTS = frozenset({"span", "div", "p", "small", "a"})


def ends_trail(heading: _Element) -> bool:
    """Say whether a heading is the last step of a breadcrumb: small print for machines, the title stands elsewhere."""
    for element in chain((heading,), islice(heading.iterancestors(), TRAIL_DEPTH)):
        if element.tag in WHOLE:
            return False
        if element.tag == "nav" or any("breadcrumb" in (element.get(name) or "").lower() for name in TRAIL_NAMES):
            return True
    return False


def heads_another(heading: _Element) -> bool:
    """Say whether a heading stands over something beside the article: a box of links, or a page that it links to."""
    whole = text_in(heading)
    if any(text_in(link) == whole for link in heading.iter("a")):
        return True
    return any(element.tag in ASIDE or element.tag == "a" for element in heading.iterancestors())


def is_logo(heading: _Element) -> bool:
    """Say whether a heading is the site's logo: it links home, or is called so."""
    whole = text_in(heading)
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    if any(HOME.fullmatch((link.get("href") or "").strip()) and text_in(link) == whole for link in links):
        return True
    around = (heading, *islice(heading.iterancestors(), LOGO_DEPTH))
    return any(LOGO.search(f"{element.get('class') or ''} {element.get('id') or ''}") for element in around)


def title_part(heading: _Element) -> str:
    """Return the title in a heading, without a kicker that stands above it in an element of its own."""
    while True:
        parts = [child for child in heading if child.tag in PARTS and text_in(child)]
        if not parts or squeeze(heading.text):
            return text_in(heading)
        if rest := squeeze(parts[-1].tail):
            return rest
        heading = parts[-1]

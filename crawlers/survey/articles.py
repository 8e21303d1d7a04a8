"""Choose links that are certain to be articles, from which the pattern of article URLs is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from storage.model import Link

from .shapes import MANY_WORDS, Form, shape_of

if TYPE_CHECKING:
    from .seed_choice import Sources

FEW = 3  # links that a source must have
LARGE = 0.25  # share of the links that a strong form (one with a number or a date) must have to be preferred


def article_links(sources: Sources) -> list[Link]:
    """Return the links of feeds, news sitemaps and APIs; if they are few, also those of a sitemap or the front page.

    Sitemaps and the front page list other pages too, so only their links of the most frequent form are taken.
    """
    announced = list(sources.newest_links)
    if len(announced) >= FEW:
        return announced
    listed = [link for document in sources.sitemaps for link in document.links]
    return announced + (_of_main_form(listed) or _of_main_form(_with_titles(sources.front.links)))


def _with_titles(links: Sequence[Link]) -> list[Link]:
    """Return links whose text reads like a title: more than two words, as discovery keeps them."""
    return [link for link in links if link.hints.title]


def _of_main_form(links: Sequence[Link]) -> list[Link]:
    """Return the links of the most frequent form, a strong one if enough links have it; none if all forms are rare."""
    forms: dict[str, Form] = {}
    for link in links:
        shape = shape_of(link.url)
        if shape and (shape.form.strong or shape.words >= MANY_WORDS):
            forms[link.url] = shape.form
    counts = Counter(forms.values())
    strong = [form for form, count in counts.most_common() if form.strong and count >= max(FEW, LARGE * len(forms))]
    chosen = strong[0] if strong else next((form for form, count in counts.most_common(1) if count >= FEW), None)
    return [link for link in links if chosen is not None and forms.get(link.url) == chosen]

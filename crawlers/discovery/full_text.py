"""Articles whose whole text stands in a seed's answer: is it whole, and how does extraction get to read it?

An API gives the body of a post as HTML. What it says beside it (title, image, language) is put around the body as the
head of a small page, so that the article is read by the same extraction as any other page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from lxml import etree

from storage.model import Hints

from .attributes import has_many_attributes
from .xml import whole_text

MIN_WORDS = 40  # a shorter text is more likely a teaser or an embedded player than a brief
# Page builders' blocks that the API gave unrendered: the text that the page shows is made of them elsewhere.
_UNRENDERED = re.compile(r"\[/?(?:vc_|et_pb_|fusion_|fl_builder|cs_|av_)\w*")
# The end of an excerpt: an ellipsis in brackets, or a link that leads on to the whole text.
_GOES_ON = re.compile(
    r"(?:\[\s*(?:…|\.\.\.)\s*\]|(?:continue reading|read more|read the full (?:story|article)|davamı|ətraflı oxu"
    r"|devamını oku|читать далее|читать полностью|подробнее)\W{0,40})\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Post:
    """A post in an API's answer: its URL, hints, and body as HTML. The body is None if the answer lacks part of it."""

    url: str
    hints: Hints
    body: str | None = None
    image: str | None = None


def is_whole(body: str | None, excerpt: str | None = None) -> bool:
    """True if the HTML of a post's body is its whole text, and enough of it to do without the page."""
    if not body or _UNRENDERED.search(body):
        return False
    text = plain(body) or ""
    if len(text.split()) < MIN_WORDS or _GOES_ON.search(text[-200:]):
        return False
    return " ".join(text.split()) != " ".join((plain(excerpt) or "").split())


def plain(markup: str | None) -> str | None:
    """Return the text of an HTML fragment, without tags and scripts; None if it is empty, or would be slow to parse."""
    if not markup or not markup.strip() or has_many_attributes(markup.encode("utf-8", "replace")):
        return None
    try:
        tree = etree.HTML(f"<div>{markup}</div>")
    except (etree.LxmlError, ValueError):
        return None
    if tree is None:
        return None
    etree.strip_elements(tree, "script", "style", "noscript", with_tail=False)
    return whole_text(tree) or None


def as_page(post: Post) -> bytes:
    """The post as a page of its own, in UTF-8, for `crawlers.extraction.extract`."""
    hints = post.hints
    title = escape(hints.title or "")
    image = f'<meta property="og:image" content="{escape(post.image)}">' if post.image else ""
    language = f' lang="{escape(hints.language)}"' if hints.language else ""
    head = (
        f'<meta charset="utf-8"><title>{title}</title><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{title}"><link rel="canonical" href="{escape(post.url)}">{image}'
    )
    page = (
        f"<!doctype html><html{language}><head>{head}</head>"
        f'<body><main><article><h1>{title}</h1><div class="entry-content">{post.body or ""}</div></article></main>'
        "</body></html>"
    )
    return page.encode("utf-8", "replace")

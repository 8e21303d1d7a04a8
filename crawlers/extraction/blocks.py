"""A page as the row of its text blocks: what stands where, how much of it is links, and what surrounds it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

BLOCK_TAGS = frozenset(
    {
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "pre", "td", "th", "tr", "table", "tbody", "section",
        "article", "main", "header", "footer", "aside", "nav", "figure", "figcaption", "dl", "dt", "dd", "form", "fieldset", "address", "details",
        "summary", "center", "body", "hgroup", "caption",
    }
)  # fmt: skip
SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "video", "audio", "canvas", "map", "select", "button",
        "input", "textarea", "head", "link", "meta", "nav", "footer", "aside", "form", "option", "datalist", "dialog", "menu", "label", "math",
    }
)  # fmt: skip
# Words in a class or id that say what an element is for. Whole words, so that "shared-content" or "header" of an article stay.
FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navigation|navbar|menu|footer|sidebar|breadcrumbs?|related|recommend(?:ed|ations?)?|recirc(?:ulation)?|read-?more|more-?(?:stories|news|articles|from|on)|"
    r"newsletters?|subscribe|subscription|promo(?:tion|s)?|sponsor(?:ed)?|advert(?:isement|ising|s)?|ads?|taboola|outbrain|share|sharing|social|follow|comments?|respond|disqus|"
    r"cookies?|consent|gdpr|modal|popup|overlay|tags?|tag-?list|author-?(?:bio|box|info)|bio|about-?author|most-?(?:read|popular)|popular|trending|teasers?|widgets?|pagination|pager|"
    r"copyright|print-?only|screen-?reader|sr-only|visually-?hidden|toolbar|login|signup|sign-?up|banner|caption|credit|gallery-?caption|byline|dateline|timestamp|meta|"
    r"paywall|regwall|inline-?related|see-?also|next-?(?:up|article)|up-?next|latest|infobox|factbox-?hidden|rating|poll|quiz|player)(?:$|[\s_-])",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A run of text within one block element. `linked` counts the letters that are links; `place` is the element's."""

    text: str
    tag: str
    element: HtmlElement
    linked: int
    furniture: bool
    depth: int


def read_blocks(root: HtmlElement) -> list[Block]:
    """Return the text blocks under an element in document order, scripts, navigation and hidden parts left out."""
    blocks: list[Block] = []
    text: list[str] = []
    linked = 0
    # a stack of its own, since pages nest deeper than Python recurses
    stack: list[tuple[HtmlElement, HtmlElement, bool, int, bool, bool]] = [(root, root, False, 0, False, False)]
    holder, furniture, depth = root, False, 0

    def flush() -> None:
        nonlocal linked
        line = " ".join("".join(text).split())
        if line:
            blocks.append(Block(line, holder.tag, holder, min(linked, len(line)), furniture, depth))
        text.clear()
        linked = 0

    while stack:
        element, owner, marked, level, in_link, leaving = stack.pop()
        tag = element.tag
        is_block = tag in BLOCK_TAGS
        if leaving:
            if is_block:
                flush()
            # the tail belongs to the parent's run
            parent_owner, parent_marked = owner, marked
            holder, furniture, depth = parent_owner, parent_marked, level
            if element.tail:
                text.append(element.tail)
                if in_link:
                    linked += len(element.tail)
            continue
        if not isinstance(tag, str) or tag in SKIPPED or _hidden(element):
            if element.tail:
                text.append(element.tail)
            continue
        if tag == "br":
            flush()
            holder, furniture, depth = owner, marked, level
            if element.tail:
                text.append(element.tail)
            continue
        inner_owner, inner_marked = owner, marked
        if is_block:
            flush()
            inner_owner = element
            inner_marked = marked or _is_furniture(element)
        inner_link = in_link or tag == "a"
        holder, furniture, depth = inner_owner, inner_marked, level + 1 if is_block else level
        if element is not root:
            stack.append((element, owner, marked, level, in_link, True))
        if element.text:
            text.append(element.text)
            if inner_link:
                linked += len(element.text)
        for child in reversed(element):
            stack.append((child, inner_owner, inner_marked, depth, inner_link, False))
    flush()
    return blocks


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag == "body" or element.tag == "article":
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and FURNITURE.search(names) is not None


def _hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and HIDDEN.search(style) is not None

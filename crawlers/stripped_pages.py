"""Strip a page that is to be saved: remove what extraction does not read (scripts, styles, trackers, comments)."""

from __future__ import annotations

import re

from lxml import html
from lxml.etree import ParserError, _Comment, _Element, _ProcessingInstruction

from .extraction import in_utf8

DROPPED = frozenset({"style", "iframe", "object", "embed", "svg", "template", "canvas"})
DATA = ("application/ld+json",)  # types of scripts that stay: extraction reads structured data
LINKS = frozenset({"canonical", "alternate", "amphtml", "next", "prev", "author", "license", "shortlink"})
_TRACKERS = re.compile(
    r"doubleclick|google-analytics|googletagmanager|facebook\.com/tr|mc\.yandex|top\.mail\.ru|liveinternet|"
    r"scorecardresearch|counter\.yadro|hotjar|pixel|tracker",
    re.IGNORECASE,
)
_HIDES = re.compile(r"display|visibility", re.IGNORECASE)
LONG = 200  # characters of a data-* attribute that is dropped


def strip_page(page: bytes, content_type: str | None = None) -> bytes:
    """Return the page in UTF-8 and without scripts, styles and trackers. What is no HTML stays as it is."""
    try:
        tree = html.document_fromstring(in_utf8(page, content_type))
    except (ParserError, ValueError):
        return page
    for element in list(tree.iter()):
        if _is_dropped(element) and element.getparent() is not None:
            _remove(element)
        elif isinstance(element.tag, str):
            _strip_attributes(element)
    _declare_utf8(tree)
    return bytes(html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")) + b"\n"


def _is_dropped(element: _Element) -> bool:
    if isinstance(element, _Comment | _ProcessingInstruction):
        return True
    match element.tag:
        case "script":
            return (element.get("type") or "").strip().lower() not in DATA
        case "link":
            return not LINKS & set((element.get("rel") or "").lower().split())
        case "meta":
            return (element.get("http-equiv") or "").lower() in ("content-security-policy", "refresh")
        case "img":
            return _is_tracker(element)
        case "noscript":
            return all(_is_tracker(image) for image in element.iter("img")) and not _text(element)
    return element.tag in DROPPED


def _is_tracker(image: _Element) -> bool:
    tiny = image.get("width") in ("0", "1") or image.get("height") in ("0", "1")
    return tiny or _TRACKERS.search(image.get("src") or "") is not None


def _text(element: _Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def _remove(element: _Element) -> None:
    """Remove an element and keep the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _strip_attributes(element: _Element) -> None:
    for name, value in [(str(name), str(value)) for name, value in element.attrib.items()]:
        if (
            name.startswith("on")
            or name in ("nonce", "integrity", "srcset", "sizes")
            or (name == "style" and not _HIDES.search(value))
            or (name.startswith("data-") and len(value) > LONG)
            or (name in ("src", "href") and value.startswith(("data:", "javascript:")))
        ):
            del element.attrib[name]


def _declare_utf8(tree: html.HtmlElement) -> None:
    """Leave one declaration of the charset, at the head's beginning."""
    for meta in list(tree.iter("meta")):
        if (
            meta.get("charset") or (meta.get("http-equiv") or "").lower() == "content-type"
        ) and meta.getparent() is not None:
            _remove(meta)
    head = tree.find("head")
    if head is not None:
        head.insert(0, html.Element("meta", charset="utf-8"))

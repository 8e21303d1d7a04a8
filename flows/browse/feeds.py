"""Lists of articles as RSS 2.0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rss(title: str, link: str, base: str, articles: Sequence[dict[str, Any]]) -> bytes:
    """Return a feed. `base`: the address of this archive, without a slash at its end."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", link)
    _add(channel, "description", f"{title}, from an archive kept by Pressrun")
    for article in articles:
        item = ElementTree.SubElement(channel, "item")
        _add(item, "title", article["title"])
        _add(item, "link", f"{base}/articles/{article['id']}")
        _add(item, "guid", f"{base}/articles/{article['id']}")
        _add(item, "pubDate", format_datetime(article["published_at"] or article["first_seen_at"]))
        _add(item, "description", article["teaser"])
        _add(item, "category", article["section"])
        ElementTree.SubElement(item, "source", url=_clean(article["url"])).text = _clean(article["outlet_name"])
    written: bytes = ElementTree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _add(parent: ElementTree.Element, name: str, text: str | None) -> None:
    if text:
        ElementTree.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return _NOT_XML.sub("", text)

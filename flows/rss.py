"""RSS 2.0: lists of articles for readers of feeds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry. `guid` identifies it; `is_address`: as an address. `source`: address and name of who published it."""

    title: str
    link: str
    guid: str
    at: datetime
    description: str
    is_address: bool = True
    category: str | None = None
    source: tuple[str, str] | None = None


def rss(title: str, link: str, description: str, items: Iterable[Item]) -> bytes:
    """Return a feed. What XML cannot hold is left out of its texts."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (("title", title), ("link", link), ("description", description)):
        _add(channel, name, text)
    for item in items:
        _add_item(ElementTree.SubElement(channel, "item"), item)
    written: bytes = ElementTree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _add_item(parent: ElementTree.Element, item: Item) -> None:
    _add(parent, "title", item.title)
    _add(parent, "link", item.link)
    _add(parent, "guid", item.guid, {} if item.is_address else {"isPermaLink": "false"})
    _add(parent, "pubDate", format_datetime(item.at))
    _add(parent, "description", item.description)
    _add(parent, "category", item.category)
    if item.source:
        url, name = map(_clean, item.source)
        ElementTree.SubElement(parent, "source", url=url).text = name


def _add(parent: ElementTree.Element, name: str, text: str | None, attributes: dict[str, str] | None = None) -> None:
    if text:
        ElementTree.SubElement(parent, name, attributes or {}).text = _clean(text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)

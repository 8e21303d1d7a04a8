"""Feeds: RSS 0.9 to 2.0, RDF, Atom, JSON Feed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawlers.outlet import Outlet
from storage.model import DateSource, Hints

from .refresh import declared_refresh
from .seed_document import Collector, SeedDocument, one_line, primary_language, unique_names
from .xml import XmlDocument, child_text, children, local, whole_text

ROOTS = ("rss", "rdf", "feed", "channel")
NEAR = 50  # elements within which a feed must begin that a template wraps into <html><body>
# An address with the brackets around it, and the brackets around what is left.
_ADDRESS = re.compile(r"[(<\[]?(?:(?<!\s)\s++)?(?:mailto:)?[^\s@()<>\[\]]{1,100}@[^\s@()<>\[\]]{1,100}\s*[)>\]]?")
_BRACKETS = re.compile(r"^\((.*)\)$", re.DOTALL)
MAX_MARKUP = 5000  # characters of a title that are parsed as markup


def is_json(body: bytes) -> bool:
    """True if the body looks like a JSON Feed."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_xml_feed(outlet: Outlet, url: str, document: XmlDocument) -> SeedDocument:
    """Read the items of a parsed RSS, RDF or Atom document, in its order."""
    root = next((element for element in islice(document.root.iter(), NEAR) if local(element) in ROOTS), None)
    if root is None:
        return SeedDocument(problems=(f"no feed: its first tag is <{local(document.root)}>",), complete=False)
    collector = Collector(outlet, url)
    for problem in document.problems:
        collector.problem(problem)
    language = _language(root)
    for item in document.entries("item", "entry"):
        if collector.full():
            break
        collector.link(_address(item), _hints(item, collector, language))
    return collector.document(complete=document.complete, refresh=declared_refresh(root))


def _language(root: etree._Element) -> str | None:
    declared = root.get("{http://www.w3.org/XML/1998/namespace}lang")
    for element in root:
        declared = declared or (child_text(element, "language") if local(element) == "channel" else None)
    return primary_language(declared or child_text(root, "language"))


def _address(item: etree._Element) -> str | None:
    """Return the address of an item, made absolute by xml:base where the feed has one."""
    if original := child_text(item, "origlink"):  # the link is FeedBurner's, which counts clicks
        return original
    links = children(item, "link")
    for link in links:
        if (href := link.get("href")) and link.get("rel", "alternate") == "alternate":
            return _based(link, href)
    for link in links:
        if text := whole_text(link):
            return _based(link, text)
    return _guid(item) or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")


def _based(element: etree._Element, address: str) -> str:
    try:
        return urljoin(element.base, address.strip()) if element.base else address
    except ValueError:
        return address


def _guid(item: etree._Element) -> str | None:
    for child in item:
        if local(child) in ("guid", "id") and child.get("isPermaLink", "true").lower() != "false":
            text = (child.text or "").strip()
            if text.startswith(("http://", "https://")) or (text.startswith("/") and local(child) == "guid"):
                return _based(child, text)
    return None


def _hints(item: etree._Element, collector: Collector, language: str | None) -> Hints:
    published = child_text(item, "published", "pubdate", "issued", "date", "created")
    return Hints(
        title=one_line(_unescaped(child_text(item, "title"))),
        published=collector.published(published, DateSource.FEED),
        modified=collector.modified(child_text(item, "updated", "modified")),
        language=primary_language(item.get("{http://www.w3.org/XML/1998/namespace}lang")) or language,
        authors=unique_names(_authors(item)),
        section=one_line(_category(item)),
    )


def _unescaped(text: str | None) -> str | None:
    """Return a title without markup. Titles are often escaped twice: `Q&amp;amp;A`, `<b>`."""
    if not text or ("&" not in text and "<" not in text):
        return text
    fragment = etree.HTML(f"<p>{text[:MAX_MARKUP]}</p>")
    return whole_text(fragment) if fragment is not None else text


def _authors(item: etree._Element) -> Iterator[str | None]:
    for child in children(item, "creator", "author"):
        yield _name(child_text(child, "name") or child.text or "")


def _name(text: str) -> str | None:
    """Return the name beside an address, in whatever order: `a@b.az (Ann Lee)`, `Ann Lee (a@b.az)`, `Ann Lee <a@b.az>`.

    None if there is an address alone.
    """
    if "@" not in text:
        return text
    return _BRACKETS.sub(r"\1", _ADDRESS.sub(" ", text).strip()).strip(" \t\n,;:\"'") or None


def _category(item: etree._Element) -> str | None:
    for child in children(item, "category", "subject"):
        return child.get("label") or child.get("term") or child.text
    return None


def read_json_feed(outlet: Outlet, url: str, body: bytes) -> SeedDocument:
    """Read the items of a JSON Feed, in its order."""
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as wrong:
        return SeedDocument(problems=(f"no feed: JSON that cannot be read ({wrong})",), complete=False)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return SeedDocument(problems=("no feed: JSON without `items`",), complete=False)
    collector = Collector(outlet, url)
    for item in items:
        if collector.full():
            break
        if isinstance(item, dict):
            collector.link(_json_address(item), _json_hints(item, feed, collector))
        else:
            collector.problem("an item that is no object")
    return collector.document()


def _json_address(item: dict[str, Any]) -> str | None:
    for name in ("url", "external_url", "id"):
        value = item.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return None


def _json_name(author: Any) -> str | None:
    name = author.get("name") if isinstance(author, dict) else None
    return str(name) if name else None


def _json_hints(item: dict[str, Any], feed: dict[str, Any], collector: Collector) -> Hints:
    def text(name: str) -> str | None:
        value = item.get(name)
        return value if isinstance(value, str) else None

    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags")
    return Hints(
        title=one_line(text("title")),
        published=collector.published(text("date_published"), DateSource.FEED),
        modified=collector.modified(text("date_modified")),
        language=primary_language(
            text("language") or (feed.get("language") if isinstance(feed.get("language"), str) else None)
        ),
        authors=unique_names(
            str(author["name"]) for author in authors or [] if isinstance(author, dict) and author.get("name")
        ),
        section=one_line(str(tags[0])) if isinstance(tags, list) and tags else None,
    )

"""Read JSON-LD, also where it is broken, and find the object that describes the page's article."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from lxml.etree import _Element

Node: TypeAlias = dict[str, Any]

ARTICLE_TYPE = re.compile(
    r"Article|Report|BlogPosting|LiveBlog|Review$|Newsletter|AnalysisNews|OpinionNews|SocialMediaPosting"
)
PAGE_TYPE = re.compile(r"WebPage$|ItemPage$|VideoObject$|CreativeWork$|PodcastEpisode$|Recipe$")
LISTING_TYPE = re.compile(r"CollectionPage|SearchResultsPage|ItemList$|ProfilePage")
MAX_SCRIPT = 2_000_000  # characters; a 10 MB script takes 1.4 GB to load
MAX_DEPTH = 12
COMMENTS = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|"
    r"/\*\s*\]\]>\s*\*/|\]\]>)\s*+;?\s*+$"
)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
# A string value within broken JSON: ends at a quote that a comma, brace or line end follows.
LOOSE_STRING = r'"%s"\s*:\s*"((?:\\.|[^"\\])*)"'
LOOSE_KEYS = ("headline", "datePublished", "dateModified", "dateCreated", "inLanguage", "articleSection", "@type")
LOOSE_AUTHOR = re.compile(r'"author"\s*:\s*[\[{](?:(?!"author"\s*:\s*[\[{])[^\]}])*?"name"\s*:\s*"((?:\\.|[^"\\])*)"')


def read_nodes(scripts: Iterable[_Element]) -> list[Node]:
    """Return every object with a type in the JSON-LD among these scripts, in their order, references resolved."""
    roots: list[Any] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) <= MAX_SCRIPT:
            roots.extend(_load(script.text))
    nodes = [node for root in roots for node in _walk(root, 0)]
    _resolve(nodes)
    return nodes


def _load(text: str) -> list[Any]:
    bare = text.strip()
    if bare[:1] not in "{[" or bare[-1:] not in "}]":
        bare = COMMENTS.sub("", bare).strip()
    for mend in (str, _without_trailing_commas, html.unescape):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(mend(bare))
        except (ValueError, RecursionError):
            continue
        return [value]
    return _loosely(bare)


def _without_trailing_commas(text: str) -> str:
    return TRAILING_COMMA.sub(r"\1", text)


def _loosely(text: str) -> list[Any]:
    """Read single values out of JSON that is too broken to parse."""
    node: Node = {}
    for key in LOOSE_KEYS:
        if match := re.search(LOOSE_STRING % key, text):
            node[key] = _unescape(match.group(1))
    if match := LOOSE_AUTHOR.search(text):
        node["author"] = {"@type": "Person", "name": _unescape(match.group(1))}
    return [{"@type": "Article", **node}] if "headline" in node or "datePublished" in node else []


def _unescape(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text.replace('\\"', '"').replace("\\/", "/")


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "headline" in value:
            yield value
        for key, item in value.items():
            if isinstance(item, dict | list) and key not in ("author", "creator", "publisher", "comment", "review"):
                yield from _walk(item, depth + 1)


def _resolve(nodes: list[Node]) -> None:
    """Replace `{"@id": x}` in authors by the object of that id, wherever the page keeps it."""
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    for node in nodes:
        for key in ("author", "creator", "publisher"):
            items = node.get(key)
            many = items if isinstance(items, list) else [items]
            found = [
                known.get(item["@id"], item)
                if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str)
                else item
                for item in many
            ]
            if items is not None:
                node[key] = found


def types(node: Node) -> tuple[str, ...]:
    """Return the types of an object, without the vocabulary's address."""
    value = node.get("@type")
    many = value if isinstance(value, list) else [value]
    return tuple(str(item).rsplit("/", 1)[-1] for item in many if item)


def is_article(node: Node) -> bool:
    """Say whether the object declares itself an article."""
    return any(ARTICLE_TYPE.search(kind) for kind in types(node)) or ("headline" in node and "@type" not in node)


def is_listing(node: Node) -> bool:
    """Say whether the object declares the page a listing."""
    return any(LISTING_TYPE.search(kind) for kind in types(node))


def text_of(value: Any) -> str:
    """Return the plain text of a value that may be a string, a list or `{"@value": ...}`; empty for anything else."""
    if isinstance(value, list):
        value = next((item for item in value if item), "")
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("headline") or ""
    if not isinstance(value, str | int | float):
        return ""
    plain = html.unescape(str(value)) if "&" in str(value) else str(value)
    return " ".join(re.sub(r"<[^<>]{1,200}>", " ", plain).split()) if "<" in plain else " ".join(plain.split())


def main_node(nodes: list[Node], url: str, titles: list[str]) -> Node | None:
    """Return the object that describes this page's article.

    Among several the one of this address wins, then the one whose headline the page's own titles repeat, then the
    fullest of those that say when they were published.
    """
    articles = [node for node in nodes if is_article(node)]
    if not articles:
        articles = [node for node in nodes if any(PAGE_TYPE.search(kind) for kind in types(node))]
        articles = [node for node in articles if node.get("datePublished")]
    if len(articles) < 2:
        return articles[0] if articles else None
    folded = [_fold(title) for title in titles if title]

    def rank(node: Node) -> tuple[bool, bool, bool, int]:
        headline = _fold(text_of(node.get("headline") or node.get("name")))
        agrees = bool(headline) and any(headline in title or title in headline for title in folded)
        return (_is_of(node, url), agrees, bool(node.get("datePublished")), len([v for v in node.values() if v]))

    return max(articles, key=rank)


def _fold(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()


def _is_of(node: Node, url: str) -> bool:
    bare = _bare(url)
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and bare and _bare(value) == bare:
            return True
    return False


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?|[?#](?s:.*)$|/$", "", url.strip())

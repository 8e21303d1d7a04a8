"""What a front page says of its site: name, language, links, platform, and where its feeds are. A function of bytes."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from crawlers.discovery import announced_feeds, read_seed
from crawlers.extraction import in_utf8
from crawlers.outlet import Feed, Listing, Outlet
from crawlers.readers import ReadSeed
from storage.model import Link
from storage.urls import host_of

_HEAD = 500_000  # bytes in which a page's own marks are looked for
_LANGUAGE = re.compile(r"<html[^<>]{0,500}?\slang=[\"']?([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?\b", re.IGNORECASE)
_META = re.compile(r"<meta\s[^<>]{1,1000}>", re.IGNORECASE)
_LINK = re.compile(r"<link\s[^<>]{1,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w:-])([\w:-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,300})</title", re.IGNORECASE)
_GHOST_KEY = re.compile(r"data-key=[\"']([0-9a-f]{20,40})[\"']")
_GHOST_API = re.compile(r"data-api=[\"']([^\"']{1,300})[\"']")
_NO_NAMES = ("home", "homepage", "home page", "main", "main page", "news", "latest", "latest news", "index", "welcome")
_DIVIDERS = re.compile(r"\s(?<!\s\s)\s*+[|–—·»:-]+\s+")


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What is known from a front page. `links` are all of its links; `next_page` leads to older articles."""

    url: str
    name: str = ""
    language: str = ""
    region: str = ""  # of the language tag: "ge" of ka-GE
    generator: str = ""
    feeds: tuple[Feed, ...] = ()
    wordpress: str | None = None  # the address of its REST API
    ghost: str | None = None  # the address of its content API
    ghost_key: str | None = None
    links: tuple[Link, ...] = ()
    next_page: str | None = None


def read_front_page(
    outlet: Outlet, url: str, body: bytes, headers: Mapping[str, str], read_seed: ReadSeed = read_seed
) -> FrontPage:
    """Read a page of links. `outlet` takes any address for an article."""
    content_type = headers.get("content-type")
    listing = read_seed(Listing(kind="listing", url=url), outlet, url, body, headers)
    head = in_utf8(body[:_HEAD], content_type).decode("utf-8", "replace")
    metas = _metas(head)
    language = _LANGUAGE.search(head)
    key = _GHOST_KEY.search(head)
    api = _GHOST_API.search(head)
    return FrontPage(
        url,
        _name(metas, head, url),
        language[1].lower() if language else "",
        (language[2] or "").lower() if language else "",
        metas.get("generator", ""),
        tuple(announced_feeds(body, content_type, url)),
        _wordpress(head, headers, url),
        urljoin(api[1] if api else url, "/ghost/api/content/posts/") if key else None,
        key[1] if key else None,
        listing.links,
        listing.next_page,
    )


def _metas(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in _META.findall(head):
        attributes = _attributes(tag)
        name = attributes.get("property") or attributes.get("name") or ""
        found.setdefault(name.lower(), attributes.get("content", "").strip())
    return found


def _attributes(tag: str) -> dict[str, str]:
    return {
        name.lower(): html.unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(tag)
    }


def _name(metas: Mapping[str, str], head: str, url: str) -> str:
    """Return the site's name: the declared one, else the part of the title that is in its host, else the shortest."""
    if metas.get("og:site_name") or metas.get("application-name"):
        return " ".join((metas.get("og:site_name") or metas["application-name"]).split())[:100]
    title = _TITLE.search(head)
    parts = [part for part in _DIVIDERS.split(" ".join(html.unescape(title[1]).split())) if part] if title else []
    letters = [re.sub(r"[^a-z0-9]", "", part.lower()) for part in parts]
    in_host = [part for part, name in zip(parts, letters, strict=True) if len(name) > 2 and name in host_of(url)]
    proper = [part for part in parts if part.lower() not in _NO_NAMES]
    return next(iter(in_host), min(proper, key=len, default=""))[:100]


def _wordpress(head: str, headers: Mapping[str, str], url: str) -> str | None:
    """Return the address of the posts of WordPress's API, if the site names its API."""
    for tag in _LINK.findall(head):
        attributes = _attributes(tag)
        if attributes.get("rel") == "https://api.w.org/" and attributes.get("href"):
            return _posts(urljoin(url, attributes["href"]))
    header = re.search(r"<([^<>]+)>;\s*rel=\"?https://api\.w\.org/", headers.get("link", ""))
    return _posts(urljoin(url, header[1])) if header else None


def _posts(root: str) -> str | None:
    return f"{root.rstrip('/')}/wp/v2/posts" if root.rstrip("/").endswith("/wp-json") else None


def same_links(some: Sequence[Link], others: Sequence[Link]) -> bool:
    """Return True if two pages list the same addresses: the second is the first one again."""
    return {link.url for link in some} == {link.url for link in others}

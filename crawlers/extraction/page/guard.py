"""Refuse bytes before parsing: what is not HTML, and markup that stalls parsers."""

from __future__ import annotations

import re

from crawlers.extraction.result import Reason, Rejected

MAX_PAGE_BYTES = 16_000_000
# The largest honest page of the measured corpora holds 15,000 tags; trafilatura's time grows with the square of them:
# 100,000 <br> take it over a minute.
MAX_TAGS = 60_000
MAX_BREAKS = 20_000
# 40,000 attributes on one tag hold lxml's callers up for 40 s; an honest tag has under 100.
MAX_ATTRIBUTES = 1_000

MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "office document"),
    (b"{\\rtf", "rtf"),
    (b"\x00\x00\x00\x18ftyp", "video"),
    (b"\x00\x00\x00\x20ftyp", "video"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\x7fELF", "program"),
)
XML_ROOTS = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF|svg|opml|kml)[\s>]", re.IGNORECASE)
TAG = re.compile(rb"<[a-zA-Z/]")
BREAK = re.compile(rb"<br", re.IGNORECASE)
# Possessive throughout, so that it never backtracks: this check must not be slow itself.
MANY_ATTRIBUTES = re.compile(
    rb"<[a-zA-Z][\w:-]*+(?:[\s/]++[^\s=>/<]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?+){%d}" % MAX_ATTRIBUTES
)


def refuse_bytes(html: bytes, content_type: str | None, brackets: int | None = None) -> Rejected | None:
    """Say why these bytes cannot be a page, or None. Linear in the length of the page.

    `brackets`: the number of "<" in it, if they are counted already.
    """
    if not html or html.isspace():
        return Rejected(Reason.EMPTY, "no bytes")
    if len(html) > MAX_PAGE_BYTES:
        return Rejected(Reason.HOSTILE, f"size: {len(html)} bytes")
    return _not_html(html, content_type) or _stalling(html, brackets)


def _not_html(html: bytes, content_type: str | None) -> Rejected | None:
    start = html[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in MAGIC:
        if start.startswith(magic):
            return Rejected(Reason.NOT_HTML, kind)
    wide = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not wide and b"\x00" in start and html.count(b"\x00") > len(html) // 10 and not _looks_wide(html):
        return Rejected(Reason.NOT_HTML, "binary")
    if start[:1] in (b"{", b"["):
        return Rejected(Reason.NOT_HTML, "json")
    if XML_ROOTS.search(start) and b"<html" not in start.lower():
        return Rejected(Reason.NOT_HTML, "xml")
    if not wide and not _looks_wide(html) and not TAG.search(html):
        kind = (content_type or "").split(";")[0].strip() or "plain text"
        return Rejected(Reason.NOT_HTML, kind)
    return None


def _looks_wide(html: bytes) -> bool:
    """Say whether this is UTF-16 without a byte order mark: every other byte of Latin markup is NUL."""
    head = html[:200]
    return head[1::2].count(0) > len(head) // 3 or head[0::2].count(0) > len(head) // 3


def _stalling(html: bytes, brackets: int | None) -> Rejected | None:
    tags = html.count(b"<") if brackets is None else brackets
    breaks = len(BREAK.findall(html)) if tags > MAX_BREAKS else 0
    if breaks > MAX_BREAKS:
        return Rejected(Reason.HOSTILE, f"markup: {breaks} line breaks")
    tags = len(TAG.findall(html)) if tags > 2 * MAX_TAGS else 0
    if tags > 2 * MAX_TAGS:  # opening and closing ones
        return Rejected(Reason.HOSTILE, f"markup: {tags} tags")
    if MANY_ATTRIBUTES.search(html):
        return Rejected(Reason.HOSTILE, f"markup: a tag with over {MAX_ATTRIBUTES} attributes")
    return None

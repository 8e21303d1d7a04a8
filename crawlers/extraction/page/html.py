"""Decode and parse a page: find its charset by declaration and by statistics, and parse it once."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes
from lxml import etree
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Servers declare these without knowing; they decode anything, so a declaration of them proves nothing.
CARELESS = {"ascii", "latin-1", "iso8859-1", "cp1252"}
# libxml2 refuses these in a tree.
UNREADABLE = bytes([*range(9), 11, 12, *range(14, 32)])
NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")  # U+FFFE and U+FFFF
REPLACEMENT = "\ufffd".encode()  # for what no charset explains
BEGINS_SPECIAL = b"\xef"  # the first byte of all three: rare in a page, and a single byte is found much faster
# All other bytes say nothing of a page as a whole: one pass leaves those that are counted or looked for.
ORDINARY = bytes(set(range(256)) - {*UNREADABLE, *BEGINS_SPECIAL, *b"<"})
PIECE = 1 << 14  # bytes that are decoded at once to see whether they are UTF-8: what fits the processor's cache
# References to the same characters: libxml2 puts them into the tree, but lxml refuses a text that has them.
BAD_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])|x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]))(?:;|(?![0-9a-f]))",
    re.IGNORECASE,
)
SELF_CLOSED_ROOT = re.compile(rb"(<html(?:(?!<html|/>)[^>\s]|\s++(?!/>))*+)\s*+/>", re.IGNORECASE)
# libxml2 reads no further than a wrong slash in the doctype: https://bugs.launchpad.net/lxml/+bug/1955915
BAD_DOCTYPE = re.compile(rb"<\s?!\s?doctype(?>[^>]*/)[^<>]*+>", re.IGNORECASE)
HEAD = 4096  # bytes in which doctype and root begin


def in_utf8(html: bytes, content_type: str | None = None) -> bytes:
    """Return a page of whatever charset in UTF-8; what no charset explains becomes U+FFFD."""
    for mark, encoding in BOMS:
        if html.startswith(mark):
            return html.decode(encoding, "replace").encode("utf-8", "replace")
    if html[:200].count(b"\x00") > 60:
        wide = html.decode("utf-16-le" if html[1:2] == b"\x00" else "utf-16-be", "replace")
        return wide.encode("utf-8", "replace")
    return html if _is_utf8(html) else _decode_foreign(html, content_type).encode("utf-8", "replace")


def _is_utf8(html: bytes) -> bool:
    """Say whether bytes are UTF-8, piece by piece: only the pieces with other letters than ASCII take their time."""
    start = 0
    try:
        while start < len(html):
            end = start + PIECE
            start += codecs.utf_8_decode(html[start:end], "strict", end >= len(html))[1]
    except UnicodeDecodeError:
        return False
    return True


def _decode_foreign(html: bytes, content_type: str | None) -> str:
    nearly = html.decode("utf-8", "replace")
    high = sum(1 for char in nearly if char > "\x7f")
    if nearly.count("\ufffd") * 20 <= high:  # UTF-8 with a torn character or two
        return nearly
    declared = _declared(html, content_type)
    for encoding in declared:
        if encoding not in CARELESS and (text := _strictly(html, encoding)) is not None:
            return text
    sample = b" ".join(re.findall(rb"[^\x00-\x7f][^<>]{0,40}", html)[:600])
    best = from_bytes(sample if len(sample) > 200 else html).best()
    if best is not None and (text := _strictly(html, best.encoding)) is not None:
        return text
    for encoding in (*declared, "cp1252"):
        if (text := _strictly(html, encoding)) is not None:
            return text
    return nearly


def _declared(html: bytes, content_type: str | None) -> list[str]:
    """Return Python's names of the charsets that page and header declare, as browsers understand them."""
    names = (html_body_declared_encoding(html), http_content_type_encoding(content_type))
    return [name for name in names if name is not None and name != "utf-8"]


def _strictly(html: bytes, encoding: str) -> str | None:
    try:
        return html.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def rare_bytes(html: bytes) -> bytes:
    """Return what a page has of "<", of bytes that no tree can hold, and of those that begin special characters."""
    return html.translate(None, ORDINARY)


def count_unreadable(source: bytes, rare: bytes | None = None) -> int:
    """Count the characters of a page in UTF-8 that no charset explained. `rare`: its `rare_bytes`, if known."""
    return source.count(REPLACEMENT) if BEGINS_SPECIAL in (source if rare is None else rare) else 0


def parse(source: bytes, rare: bytes | None = None) -> etree._Element | None:
    """Return the root of a page in UTF-8, or None where there is no markup at all. `rare`: its `rare_bytes`, if known.

    Plain elements, not those of lxml.html: its class lookup calls Python for every element that is touched.
    """
    rare = rare_bytes(source) if rare is None else rare
    head = source[:HEAD]
    if b"/>" in head:
        head = SELF_CLOSED_ROOT.sub(rb"\1>", head, count=1)
    head = BAD_DOCTYPE.sub(b"", head, count=1)
    if head != source[:HEAD]:
        source = head + source[HEAD:]
    if rare.translate(None, b"<" + BEGINS_SPECIAL):
        source = source.translate(None, UNREADABLE)
    if BEGINS_SPECIAL in rare:
        source = NONCHARACTERS.sub(b"", source)
    source = BAD_REFERENCE.sub(b"", source)  # to look for its two first bytes beforehand takes longer than this
    # huge_tree: without it everything below depth 256 is lost
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True, no_network=True,
    )  # fmt: skip
    try:
        root: etree._Element | None = etree.fromstring(source, parser)
    except (etree.ParserError, etree.XMLSyntaxError) as failure:
        if "memory" in str(failure).lower():
            raise MemoryError(str(failure)) from failure
        return None
    return root

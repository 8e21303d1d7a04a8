"""Parse feeds and sitemaps that may be malformed, cut off, or hostile."""

from __future__ import annotations

import html.entities
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from storage.content_encoding import GZIP, gunzip

from .xml_entries import entry_pieces

COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
TAIL = 4_096  # bytes at the end of a document, in which its last tag is looked for

BROKEN = (etree.XMLSyntaxError, ValueError, LookupError)
ZIPPED_AGAIN = 2  # a .gz file that the server has compressed once more
MAX_BYTES = 50_000_000  # uncompressed: the sitemap protocol's limit
_CDATA_OR_AMPERSAND = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#\d{1,9};|#[xX][0-9a-fA-F]{1,8};|(\w{1,31});)?", re.DOTALL
)
WIDE = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_XML_ENTITIES = (b"amp", b"lt", b"gt", b"quot", b"apos")
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_BEGINNING = re.compile(rb"<\?xml\s|<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HEAD = 65_536  # bytes that may stand before a document
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A parsed document: its root, its faults, and whether it ends with the end tag of its root."""

    root: etree._Element
    problems: tuple[str, ...]
    complete: bool
    body: bytes

    def entries(self, *names: str) -> list[etree._Element]:
        """Return all elements of these names, without the last one if it is cut off."""
        elements = [
            element for element in self.root.iter() if local(element) in names and not _only_holds(element, names)
        ]
        if self.problems:
            pieces = list(entry_pieces(self.body, names))
            if len(pieces) > len(elements):  # the parser stopped at a stray tag, or a comment that never ends
                return [element for piece in pieces if (element := parse_piece(piece)) is not None]
        if self.complete or not elements:
            return elements
        tags = list(re.finditer(rb"<(/?)(?:[\w.-]+:)?(?:%b)[\s>]" % "|".join(names).encode(), self.body, re.IGNORECASE))
        return elements if tags and tags[-1][1] else elements[:-1]


def _only_holds(element: etree._Element, names: tuple[str, ...]) -> bool:
    """Return True for an entry that has nothing of its own but other entries."""
    return len(element) > 0 and all(local(child) in names for child in element)


def parse_piece(piece: bytes) -> etree._Element | None:
    """Return the element that a piece of a document begins with; None if there is none."""
    try:
        element = etree.fromstring(repaired(piece), _parser(recover=True))
    except BROKEN:
        return None
    return element if element is not None and isinstance(element.tag, str) else None


def unzipped(body: bytes) -> tuple[bytes, str | None]:
    """Return the body, decompressed if it is gzip (.xml.gz), and its fault if it has one."""
    if not body.startswith(GZIP):
        return body, f"larger than {MAX_BYTES} bytes" if len(body) > MAX_BYTES else None
    ended = True
    for _ in range(ZIPPED_AGAIN):
        if not body.startswith(GZIP):
            break
        try:
            unzipped = gunzip(body, MAX_BYTES)
        except zlib.error as broken:
            return b"", f"damaged gzip: {broken}"
        body, ended = unzipped.body, ended and unzipped.ended
        if len(body) > MAX_BYTES:
            return b"", f"larger than {MAX_BYTES} bytes after decompression"
    return body, None if ended else "the gzip file is cut off"


def parse(body: bytes) -> XmlDocument | str:
    """Return the document, or a few words about why it cannot be parsed."""
    body = from_first_tag(body)
    if not body.strip():
        return "empty"
    root, problems = _root(body), []
    if root is None:
        problems.append("malformed XML, read as far as it goes")
        root = _recovered(body)
    elif body.count(b"<![CDATA[") != body.count(b"]]>"):
        problems.append("a CDATA section without its end")
    if root is None or not isinstance(root.tag, str):
        return "not XML"
    complete = _ends_with(body, root)
    if not complete:
        problems.append("cut off before its end")
    return XmlDocument(root, tuple(problems), complete, body)


def from_first_tag(body: bytes) -> bytes:
    """Drop a byte order mark and anything printed before the first tag; convert UTF-16 to UTF-8."""
    for mark, encoding in WIDE:
        if body.startswith(mark):
            body = _DECLARATION.sub(b"", body.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8", "replace"))
    start = _beginning(body)
    return body[start:] if start >= 0 else b""


def _beginning(body: bytes) -> int:
    """Return where the document begins: warnings of PHP before it are HTML. -1 for a text without tags."""
    for found in _BEGINNING.finditer(body, 0, _HEAD):
        before = body[: found.start()]
        if before.count(b"<!--") <= before.count(b"-->"):
            return found.start()
    return body.find(b"<")


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _root(body: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(body, _parser(recover=False))
    except BROKEN:
        return None


def repaired(body: bytes) -> bytes:
    """Repair references and characters that XML does not allow, so that a recovering parser loses nothing by them."""
    return _NOT_XML.sub(b" ", _CDATA_OR_AMPERSAND.sub(_repaired, body))


def _recovered(body: bytes) -> etree._Element | None:
    body = repaired(body)
    try:
        root = etree.fromstring(body, _parser(recover=True))
    except BROKEN:
        root = None
    if root is None:  # an encoding that does not exist, or is not the body's
        plain = _DECLARATION.sub(b"", body).decode("utf-8", "replace").encode()
        try:
            root = etree.fromstring(plain, _parser(recover=True))
        except (etree.XMLSyntaxError, ValueError):
            return None
    return root


def _repaired(reference: re.Match[bytes]) -> bytes:
    """Replace a bare ampersand, and entities of HTML that XML does not have, by valid XML."""
    whole, name = reference[0], reference[1]
    if whole == b"&":
        return b"&amp;"
    if name is None:
        return whole if whole.startswith(b"<") or _exists(whole) else b" "
    if name in _XML_ENTITIES:
        return whole
    code = html.entities.name2codepoint.get(name.decode("ascii", "replace"))
    return f"&#{code};".encode() if code else b"&amp;" + whole[1:]


def _exists(reference: bytes) -> bool:
    """Return False for a reference to a character that XML does not allow: NUL, surrogates, beyond Unicode."""
    digits = reference[2:-1]
    code = int(digits[1:], 16) if digits[:1] in (b"x", b"X") else int(digits)
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def end_of(body: bytes) -> bytes:
    """Return the last bytes of a document in lower case, without comments, and without spaces behind the last tag."""
    closed, mark, rest = body[-TAIL:].lower().rpartition(b"-->")
    return (COMMENT.sub(b"", closed + mark) + rest).rstrip(b"\0 \t\r\n")


def has_end_tag(body: bytes, name: bytes) -> bool:
    """Return True if a document ends with the end tag of its root. Text may follow, as servers add that fail late."""
    tail = end_of(body)
    ends = list(re.finditer(rb"</(?:[\w.-]+:)?" + re.escape(name) + rb"\s*>", tail))
    return bool(ends) and (tail.endswith(b">") or b"<" not in tail[ends[-1].end() :])


def _ends_with(body: bytes, root: etree._Element) -> bool:
    return has_end_tag(body, local(root).encode()) or (len(root) == 0 and end_of(body).endswith(b"/>"))


def local(element: etree._Element) -> str:
    """Return an element's name without namespace and prefix, in lower case; empty for comments and the like.

    Not by QName, which raises for undeclared prefixes (`content:encoded`) in recovered trees.
    """
    tag = element.tag
    return _local_name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def whole_text(element: etree._Element) -> str:
    """Return all text within an element, without tags."""
    return "".join(map(str, element.itertext())).strip()


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return the children of these names, those of the element's own vocabulary first: <title> before <media:title>."""
    found = [child for child in element if local(child) in names]
    if len(found) > 1:
        own = _vocabulary(element)
        found.sort(key=lambda child: _vocabulary(child) != own)
    return found


def child_text(element: etree._Element, *names: str) -> str | None:
    """Return the text of the first child that has text, trying the names in order."""
    for name in names:
        for child in children(element, name):
            if text := whole_text(child):
                return text
    return None


def _vocabulary(element: etree._Element) -> str:
    """Return the namespace of an element, or the prefix that nothing declares; both are empty for plain RSS."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else tag.rpartition(":")[0]

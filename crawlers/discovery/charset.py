"""The encoding of feeds and sitemaps: what the answer's header says, what the document declares, what the bytes are."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from .xml import WIDE

_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,200}\?>")
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})")
_IN_HEADER = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 65_536  # bytes within which a document declares its encoding
_STEP = 1_000_000  # bytes decoded at a time: the text of a sitemap of 50 MB would take 150 MB
# What pages of a language are written in where nothing is said and the bytes are not UTF-8.
_LEGACY = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "tg", "ab", "os"), "windows-1251"),
    **dict.fromkeys(("az", "tr"), "windows-1254"),
    **dict.fromkeys(("fa", "ar"), "windows-1256"),
    "el": "windows-1253", "he": "windows-1255",
}  # fmt: skip


def in_utf8(body: bytes, content_type: str | None, languages: Sequence[str]) -> bytes:
    """Return a document in UTF-8 without its declaration; itself if it is in UTF-8, or nothing better is known.

    Bytes that are UTF-8 are taken for that, whatever is said of them. Else the header counts before the declaration
    (RFC 7303), if the bytes can be read so.
    """
    if body.startswith(tuple(mark for mark, _ in WIDE)):  # converted by `from_first_tag`
        return body
    header, declared = _codec(_in_header(content_type)), _codec(_declared(body))
    if _is_utf8(body):
        return _DECLARATION.sub(b"", body, count=1) if declared not in (None, "utf-8") else body
    for name in (header, declared):
        if name not in (None, "utf-8") and (text := _decoded(body, str(name))) is not None:
            return _DECLARATION.sub(b"", text.encode(), count=1)
    if header or declared not in (None, "utf-8") or not _is_legacy(body):
        return body
    legacy = _LEGACY.get(languages[0] if languages else "", "windows-1252")
    return _DECLARATION.sub(b"", body.decode(legacy, "replace").encode(), count=1)


def _in_header(content_type: str | None) -> str | None:
    found = _IN_HEADER.search(content_type or "")
    return found[1] if found else None


def _declared(body: bytes) -> str | None:
    found = _DECLARED.search(body, 0, _HEAD)
    return found[1].decode("ascii", "replace") if found else None


def _codec(name: str | None) -> str | None:
    """Return the codec's own name; None for one that does not exist or is no encoding of text."""
    try:
        info = codecs.lookup(name) if name else None
    except (LookupError, ValueError):
        return None
    return info.name if info is not None and info._is_text_encoding else None


def _is_utf8(body: bytes) -> bool:
    """Return True if the bytes are UTF-8. Holds no text of the whole document."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    whole = memoryview(body)
    try:
        for at in range(0, len(body), _STEP):
            decoder.decode(whole[at : at + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (ValueError, LookupError):
        return None


def _is_legacy(body: bytes) -> bool:
    """Return True if the bytes are rather one byte a letter than UTF-8 with a few damaged characters."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return 2 * damaged > sum(1 for character in text if character > "\x7f")

"""Whether an answer names an address: the whole of it, and not only the beginning or the end of another one."""

from __future__ import annotations

import re

_BEFORE = 300  # bytes of the answer that are looked at before a path; a host has at most 253
_AFTER = 24  # bytes after it: a few signs and an escaped letter
_ESCAPE = re.compile(r"\\(?:(/)|u([0-9a-fA-F]{4})|[bfnrt])")  # of JSON; the last ones are white space
_DELIMITER = re.compile(r"[^\w./:@%~+-]")  # what stands before an address
# The same page by other addresses, as `storage.urls` has them: its AMP form, and the index of a folder. A full stop or
# a comma may end the sentence that the address stands in.
_AMP = "/amp"
_CONTINUES = re.compile(r"(?![/.]amp\b|/(?:index|default)\.(?:html?|php|aspx?)\b)/?[.,:~+@%-]{0,3}\w", re.IGNORECASE)


def names_address(body: bytes, tail: bytes) -> bool:
    r"""Return True if a body in JSON, XML or HTML names the address with this tail, on any host or relative to one.

    `tail`: path and query in UTF-8, as the body may write them (`/news/1`, `\/news\/1`). `/news/1` is not named by
    `/news/12`, `/news/1/photos` or `/en/news/1`; but by `/news/1/`, `/news/1?page=2` and `/news/1#top`.
    """
    at = body.find(tail)
    while at >= 0:
        end = at + len(tail)
        if not _continues(body[end : end + _AFTER]) and _begins_path(body[max(0, at - _BEFORE) : at], tail):
            return True
        at = body.find(tail, at + 1)
    return False


def _begins_path(before: bytes, tail: bytes) -> bool:
    """Return True if a host or nothing of an address stands before the path."""
    lead = _DELIMITER.split(_plain(before))[-1]
    lead = lead.removesuffix("/" if tail.startswith(b"?") else _AMP)
    host = lead.rpartition("//")[2].rstrip("/")
    return "/" not in host and ("//" in lead or "." in host or not host[-1:].isalnum())


def _continues(after: bytes) -> bool:
    return bool(_CONTINUES.match(_plain(after)))


def _plain(text: bytes) -> str:
    """Return a part of a body as text: decoded from UTF-8, with the escape sequences of JSON resolved."""
    return _ESCAPE.sub(_unescaped, text.decode("utf-8", "replace"))


def _unescaped(found: re.Match[str]) -> str:
    return found[1] or (chr(int(found[2], 16)) if found[2] else " ")

"""What a server sent, as the rest of Pressrun may trust it: here, and only here, its values are cleaned and limited.

The rules are those of RFC 9110: a status has three digits, a header's name is a token, and control characters in its
value are spaces. Scrapy has made addresses ASCII already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from storage.frontier import Rejected
from storage.instants import steady_now

from .errors import BadStatusError, HeadersTooLargeError

if TYPE_CHECKING:
    from scrapy.http import Response

    from crawlers.rights import SiteRights

RIGHTS = "pressrun_rights"  # request meta of a page: what its site says on its use, when that is known
MAX_URL = 2083  # what browsers and Scrapy take; a longer address is a trap or a mistake
MAX_HEADERS = 256 * 1024  # bytes of names and values, as browsers have it
MAX_VALIDATOR = 1024  # characters of an ETag or a Last-Modified that is sent back
_MARKS = "!#$%&'*+^`|"  # of names: RFC 9110 5.6.2, beside letters, digits and -._~, which `quote` leaves alone
_SPACES = bytes.maketrans(bytes([*range(9), *range(10, 32), 127]), b" " * 32)  # all control characters but the tab

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Answer:
    """A complete answer. `body` is decoded; `raw_headers` and `raw_body` are for the archive, as sent but for cleaning.

    A validator that cannot be sent back as it came is None.
    """

    url: str  # the final address
    hops: tuple[str, ...]  # the addresses that redirected, in order
    status: int  # three digits
    headers: dict[str, str]  # lower-case names; of repeated ones the first
    etag: str | None
    last_modified: str | None
    body: bytes
    raw_headers: Headers
    raw_body: bytes
    ip: str | None
    partial: bool  # HTTP/1.0 without a length: the end of the body is only assumed
    fetched_at: datetime
    site_rights: SiteRights | None = None  # what its site says on its use; only of pages


def check_status(status: int) -> None:
    """BadStatusError if it has not three digits: Twisted takes any number, negative ones and huge ones too."""
    if not 100 <= status <= 999:
        raise BadStatusError(f"a status of {len(str(status))} characters: {str(status)[:40]}")


def clean_headers(pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers as they came, except for what no message can hold; HeadersTooLargeError beyond MAX_HEADERS.

    A name that is no token is percent-encoded (Twisted lets none pass today); control characters in values are spaces.
    """
    cleaned = [(_name(name), value.translate(_SPACES).strip(b" \t")) for name, value in pairs if name]
    size = sum(len(name) + len(value) for name, value in cleaned)
    if size > MAX_HEADERS:
        raise HeadersTooLargeError(f"{size} bytes of headers")
    return cleaned


def _name(name: bytes) -> bytes:
    return quote(name, safe=_MARKS).encode("ascii")


def answer_of(response: Response) -> Answer | Rejected:
    """The answer of a response whose headers and body as sent are in its request's `meta["raw"]`."""
    request = response.request
    assert request is not None
    hops = tuple(request.meta.get("redirect_urls", ()))
    longest = max(map(len, (*hops, response.url)))
    if longest > MAX_URL:
        return Rejected("url_too_long", f"redirected to {longest} characters")
    raw_headers, raw_body = request.meta["raw"]
    return Answer(
        url=response.url,
        hops=hops,
        status=response.status,
        # Backwards, so that of repeated headers the first one stays.
        headers={name.decode("ascii").lower(): value.decode("latin-1") for name, value in reversed(raw_headers)},
        etag=_validator(response, "ETag"),
        last_modified=_validator(response, "Last-Modified"),
        body=response.body,
        raw_headers=raw_headers,
        raw_body=raw_body,
        ip=str(response.ip_address) if response.ip_address else None,
        partial="partial" in response.flags,
        fetched_at=steady_now(),
        site_rights=request.meta.get(RIGHTS),
    )


def _validator(response: Response, name: str) -> str | None:
    sent = response.headers.get(name)
    if not sent or len(sent) > MAX_VALIDATOR or sent != sent.translate(_SPACES):
        return None
    return str(sent.decode("latin-1"))

"""HTTP that goes wrong: status codes, headers, framing, codings, redirects."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import brotli

from tests.chaos.table import HTML, STORED, add, framed, raw, to, whole
from tests.fault_pages import article, page

if TYPE_CHECKING:
    from tests.chaos.table import Answer
    from tests.faults import Talk


def behind(head: bytes, answer: Answer) -> Answer:
    """Return an answer that another head, an informational one, comes before."""

    def send(talk: Talk) -> None:
        talk.send(head + b"\r\n\r\n")
        answer(talk)

    return send


# Status codes. What a server may say for a while is tried again; what it says about the page is believed.
for code in (400, 402, 405, 406, 409, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428, 431):
    add(f"status-{code}", whole(page(str(code), "<p>No.</p>"), status=code), "rejected", f"http_{code}")
for code in (408, 425, 501, 503, 504, 505, 507, 508, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530, 599):
    add(f"status-{code}", whole(page(str(code), "<p>Later.</p>"), status=code), "failed", f"http_{code}")
for code in (204, 205):
    add(f"status-{code}", raw(b"HTTP/1.1 %d Said" % code, b"Connection: close", body=b""), "failed", "empty_body")
for code in (201, 202, 203, 207, 226):
    add(f"status-{code}", whole(article(f"chaos {code}"), status=code), *STORED)
add("status-304", whole(b"", status=304), "failed", "not_modified")  # nothing was asked for by an ETag
for code in (300, 305, 306):
    add(f"status-{code}", whole(b"", status=code), "rejected", f"http_{code}")
for code in (600, 700, 999):
    add(f"status-{code}", whole(article(f"chaos {code}"), status=code), "failed", f"http_{code}")

# Headers and framing
_LONG = b"x" * 60_000
for name, lines in {
    "header-folded": (b"X-Folded: one", b"\ttwo"),
    "header-without-colon": (b"no colon here",),
    "header-repeated-type": (b"Content-Type: application/json",),
    "header-many": tuple(b"X-H%d: v" % n for n in range(400)),
    "header-cookies": tuple(b"Set-Cookie: c%d=1; Path=/" % n for n in range(100)),
    "header-escape": (b"X-Title: \x1b[31mred\x07",),
    "header-refresh": (b"Refresh: 0; url=http://127.0.0.2/",),
    "header-attachment": (b"Content-Disposition: attachment; filename=../../etc/passwd",),
    "header-robots-odd": (b"X-Robots-Tag: \xff\xfe: noindex, , :, unavailable_after: never",),
    "header-date-far": (b"Date: Fri, 31 Dec 9999 23:59:59 GMT", b"Last-Modified: Thu, 01 Jan 0001 00:00:00 GMT"),
    "header-etag-many": (b'ETag: "a"', b'ETag: "b"'),
    "header-link-private": (b"Link: <http://169.254.169.254/>; rel=canonical",),
    "header-length-twice-same": (b"Content-Length: %d" % len(article("chaos header-length-twice-same")),),
    "header-encoding-empty": (b"Content-Encoding:",),
    "header-encoding-identity": (b"Content-Encoding: identity",),
    "header-encoding-none": (b"Content-Encoding: none",),
    "header-encoding-utf8": (b"Content-Encoding: UTF-8",),
    "header-content-type-odd": (b"X: y",),
}.items():
    add(name, framed(name, *lines), *STORED)
# Twisted takes these for no HTTP at all; a later try may meet a better server.
for name, line in {"header-empty-name": b": value", "header-te-identity": b"Transfer-Encoding: identity"}.items():
    add(name, framed(name, line), "failed", "connection_lost")
for name, status in {
    "line-no-reason": b"HTTP/1.1 200",
    "line-odd-reason": b"HTTP/1.1 200 " + "Hər şey yaxşıdır".encode(),
    "line-http10": b"HTTP/1.0 200 OK",
    "line-long-reason": b"HTTP/1.1 200 " + b"fine " * 500,
}.items():
    add(name, framed(name, status=status), *STORED)
add("line-http2", framed("line-http2", status=b"HTTP/2 200 OK"), "failed", "connection_lost")
add("line-garbage", raw(b"SSH-2.0-OpenSSH_9.2", body=b""), "failed", "connection_lost")
add("line-missing", raw(HTML, body=article("chaos no line")), "failed", "connection_lost")
add(
    "framing-bare-newlines",
    raw(b"HTTP/1.1 200 OK", HTML, b"Connection: close", body=article("chaos newlines"), end=b"\n"),
    *STORED,
)
for name, head in {
    "framing-continue": b"HTTP/1.1 100 Continue",
    "framing-early-hints": b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload",
}.items():
    add(name, behind(head, framed(name)), *STORED)
add(
    "framing-lengths-differ",
    framed("framing-lengths-differ", b"Content-Length: 100"),
    "failed",
    "connection_lost",
)
for name, length in {"negative": b"-5", "plus": b"+4", "hex": b"0x1f4", "words": b"12 apples", "empty": b""}.items():
    add(
        f"framing-length-{name}",
        raw(b"HTTP/1.1 200 OK", HTML, b"Content-Length: " + length, body=article(f"chaos length {name}")),
        "failed",
        "connection_lost",
    )
add(
    "framing-header-of-60-kB",
    framed("framing-header-of-60-kB", b"X-Long: " + _LONG),
    "failed",
    "connection_lost",
)
add("framing-only-headers", raw(b"HTTP/1.1 200 OK", HTML, b"Connection: close", body=b""), "failed", "empty_body")


def _chunked(talk: Talk, *parts: bytes) -> None:
    talk.send(b"\r\n".join((b"HTTP/1.1 200 OK", HTML, b"Transfer-Encoding: chunked", b"Connection: close", b"", b"")))
    talk.send(b"".join(parts))


def _chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


_WHOLE = {name: article(f"chaos {name}") for name in ("extension", "trailer", "tiny", "upper", "no-last")}
add(
    "chunks-extension",
    lambda talk: _chunked(talk, _chunk(_WHOLE["extension"], b";name=value"), b"0\r\n\r\n"),
    *STORED,
)
add(
    "chunks-trailer",
    lambda talk: _chunked(talk, _chunk(_WHOLE["trailer"]), b"0\r\nX-Sum: 1\r\n\r\n"),
    *STORED,
)
add(
    "chunks-of-one-byte",
    lambda talk: _chunked(talk, *(_chunk(bytes([byte])) for byte in _WHOLE["tiny"]), b"0\r\n\r\n"),
    *STORED,
)
add("chunks-without-last", lambda talk: _chunked(talk, _chunk(_WHOLE["no-last"])), "failed", "truncated")
add("chunks-negative", lambda talk: _chunked(talk, b"-5\r\nhello\r\n0\r\n\r\n"), "failed", "truncated")
add("chunks-huge-length", lambda talk: _chunked(talk, b"f" * 40 + b"\r\nhello"), "failed", "truncated")

# Content codings
_GZIP = gzip.compress(article("chaos coding"), mtime=0)


def _coded(name: str, body: bytes, coding: str, state: str, reason: str | None = None) -> None:
    add(f"coding-{name}", whole(body, f"Content-Encoding: {coding}"), state, reason)


_coded("x-gzip", gzip.compress(article("chaos x-gzip"), mtime=0), "x-gzip", *STORED)
_coded("upper-case", gzip.compress(article("chaos upper gzip"), mtime=0), "GZIP", *STORED)
_coded("two", brotli.compress(gzip.compress(article("chaos two"), mtime=0)), "gzip, br", *STORED)
_coded("two-with-identity", gzip.compress(article("chaos with identity"), mtime=0), "gzip, identity", *STORED)
_coded("gzip-called-br", gzip.compress(article("chaos called br"), mtime=0), "br", *STORED)
_coded("deflate-called-gzip", zlib.compress(article("chaos called gzip")), "gzip", *STORED)
_coded(
    "garbage-behind", gzip.compress(article("chaos behind"), mtime=0) + b"\r\n<!-- served in 3 ms -->", "gzip", *STORED
)
_coded("flipped-bit", _GZIP[:300] + bytes([_GZIP[300] ^ 8]) + _GZIP[301:], "gzip", "failed", "damaged")
_coded("wrong-sum", _GZIP[:-8] + b"\0\0\0\0" + _GZIP[-4:], "gzip", "failed", "damaged")
_coded("head-only", _GZIP[:10], "gzip", "failed", "truncated")
_coded("ten-times", _GZIP, ", ".join(["gzip"] * 10), "rejected", "bad_content_encoding")
_coded("empty", b"", "gzip", "failed", "empty_body")

# Redirects. A private address is out of reach however it is written.
for name, place in {
    "zero": "http://0.0.0.0:PORT/ok/p",
    "zero-short": "http://0:PORT/ok/p",
    "hex": "http://0x7f.1:PORT/ok/p",
    "octal": "http://0177.0.0.1:PORT/ok/p",
    "ipv6": "http://[::1]:PORT/ok/p",
    "ipv6-any": "http://[::]:PORT/ok/p",
    "link-local": "http://[fe80::1]/ok/p",
    "unique-local": "http://[fc00::1]/ok/p",
    "nat64": "http://[64:ff9b::7f00:1]/ok/p",
    "6to4": "http://[2002:7f00:1::]/ok/p",
    "ten": "http://10.0.0.5/ok/p",
    "multicast": "http://224.0.0.1/ok/p",
    "carrier": "http://100.64.0.1/ok/p",
    "credentials": "http://user:secret@127.0.0.2:PORT/ok/p",
    "wide-digits": "http://１２７.0.0.2:PORT/ok/p",
    "dots-of-another-kind": "http://127。0。0。2:PORT/ok/p",
}.items():
    add(f"to-{name}", to(place), "rejected", "blocked_address")
for name, place in {
    "relative": "../ok/9101",
    "path": "/ok/9102",
    "same-scheme": "//127.0.0.1:PORT/ok/9103",
    "upper-scheme": "HTTP://127.0.0.1:PORT/ok/9104",
    "fragment": "/ok/9105#top",
    "dots": "/a/b/../../ok/9106",
    "blank-around": "  /ok/9107  ",
    "query": "/ok/9108?a=b c",
    "words": "/ok/şəhər-9109",
}.items():
    add(f"to-{name}", to(place), *STORED)
for code in (301, 303, 307, 308):
    add(f"to-by-{code}", to(f"/ok/92{code}", code), *STORED)
for name, place in {
    "javascript": "javascript:alert(1)",
    "mail": "mailto:editor@example.org",
    "bracket": "http://[broken/ok/1",
    "port-of-letters": "http://127.0.0.1:http/ok/1",
    "port-too-high": "http://127.0.0.1:99999/ok/1",
}.items():
    add(f"to-{name}", to(place), "rejected", "blocked_scheme")
for name, place in {"data": "data:text/html,<p>hello", "view-source": "view-source:http://127.0.0.1/"}.items():
    add(f"to-{name}", to(place), "rejected", "http_302")
for name, place in {"empty": "", "slashes": "//"}.items():  # the page itself
    add(f"to-{name}", to(place), "rejected", "redirect_loop")

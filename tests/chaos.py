"""What else goes wrong on the web: a table of answers of the faulty site at /chaos/NAME, and how each page must end.

The catalogue: status codes, headers and framing, codings, redirects, character sets, markup, fields, and pages that
are something else. `END` maps a name to the state and the reason of its page; a reason of None is an article. A name
that ends in a number has an article of its own.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import brotli

from tests.fault_pages import LISTING, article, page

if TYPE_CHECKING:
    from tests.faults import Talk

Answer = Callable[["Talk"], None]
STORED = ("stored", None)
HTML = b"Content-Type: text/html; charset=utf-8"

ANSWERS: dict[str, Answer] = {}
END: dict[str, tuple[str, str | None]] = {}


def _add(name: str, answer: Answer, state: str, reason: str | None = None) -> None:
    assert name not in ANSWERS, name
    ANSWERS[name], END[name] = answer, (state, reason)


def _raw(*lines: bytes, body: bytes, end: bytes = b"\r\n") -> Answer:
    """An answer of exactly these lines and this body."""
    return lambda talk: talk.send(end.join((*lines, b"", body)))


def _framed(name: str, *lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> Answer:
    """An article with these header lines, and the length that belongs to it."""
    body = article(f"chaos {name}")
    return _raw(status, HTML, b"Content-Length: %d" % len(body), b"Connection: close", *lines, body=body)


def _body(body: bytes, *lines: str, kind: str = "text/html; charset=utf-8", status: int = 200) -> Answer:
    return lambda talk: talk.reply(status, body, lines, kind=kind)


def _to(location: str, status: int = 302) -> Answer:
    def answer(talk: Talk) -> None:
        where = location.replace("PORT", str(talk.site.port))
        talk.send(
            b"HTTP/1.1 %d Found\r\nLocation: " % status
            + where.encode("utf-8")
            + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )

    return answer


def _with(name: str, *changes: tuple[str, str]) -> bytes:
    """The article of a name with changes to its markup."""
    text = article(f"chaos {name}").decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode("utf-8", "surrogatepass")


# Status codes. What a server may say for a while is tried again; what it says about the page is believed.
for code in (400, 402, 405, 406, 409, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428, 431):
    _add(f"status-{code}", _body(page(str(code), "<p>No.</p>"), status=code), "rejected", f"http_{code}")
for code in (408, 425, 501, 503, 504, 505, 507, 508, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530, 599):
    _add(f"status-{code}", _body(page(str(code), "<p>Later.</p>"), status=code), "failed", f"http_{code}")
for code in (204, 205):
    _add(f"status-{code}", _raw(b"HTTP/1.1 %d Said" % code, b"Connection: close", body=b""), "failed", "empty_body")
for code in (201, 202, 203, 207, 226):
    _add(f"status-{code}", _body(article(f"chaos {code}"), status=code), *STORED)
_add("status-304", _body(b"", status=304), "failed", "not_modified")  # nothing was asked for by an ETag
for code in (300, 305, 306):
    _add(f"status-{code}", _body(b"", status=code), "rejected", f"http_{code}")
for code in (600, 700, 999):
    _add(f"status-{code}", _body(article(f"chaos {code}"), status=code), "failed", f"http_{code}")

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
    _add(name, _framed(name, *lines), *STORED)
# Twisted takes these for no HTTP at all; a later try may meet a better server.
for name, line in {"header-empty-name": b": value", "header-te-identity": b"Transfer-Encoding: identity"}.items():
    _add(name, _framed(name, line), "failed", "connection_lost")
for name, status in {
    "line-no-reason": b"HTTP/1.1 200",
    "line-odd-reason": b"HTTP/1.1 200 " + "Hər şey yaxşıdır".encode(),
    "line-http10": b"HTTP/1.0 200 OK",
    "line-long-reason": b"HTTP/1.1 200 " + b"fine " * 500,
}.items():
    _add(name, _framed(name, status=status), *STORED)
_add("line-http2", _framed("line-http2", status=b"HTTP/2 200 OK"), "failed", "connection_lost")
_add("line-garbage", _raw(b"SSH-2.0-OpenSSH_9.2", body=b""), "failed", "connection_lost")
_add("line-missing", _raw(HTML, body=article("chaos no line")), "failed", "connection_lost")
_add(
    "framing-bare-newlines",
    _raw(b"HTTP/1.1 200 OK", HTML, b"Connection: close", body=article("chaos newlines"), end=b"\n"),
    *STORED,
)
_add(
    "framing-continue",
    lambda talk: (
        talk.send(b"HTTP/1.1 100 Continue\r\n\r\n"),
        _framed("framing-continue")(talk),
    )[1],
    *STORED,
)
_add(
    "framing-early-hints",
    lambda talk: (
        talk.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"),
        _framed("framing-early-hints")(talk),
    )[1],
    *STORED,
)
_add(
    "framing-lengths-differ",
    _framed("framing-lengths-differ", b"Content-Length: 100"),
    "failed",
    "connection_lost",
)
for name, length in {"negative": b"-5", "plus": b"+4", "hex": b"0x1f4", "words": b"12 apples", "empty": b""}.items():
    _add(
        f"framing-length-{name}",
        _raw(b"HTTP/1.1 200 OK", HTML, b"Content-Length: " + length, body=article(f"chaos length {name}")),
        "failed",
        "connection_lost",
    )
_add(
    "framing-header-of-60-kB",
    _framed("framing-header-of-60-kB", b"X-Long: " + _LONG),
    "failed",
    "connection_lost",
)
_add("framing-only-headers", _raw(b"HTTP/1.1 200 OK", HTML, b"Connection: close", body=b""), "failed", "empty_body")


def _chunked(talk: Talk, *parts: bytes) -> None:
    talk.send(b"\r\n".join((b"HTTP/1.1 200 OK", HTML, b"Transfer-Encoding: chunked", b"Connection: close", b"", b"")))
    talk.send(b"".join(parts))


def _chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


_WHOLE = {name: article(f"chaos {name}") for name in ("extension", "trailer", "tiny", "upper", "no-last")}
_add(
    "chunks-extension",
    lambda talk: _chunked(talk, _chunk(_WHOLE["extension"], b";name=value"), b"0\r\n\r\n"),
    *STORED,
)
_add(
    "chunks-trailer",
    lambda talk: _chunked(talk, _chunk(_WHOLE["trailer"]), b"0\r\nX-Sum: 1\r\n\r\n"),
    *STORED,
)
_add(
    "chunks-of-one-byte",
    lambda talk: _chunked(talk, *(_chunk(bytes([byte])) for byte in _WHOLE["tiny"]), b"0\r\n\r\n"),
    *STORED,
)
_add("chunks-without-last", lambda talk: _chunked(talk, _chunk(_WHOLE["no-last"])), "failed", "truncated")
_add("chunks-negative", lambda talk: _chunked(talk, b"-5\r\nhello\r\n0\r\n\r\n"), "failed", "truncated")
_add("chunks-huge-length", lambda talk: _chunked(talk, b"f" * 40 + b"\r\nhello"), "failed", "truncated")

# Content codings
_GZIP = gzip.compress(article("chaos coding"), mtime=0)


def _coded(name: str, body: bytes, coding: str, state: str, reason: str | None = None) -> None:
    _add(f"coding-{name}", _body(body, f"Content-Encoding: {coding}"), state, reason)


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
    _add(f"to-{name}", _to(place), "rejected", "blocked_address")
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
    _add(f"to-{name}", _to(place), *STORED)
for code in (301, 303, 307, 308):
    _add(f"to-by-{code}", _to(f"/ok/92{code}", code), *STORED)
for name, place in {
    "javascript": "javascript:alert(1)",
    "mail": "mailto:editor@example.org",
    "bracket": "http://[broken/ok/1",
    "port-of-letters": "http://127.0.0.1:http/ok/1",
    "port-too-high": "http://127.0.0.1:99999/ok/1",
}.items():
    _add(f"to-{name}", _to(place), "rejected", "blocked_scheme")
for name, place in {"data": "data:text/html,<p>hello", "view-source": "view-source:http://127.0.0.1/"}.items():
    _add(f"to-{name}", _to(place), "rejected", "http_302")
for name, place in {"empty": "", "slashes": "//"}.items():  # the page itself
    _add(f"to-{name}", _to(place), "rejected", "redirect_loop")

# Character sets
_RUSSIAN = "<p>" + "Городской совет обсудил ремонт моста через реку и новые правила движения. " * 8 + "</p></article>"


def _in_charset(
    name: str, codec: str, header: str, meta: str, state: str = "stored", reason: str | None = None
) -> None:
    text = _with(name, ("</article>", _RUSSIAN), ('<meta charset="utf-8">', meta)).decode()
    _add(f"charset-{name}", _body(text.encode(codec, "replace"), kind=header), state, reason)


_in_charset("utf-16-mark", "utf-16", "text/html", "")
_in_charset("utf-16-header", "utf-16-le", "text/html; charset=utf-16le", "")
_in_charset("windows-header", "cp1251", "text/html; charset=windows-1251", "")
_in_charset("windows-meta", "cp1251", "text/html", '<meta charset="windows-1251">')
_in_charset("koi8", "koi8-r", "text/html; charset=KOI8-R", "")
_in_charset("meta-lies", "utf-8", "text/html; charset=utf-8", '<meta charset="windows-1251">')
_in_charset("unknown", "utf-8", "text/html; charset=klingon", "")
_in_charset("quoted", "utf-8", 'text/html; charset="UTF-8"', "")
_in_charset("twice", "utf-8", "text/html; charset=utf-8; charset=latin-1", "")
_in_charset("mark-utf-8", "utf-8-sig", "text/html", "")

# Markup
for name, changes in {
    "no-html-tag": (('<html lang="en">', ""), ("<body>", ""), ("</body></html>", "")),
    "xhtml": (
        ("<!doctype html>", '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'),
    ),
    "entity-bomb": (
        ("<!doctype html>", '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'),
        ("</h1>", " &b;</h1>"),
    ),
    "open-comment-behind": (("</article>", "</article><!-- never closed"),),
    "references": (("</h1>", " &#xD800; &#x110000; &#0; &#27;[31m</h1>"),),
    "right-to-left": (("</h1>", " \u202egnp.exe\u202c\u2066</h1>"),),
    "base-script": (("<head>", '<head><base href="javascript:alert(1)">'),),
    "base-private": (("<head>", '<head><base href="http://169.254.169.254/">'),),
    "canonical-private": (("<head>", '<head><link rel="canonical" href="http://169.254.169.254/a">'),),
    "canonical-script": (("<head>", '<head><link rel="canonical" href="javascript:alert(1)">'),),
    "canonical-broken": (("<head>", '<head><link rel="canonical" href="http://[x">'),),
    "refresh-private": (("<head>", '<head><meta http-equiv="refresh" content="0;url=http://169.254.169.254/">'),),
    "amp": (('<html lang="en">', '<html amp lang="en">'),),
    "svg": (("</h1>", "</h1><svg><foreignObject><p>" + "drawn " * 50 + "</p></foreignObject></svg>"),),
    "template": (("</h1>", "</h1><template><p>" + "not shown " * 50 + "</p></template>"),),
    "frames": (("</h1>", "</h1>" + '<iframe src="http://169.254.169.254/"></iframe>' * 200),),
    "script-of-1-MB": (("</head>", f"<script>var a = '{'x' * 1_000_000}'</script></head>"),),
    "image-of-1-MB": (("</h1>", f'</h1><img src="data:image/png;base64,{"A" * 1_000_000}">'),),
    "attribute-of-1-MB": (("<main>", f'<main data-state="{"{" * 1_000_000}">'),),
    "links-5000": (
        ("</article>", "</article><ul>" + "".join(f'<li><a href="/q/{n}">{n}</a>' for n in range(5000)) + "</ul>"),
    ),
    "lists-500-deep": (("</article>", "</article>" + "<ul><li>" * 500),),
    "tables-300-deep": (("</article>", "</article>" + "<table><tr><td>" * 300),),
    "fonts-2000": (("</article>", "</article>" + "<font><b><i>" * 2000),),
    "json-ld-broken": (("</head>", '<script type="application/ld+json">{"@type": "NewsArticle", </script></head>'),),
    "json-ld-deep": (("</head>", f'<script type="application/ld+json">{"[" * 20_000}</script></head>'),),
    "json-ld-odd-types": (
        (
            "</head>",
            '<script type="application/ld+json">{"@type": ["NewsArticle", 7, null], "headline": {"a": [1]}, '
            '"author": [null, 7, {"name": {"x": 1}}, [["deep"]]], "datePublished": NaN, "articleBody": 42}</script></head>',
        ),
    ),
    "json-ld-1-MB": (
        (
            "</head>",
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "keywords": "{"word, " * 150_000}"}}</script></head>',
        ),
    ),
    "title-of-100-kB": ((" | Faulty</title>", " " + "long " * 20_000 + "</title>"),),
    "title-empty": (("<title>", "<title></title><title>"),),
    "authors-500": (("</h1>", "</h1>" + "".join(f'<a rel="author" href="#">Ali Aliyev {n}</a>' for n in range(500))),),
    "author-formula": (("</h1>", '</h1><span class="author">=HYPERLINK("http://x")</span>'),),
    "date-offset": (("09:30:00+04:00", "09:30:00+99:99"),),
    "date-offset-24": (("09:30:00+04:00", "09:30:00+24:00"),),
    "date-february-30": (("2025-03-04T09:30:00+04:00", "2025-02-30T09:30:00+04:00"),),
    "date-year-0": (("2025-03-04T", "0000-03-04T"),),
    "date-year-9999": (("2025-03-04T", "9999-03-04T"),),
    "date-epoch": (("2025-03-04T09:30:00+04:00", "0"),),
    "date-digits": (("2025-03-04T09:30:00+04:00", "9" * 400),),
    "date-words": (("2025-03-04T09:30:00+04:00", "yesterday, if at all"),),
    "image-private": (("</head>", '<meta property="og:image" content="http://169.254.169.254/i.png"></head>'),),
    "language-odd": (('<html lang="en">', '<html lang="zz-!!">'),),
    "nul-50": (("</h1>", "</h1>" + "\x00" * 50),),
    "word-of-1-MB": (("</h1>", f"</h1><p>{'a' * 1_000_000}</p>"),),
    "soft-hyphens": (("The town", "The\u00adto\u200bwn"),),
}.items():
    _add(f"markup-{name}", _body(_with(name, *changes)), *STORED)
_add("markup-plaintext-before", _body(_with("plaintext", ("<body>", "<body><plaintext>"))), *STORED)
_add("markup-open-script", _body(_with("script", ("<body>", "<body><script>"))), "rejected", "too_short")
_add("markup-open-comment-before", _body(_with("comment", ("<body>", "<body><!-- "))), "rejected", "too_short")
_add("markup-divs-100000", _body(_with("divs", ("<main>", "<div>" * 100_000))), "rejected", "hostile")
_add("markup-lists-20000-deep", _body(_with("lists", ("<main>", "<ul><li>" * 20_000))), "rejected", "hostile")
_add("markup-paragraphs-100000", _body(_with("ps", ("</h1>", "</h1>" + "<p>" * 100_000))), *STORED)

# Pages that are something else
_PROSE = "".join(
    f"<p>We use what you tell us to improve the service, number {n}, as our partners and we have agreed upon.</p>"
    for n in range(40)
)


def _other(name: str, title: str, body: str, reason: str, state: str = "rejected", status: int = 200) -> None:
    _add(f"other-{name}", _body(page(title, body), status=status), state, reason)


_other("human", "Verify", "<h1>Verify you are human</h1><p>Complete the security check to continue.</p>", "challenge")
_other(
    "captcha",
    "Attention required",
    '<h1>One more step</h1><div class="g-recaptcha"></div><p>Are you a robot?</p>',
    "challenge",
)
_other(
    "index-of",
    "Index of /news",
    '<h1>Index of /news</h1><pre><a href="../">../</a>\n<a href="a">a</a></pre>',
    "too_short",
)
_other("login", "Log in", '<h1>Log in</h1><form><input type="password"><button>Log in</button></form>', "too_short")
_other("consent-long", "Your privacy", f"<h1>We value your privacy</h1>{_PROSE}<button>Accept all</button>", "consent")
_other("maintenance", "Maintenance", "<h1>We will be back soon</h1><p>The site is being maintained.</p>", "too_short")
_other("database", "Error", "<h1>Error establishing a database connection</h1>", "too_short")
_other("empty-article", "A title", "<article><h1>A title</h1></article>", "too_short")
_other("listing", "News", f"<h1>News</h1><ul>{LISTING}</ul>", "not_article")
_other("framed", "News", '<frameset><frame src="/a"></frameset>', "too_short")
_ROWS = "\n".join(f'<a href="file-{n}.pdf">file-{n}.pdf</a>  2025-03-04 09:30  {n} kB' for n in range(300))
_LINKS = "".join(f'<li><a href="/ok/{n}">Matter {n} before the council of the town</a></li>' for n in range(40))
_other("index-of-long", "Index of /news", f"<h1>Index of /news</h1><pre>{_ROWS}</pre>", "not_article")
_other(
    "human-long",
    "Just a moment...",
    f'<h1>Verify you are human</h1><form class="cf-turnstile"></form>{_PROSE}',
    "challenge",
)
_other(
    "soft-404-long",
    "Page not found",
    f"<h1>404: page not found</h1><p>The page you are looking for could not be found.</p>{_PROSE}<ul>{_LINKS}</ul>",
    "soft_404",
)
_other(
    "login-long",
    "Sign in to read on",
    f'<h1>Sign in to read on</h1><form><input type="password" name="p"><button>Sign in</button></form>{_PROSE}',
    "not_article",
)
_other(
    "parked",
    "news.example is for sale",
    f"<h1>The domain news.example is for sale</h1><p>Buy this domain today.</p>{_PROSE}<ul>{_LINKS}</ul>",
    "soft_404",
)
for name, body, kind in (
    (
        "feed",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>',
        "application/rss+xml",
    ),
    ("sitemap", b'<?xml version="1.0"?><urlset></urlset>', "application/xml"),
    ("script", b"function news() { return 1 }", "application/javascript"),
    ("style", b"body { color: red }", "text/css"),
    ("zip", b"PK\x03\x04" + bytes(200), "application/zip"),
    ("film", b"\x00\x00\x00\x18ftypmp42" + bytes(200), "video/mp4"),
    ("zip-as-html", b"PK\x03\x04" + bytes(range(256)) * 4, "text/html"),
    ("image-as-html", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4, "text/html"),
    (
        "feed-as-html",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>',
        "text/html",
    ),
    ("json-as-html", b'{"title": "News", "items": [1, 2, 3]}', "text/html"),
    ("text", b"Just words. " * 100, "text/plain"),
):
    _add(f"other-{name}", _body(body, kind=kind), "rejected", "not_html")
_add("other-nul-as-html", _body(bytes(5000)), "rejected", "empty")
_add("other-html-as-text", _body(article("chaos html as text"), kind="text/plain"), *STORED)
_add("other-html-without-kind", _raw(b"HTTP/1.1 200 OK", b"Connection: close", body=article("chaos no kind")), *STORED)
_add("other-html-as-xhtml", _body(article("chaos as xhtml"), kind="application/xhtml+xml; charset=utf-8"), *STORED)
_add("other-html-as-octets", _body(article("chaos octets"), kind="application/octet-stream"), *STORED)
_add("other-escaped", _body(escape(article("chaos escaped").decode()).encode()), "rejected", "not_html")


def answer(talk: Talk, name: str) -> None:
    """Answer /chaos/NAME."""
    ANSWERS[name](talk)

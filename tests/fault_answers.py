"""How the fault-injecting site answers each path; the table is in tests/faults.py."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests import chaos
from tests.fault_heads import HEADS, LINES, say
from tests.fault_pages import CHALLENGE, LISTING, SCRIPT, article, bomb, encode, page, sitemap
from tests.long_articles import long_article

if TYPE_CHECKING:
    from tests.faults import Talk

DRIP = 0.05  # seconds between two bytes


def answer(talk: Talk) -> None:
    """Answer by the longest part of the path that has an answer; the rest of it are arguments."""
    parts = urlsplit(talk.path).path.strip("/").split("/")
    for end in range(len(parts), 0, -1):
        if found := _ANSWERS.get("/".join(parts[:end])):
            return found(talk, *parts[end:])
    if talk.path == "/":
        return talk.reply(200, page("Faulty", '<ul><li><a href="/ok/1">One</a></li></ul>'))
    return talk.reply(404, page("Not found", "<p>Nothing here.</p>"))


def _validated(talk: Talk, body: bytes, kind: str = "text/html; charset=utf-8") -> None:
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    same = talk.headers.get("if-none-match") == etag
    talk.reply(304 if same else 200, b"" if same else body, [f"ETag: {etag}"], kind=kind)


def _ok(talk: Talk, number: str = "0") -> None:
    _validated(talk, article(number))


def _status(talk: Talk, code: str) -> None:
    talk.reply(int(code), page(code, f"<p>Status {code}.</p>"))


def _flaky(talk: Talk, failures: str, number: str = "0") -> None:
    _status(talk, "503") if talk.nth <= int(failures) else _ok(talk, number)


def _retry_seconds(talk: Talk, seconds: str, number: str = "0") -> None:
    talk.reply(429, b"slow down", [f"Retry-After: {seconds}"]) if talk.nth == 1 else _ok(talk, number)


def _retry_date(talk: Talk, seconds: str, number: str = "0") -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=float(seconds)), usegmt=True)
    talk.reply(503, b"later", [f"Retry-After: {when}"]) if talk.nth == 1 else _ok(talk, number)


def _to(target: str, status: int = 302) -> Callable[..., None]:
    return lambda talk, *_: talk.reply(status, headers=[f"Location: {target.replace('PORT', str(talk.site.port))}"])


def _hops(talk: Talk, count: str, done: str = "0") -> None:
    last = int(done) + 1 >= int(count)
    _to(f"/ok/{count}" if last else f"/redirect/hops/{count}/{int(done) + 1}", 301)(talk)


def _cookie_wall(talk: Talk) -> None:
    if "seen=1" in talk.headers.get("cookie", ""):
        return _ok(talk, "cookie")
    return talk.reply(302, headers=[f"Location: {talk.path}", "Set-Cookie: seen=1; Path=/"])


def _drip(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
    while not talk.wait(DRIP):
        talk.send(b"<")


def _drip_headers(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not talk.wait(DRIP):
        talk.send(b"a")


def _silent(talk: Talk, *_: str) -> None:
    while not talk.wait(1):
        pass


def _endless(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><body>")
    while not talk.site.closing.is_set():
        talk.send(b"<p>and so on</p>" * 4096)


def _endless_headers(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while not talk.wait(0.01):
        talk.send(b"X-More: of the same\r\n" * 100)


def _with_length(length: str, body: bytes | None = None) -> Callable[..., None]:
    def say(talk: Talk) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close"
        talk.send(head.encode() + b"\r\n\r\n")
        talk.send(body or article("length"))

    return say


def _coding(name: str) -> str:
    return {"members": "gzip", "empty-members": "gzip", "raw-deflate": "deflate", "nested": "gzip, gzip"}.get(
        name, name
    )


def _send_bomb(talk: Talk, coding: str) -> None:
    talk.reply(200, bomb(coding), [f"Content-Encoding: {_coding(coding)}"])


def _cut(talk: Talk, coding: str) -> None:
    whole = encode(article("cut"), coding)
    talk.reply(200, whole[: len(whole) * 2 // 3], [f"Content-Encoding: {_coding(coding)}"])


def _coded(talk: Talk, coding: str, number: str = "0") -> None:
    talk.reply(200, encode(article(number), coding), [f"Content-Encoding: {_coding(coding)}"])


def _reset_body(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html>")
    talk.wait(0.1)
    talk.reset()


def _chunks(talk: Talk, body: bytes, *, end: bytes) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
    for start in range(0, len(body), 700):
        part = body[start : start + 700]
        talk.send(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    talk.send(end)


def _http10(talk: Talk, body: bytes) -> None:
    talk.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body)


def _robots(talk: Talk) -> None:
    name, _, value = talk.site.robots.partition(":")
    _ROBOTS[name](talk, value)


def _rules(*lines: str) -> Callable[..., None]:
    return lambda talk, *_: talk.reply(200, "\n".join(("User-agent: *", *lines, "")).encode(), kind="text/plain")


def _announced(talk: Talk) -> None:
    _validated(talk, sitemap([talk.site.url(path) for path in talk.site.announced]), "application/xml")


def _feed(talk: Talk) -> None:
    items = "".join(
        f"<item><title>{escape(path)}</title><link>{escape(talk.site.url(path))}</link></item>"
        for path in talk.site.announced
    )
    _validated(
        talk,
        f'<rss version="2.0"><channel><title>Faulty</title>{items}</channel></rss>'.encode(),
        "application/rss+xml",
    )


def _seed(talk: Talk, kind: str) -> None:
    urls = [talk.site.url(path) for path in talk.site.announced]
    match kind:
        case "truncated":
            whole = sitemap(urls)
            body = whole[: whole.rindex(b"<loc>") + 20]
        case "xxe":
            body = sitemap(urls).replace(
                b"?><urlset", b'?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset'
            )
            body = body.replace(b"</urlset>", b"<url><loc>http://127.0.0.1/&x;</loc></url></urlset>")
        case "laughs":
            entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
            doctype = f'?><!DOCTYPE urlset [<!ENTITY l0 "ha">{entities}]><urlset'.encode()
            body = sitemap([*urls, "LAUGH"]).replace(b"?><urlset", doctype).replace(b"LAUGH", b"&l11;")
        case "html":
            body = page("Sitemap", "<p>We moved.</p>")
        case "cycle":
            body = sitemap(
                [talk.site.url("/seed/cycle"), *(talk.site.url(f"/seed/cycle?{talk.nth}.{n}") for n in range(2))],
                "",
                "sitemapindex",
                "sitemap",
            )
        case "stamped":
            body = sitemap(urls, datetime.now(UTC).isoformat())
        case "bad-entries":
            bad = [
                "javascript:alert(1)",
                "file:///etc/passwd",
                "/ok/relative",
                f"http://127.0.0.2:{talk.site.port}/ok/private",
                "http://[broken",
            ]
            body = sitemap([*bad, *urls])
        case "bomb":
            body = bomb("gzip")
        case "long":
            body = sitemap([*urls, *(talk.site.url(f"/seed/no-article/{n}") for n in range(45_000))])
        case "etag" | "modified" | "equals":
            return say(talk, b"200 OK", [LINES[kind], b"Content-Type: application/xml"], sitemap(urls))
        case _:
            return _status(talk, "404")
    return talk.reply(200, body, kind="application/xml")


def _wall(status: int, title: str, body: str) -> Callable[..., None]:
    return lambda talk, *_: talk.reply(status, page(title, body))


_ROBOTS: dict[str, Callable[..., None]] = {
    "allow": _rules("Disallow:"),
    "disallow": _rules("Disallow: /"),
    "private": _rules("Disallow: /private/"),
    "crawl-delay": lambda talk, value: _rules("Disallow:", f"Crawl-delay: {value}")(talk),
    "request-rate": lambda talk, value: _rules("Disallow:", f"Request-rate: {value}")(talk),
    "status": _status,
    "silent": _silent,
    "reset": lambda talk, _: talk.reset(),
    "loop": _to("/robots.txt"),
    "redirect": _to("/robots-elsewhere"),
    "html": lambda talk, _: talk.reply(200, page("Home", "<p>Welcome.</p>")),
    "huge": lambda talk, _: talk.reply(
        200, b"User-agent: *\n" + b"# a comment\n" * 90_000 + b"Disallow: /\n", kind="text/plain"
    ),
    "bom": lambda talk, _: talk.reply(200, b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /private/\r\n", kind="text/plain"),
}

_ANSWERS: dict[str, Callable[..., None]] = {
    **HEADS,
    "robots.txt": _robots,
    "robots-elsewhere": _rules("Disallow: /private/"),
    "sitemap.xml": _announced,
    "feed.xml": _feed,
    "seed": _seed,
    "chaos": chaos.answer,
    "ok": _ok,
    "private": _ok,
    "long": lambda talk, number, *copy: _validated(talk, long_article(number, copied=bool(copy))),
    "status": _status,
    "flaky": _flaky,
    "retry-after/seconds": _retry_seconds,
    "retry-after/date": _retry_date,
    "retry-after/absurd": lambda talk: talk.reply(503, b"later", ["Retry-After: 1000000000000"]),
    "retry-after/garbage": lambda talk: talk.reply(503, b"later", ["Retry-After: soon"]),
    "redirect/ok": lambda talk, number: _to(f"/ok/{number}", 301)(talk),
    "redirect/hops": _hops,
    "redirect/self": _to("/redirect/self", 301),
    "redirect/loop/a": _to("/redirect/loop/b"),
    "redirect/loop/b": _to("/redirect/loop/a"),
    "redirect/grow": lambda talk, step: _to(f"/redirect/grow/{int(step) + 1}")(talk),
    "redirect/cookie": _cookie_wall,
    "redirect/home": _to("/"),
    "redirect/private": _to("http://127.0.0.2:PORT/ok/private"),
    "redirect/decimal": _to("http://2130706434:PORT/ok/private"),
    "redirect/short": _to("http://127.2:PORT/ok/private"),
    "redirect/mapped": _to("http://[::ffff:127.0.0.2]:PORT/ok/private"),
    "redirect/metadata": _to("http://169.254.169.254/latest/meta-data/"),
    "redirect/name": _to("http://localhost:PORT/ok/private"),
    "redirect/port": _to("http://127.0.0.1:9/ok/other-service"),
    "redirect/gone-host": _to("http://no-such-host.invalid/1"),
    "redirect/file": _to("file:///etc/passwd"),
    "redirect/ftp": _to("ftp://127.0.0.1/ok"),
    "redirect/nowhere": lambda talk: talk.reply(302),
    "drip": _drip,
    "drip/headers": _drip_headers,
    "silent": _silent,
    "endless": _endless,
    "endless/headers": _endless_headers,
    "length/huge": _with_length("1000000000000"),
    "length/long": _with_length("50000"),
    "length/short": _with_length("400"),
    "length/bad": _with_length("many"),
    "bomb": _send_bomb,
    "cut": _cut,
    "coded": _coded,
    "lie/gzip": lambda talk: talk.reply(200, article("lie gzip"), ["Content-Encoding: gzip"]),
    "lie/br": lambda talk: talk.reply(200, article("lie br"), ["Content-Encoding: br"]),
    "lie/plain": lambda talk: talk.reply(200, encode(article("lie plain"), "gzip")),
    "lie/unknown": lambda talk: talk.reply(200, article("lie unknown"), ["Content-Encoding: rot13"]),
    "reset/before": lambda talk: talk.reset(),
    "reset/body": _reset_body,
    "close/before": lambda talk: None,
    "chunked/ok": lambda talk, number="0": _chunks(talk, article(number), end=b"0\r\n\r\n"),
    "chunked/cut": lambda talk: _chunks(talk, article("chunks")[:1400], end=b"2bc\r\nhalf a chunk"),
    "chunked/bad": lambda talk: _chunks(talk, article("chunks")[:700], end=b"zz\r\nno length\r\n"),
    "http10/ok": lambda talk, number="0": _http10(talk, article(number)),
    "http10/bare": lambda talk, number="0": _http10(talk, article(number).replace(b"</body></html>", b"")),
    "http10/cut": lambda talk: _http10(talk, article("http10")[:900]),
    "http09": lambda talk: talk.send(article("http09")),
    "bad-status": lambda talk: talk.send(b"HTTP/1.1 fine OK\r\nContent-Length: 2\r\n\r\nok"),
    "empty": lambda talk: talk.reply(200),
    "blank": lambda talk: talk.reply(200, b" \r\n\r\n "),
    "pdf": lambda talk: talk.reply(
        200, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", kind="application/pdf"
    ),
    "pdf-as-html": lambda talk: talk.reply(200, b"%PDF-1.4\n" + bytes(range(256)) * 8),
    "json": lambda talk: talk.reply(200, b'{"articles": []}', kind="application/json"),
    "image": lambda talk: talk.reply(200, b"\x89PNG\r\n\x1a\n" + bytes(64), kind="image/png"),
    "charset/wrong": lambda talk: talk.reply(
        200,
        article("charset").replace(b"The town", "Şəhər".encode()).replace(b"utf-8", b"iso-8859-1"),
        kind="text/html; charset=iso-8859-1",
    ),
    "charset/nul": lambda talk: talk.reply(200, article("nul").replace(b"was opened", b"was\x00 \x07opened")),
    "wall/challenge": _wall(200, *CHALLENGE),
    "wall/challenge-403": _wall(403, *CHALLENGE),
    "wall/mitigated": lambda talk, *_: talk.reply(200, article("mitigated"), ["cf-mitigated: challenge"]),
    "wall/consent": _wall(
        200,
        "Before you continue",
        "<h1>We value your privacy</h1><p>We and our partners use cookies.</p><button>Accept all</button>",
    ),
    "wall/soft-404": _wall(
        200, "Page not found", "<h1>404</h1><p>The page you are looking for could not be found.</p>"
    ),
    "wall/script": _wall(200, *SCRIPT),
    "wall/short": _wall(200, "Brief", "<article><h1>Brief</h1><p>Soon more.</p></article>"),
    "wall/listing": _wall(200, "All matters", f"<ul>{LISTING}</ul>"),
    "hostile/attributes": lambda talk: talk.reply(
        200, article("many").replace(b"<main>", b"<main " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">")
    ),
    "hostile/breaks": lambda talk: talk.reply(
        200, article("breaks").replace(b"</h1>", b"</h1><p>" + b"<br>" * 100_000)
    ),
    "hostile/depth": lambda talk: talk.reply(200, article("deep").replace(b"<main>", b"<div>" * 100_000)),
}

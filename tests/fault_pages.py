"""The documents of the fault-injecting site: articles, walls, sitemaps, and bodies in every content coding."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import zlib
from functools import cache
from html import escape
from typing import Any

import brotli

BOMB = 64_000_000  # bytes after decoding: far over every limit, small enough to make
EMPTY_MEMBERS = 90_000  # of 20 bytes each
_WORDS = (
    "harbour", "council", "bridge", "railway", "orchard", "valley", "museum", "teacher",
    "engine", "festival", "bakery", "ferry", "library", "garden", "winter", "signal",
)  # fmt: skip

LISTING = "".join(
    f'<li><a href="/ok/{n}">Matter {n} before the council of the town</a> <time>4 March 2025</time></li>'
    for n in range(30)
)
CHALLENGE = (
    "Just a moment...",
    "<h1>Checking your browser before you continue</h1><p>Please enable JavaScript and cookies.</p>"
    '<div id="cf-challenge"></div>',
)

SCRIPT = (
    "Faulty",
    '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>'
    '<script src="/app.js"></script>',
)


def article(number: int | str) -> bytes:
    """A page with an article of its own for each number, of about 150 words."""
    return article_page(number, "".join(f"<p>{_paragraph(f'{number} {part}')}</p>" for part in range(6)))


def article_page(number: int | str, paragraphs: str) -> bytes:
    """A page with an article of these paragraphs; its title is of its number."""
    title = f"The town reports matter {number}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Faulty</title>'
        f'<meta property="og:title" content="{title}">'
        '<meta property="article:published_time" content="2025-03-04T09:30:00+04:00"></head>'
        f"<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
    ).encode()


def _paragraph(seed: str) -> str:
    digits = hashlib.sha256(seed.encode()).digest()
    chosen = [_WORDS[byte % len(_WORDS)] for byte in digits[:9]]
    return (
        f"On matter {seed} the {chosen[0]} near the {chosen[1]} was opened again, and the {chosen[2]} group said that "
        f"the {chosen[3]}, the {chosen[4]} and the {chosen[5]} would follow before the {chosen[6]} season brings "
        f"the {chosen[7]} {chosen[8]} back."
    )


def page(title: str, body: str) -> bytes:
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f'<!doctype html><html lang="en">{head}<body>{body}</body></html>'.encode()


@cache
def bomb(coding: str) -> bytes:
    plain = b"<p>" + b"0" * BOMB
    return encode(gzip.compress(plain) if coding == "nested" else plain, "gzip" if coding == "nested" else coding)


def encode(body: bytes, coding: str) -> bytes:
    """The body in a content coding, by the names of the table."""
    match coding:
        case "gzip":
            return gzip.compress(body, mtime=0)
        case "members":
            half = len(body) // 2
            return gzip.compress(body[:half], mtime=0) + gzip.compress(body[half:], mtime=0)
        case "empty-members":
            return gzip.compress(b"", mtime=0) * EMPTY_MEMBERS + gzip.compress(body, mtime=0)
        case "deflate":
            return zlib.compress(body)
        case "raw-deflate":
            packer = zlib.compressobj(wbits=-15)
            return packer.compress(body) + packer.flush()
        case "br":
            return bytes(brotli.compress(body, quality=5))
        case "zstd":
            zstd: Any = importlib.import_module("backports.zstd")
            return bytes(zstd.compress(body))
    raise ValueError(coding)


def sitemap(locations: list[str], lastmod: str = "", root: str = "urlset", entry: str = "url") -> bytes:
    rows = "".join(
        f"<{entry}><loc>{escape(url)}</loc>{lastmod and f'<lastmod>{lastmod}</lastmod>'}</{entry}>" for url in locations
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{root}>'.encode()

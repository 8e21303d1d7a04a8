"""Sites for the end-to-end benchmark, made of given pages: outlets of one layout each, or one of all layouts."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import lxml.html

WORDS = 8  # a text node of as many words is prose, whose words are put into another order
DECLARED = "//link[@rel='canonical'] | //meta[@property='og:url'] | //meta[@name='twitter:url']"


@dataclass(frozen=True, slots=True)
class SiteOutlet:
    """An outlet: its id, its address on loopback, its pages."""

    name: str
    host: str
    pages: Sequence[bytes]


def one_layout_each(files: Sequence[Path], outlets: int, pages: int) -> list[SiteOutlet]:
    """Return outlets whose pages are one given page each, with the words of its prose in another order each time."""
    chosen = [files[number * len(files) // outlets] for number in range(outlets)]
    return [
        SiteOutlet(f"layout_{number}", f"127.1.1.{1 + number}", [_variant(html, n) for n in range(pages)])
        for number, html in enumerate(map(_read, chosen))
    ]


def all_layouts(files: Sequence[Path]) -> list[SiteOutlet]:
    """Return one outlet that holds all given pages as they are."""
    return [SiteOutlet("mixed", "127.1.2.1", [_read(file) for file in files])]


def _read(file: Path) -> bytes:
    data = file.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def _variant(html: bytes, number: int) -> bytes:
    """Return the page as another article: other prose and title, no address of its own, the same elements."""
    chance = random.Random(number)
    tree = lxml.html.document_fromstring(html)
    for element in tree.xpath(DECLARED):
        element.drop_tree()
    for element in tree.iter("title", "h1"):
        element.text = f"{(element.text or '').strip()} {number}"
    for element in tree.xpath("//meta[@property='og:title']"):
        element.set("content", f"{element.get('content', '')} {number}")
    for element in tree.xpath("//body//*[not(self::script or self::style)]"):
        element.text = _shuffled(element.text, chance)
        element.tail = _shuffled(element.tail, chance)
    return bytes(lxml.html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _shuffled(text: str | None, chance: random.Random) -> str | None:
    """Return the words of prose in another order. What has no full stop, such as a headline, gets none."""
    if not text or len(words := text.split()) < WORDS:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    end = "." if words[-1][-1] in ".!?" else ""
    chance.shuffle(words)
    return before + re.sub(r"[.!?]", "", " ".join(words)).capitalize() + end + after


def write_site(outlets: Sequence[SiteOutlet], folder: Path, port: int) -> list[str]:
    """Write FOLDER/HOST/... as a web server serves it. Return the addresses of the sitemaps."""
    sitemaps = []
    for outlet in outlets:
        origin, place = f"http://{outlet.host}:{port}", folder / outlet.host
        (place / "news").mkdir(parents=True)
        (place / "robots.txt").write_text("User-agent: *\nDisallow: /search\n")
        for number, page in enumerate(outlet.pages):
            (place / "news" / f"{number}.html").write_bytes(page)
        urls = "".join(f"<url><loc>{origin}/news/{n}.html</loc></url>" for n in range(len(outlet.pages)))
        (place / "sitemap.xml").write_text(
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        )
        sitemaps.append(f"{origin}/sitemap.xml")
    return sitemaps


def write_outlet_files(outlets: Sequence[SiteOutlet], folder: Path, port: int) -> None:
    """Write FOLDER/ID.toml for each outlet."""
    folder.mkdir()
    for outlet in outlets:
        origin = f"http://{outlet.host}:{port}"
        (folder / f"{outlet.name}.toml").write_text(
            f'name = "{outlet.name}"\nhome = "{origin}/"\ncountry = "xx"\nlanguages = ["en"]\ntimezone = "UTC"\n'
            "allow_private = true\n[urls]\narticle = '/news/\\d+\\.html$'\n[fetch]\ndelay = 0.0\nconcurrency = 8\n"
            f'[[seeds]]\nkind = "sitemap"\nurl = "{origin}/sitemap.xml"\n'
        )

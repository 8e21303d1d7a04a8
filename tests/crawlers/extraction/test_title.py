"""What a title names besides: the site, its section, the day."""

from __future__ import annotations

import json

import pytest

from crawlers.extraction.declared import Page, read_page
from crawlers.extraction.parse import parse
from crawlers.extraction.title import site_names, without_site

ADDRESS = "https://www.courier.example.com/a"
FERRY = "Ferry resumes service after the storm"


def page_of(body: str = "", url: str = ADDRESS, **declared: str) -> Page:
    """Return a page with this body and these declarations: headline, og, twitter, tag, site, section."""
    names = {"og": "og:title", "twitter": "twitter:title", "site": "og:site_name", "section": "article:section"}
    head = "".join(f'<meta property="{names[key]}" content="{text}">' for key, text in declared.items() if key in names)
    if "headline" in declared:
        node = {"@type": "NewsArticle", "headline": declared["headline"]}
        head += f'<script type="application/ld+json">{json.dumps(node)}</script>'
    tree = parse(f"<html><head><title>{declared.get('tag', '')}</title>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return read_page(tree, url)


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        (f"{FERRY} - Transport - Lake Courier", FERRY),
        (f"{FERRY} | Transport", FERRY),
        (f"{FERRY} * Lake Courier *", FERRY),
        (f"{FERRY}｜Lake Courier", FERRY),
        (f"{FERRY}：Lake Courier", FERRY),
        (f"{FERRY} – Lake Courier – 3.11.2026", FERRY),
        (f"{FERRY} | Lake Courier |", FERRY),
        (f"{FERRY} - courier.example", FERRY),
        (f"{FERRY} - Sport", f"{FERRY} - Sport"),
        (f"{FERRY} - 2026", f"{FERRY} - 2026"),
        (f"{FERRY}：all boats", f"{FERRY}：all boats"),
        ("Who pays for the ferry: ???", "Who pays for the ferry: ???"),
    ],
)
def test_what_a_title_names_besides_is_stripped_by_evidence(text: str, stripped: str) -> None:
    page = page_of(site="Lake Courier", section="Transport")
    assert without_site(text, page) == stripped


@pytest.mark.parametrize(
    ("url", "tag"),
    [
        ("https://www.abc.example/a", "ABC News"),
        ("https://news.abc.co.uk/a", "The ABC"),
        ("https://www.lakecourier.co.uk/a", "Lake Courier"),
        ("https://www.courier.co.uk/a", "The Courier Online"),
    ],
)
def test_a_site_is_named_by_its_host_whatever_the_ending(url: str, tag: str) -> None:
    assert without_site(f"{FERRY} | {tag}", page_of(url=url)) == FERRY


def test_initials_of_a_host_are_not_found_within_words() -> None:
    page = page_of(url="https://www.art.example/a")
    assert "art" in site_names(page)
    assert without_site(f"{FERRY} - party", page) == f"{FERRY} - party"
    assert without_site(f"{FERRY} - the art of going slow", page) == f"{FERRY} - the art of going slow"

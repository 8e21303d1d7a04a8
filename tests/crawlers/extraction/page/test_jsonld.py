"""JSON-LD in its shapes."""

from __future__ import annotations

import json

import pytest

from crawlers.extraction.page.html import parse
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import read_page


def page_of(head: str = "", body: str = "", url: str = "https://www.courier.example.com/a"):  # type: ignore[no-untyped-def]
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert tree is not None
    return read_page(tree, url)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


@pytest.mark.parametrize(
    "shape",
    [
        {"@type": "NewsArticle", "headline": "Ferry resumes"},
        [{"@type": "WebSite", "name": "Courier"}, {"@type": ["Thing", "NewsArticle"], "headline": "Ferry resumes"}],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, {"@type": "Article", "headline": "Ferry resumes"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "http://schema.org/ReportageNewsArticle", "headline": "Ferry resumes"}},
        '/* <![CDATA[ */ {"@type":"NewsArticle","headline":"Ferry resumes",} /* ]]> */',
        '{"@type":"NewsArticle","headline":"Ferry\nresumes"}',
        '{"@type":"NewsArticle","headline":"Ferry resumes","description":"a "quoted" word","author":{"name":"x"}',
    ],
)  # fmt: skip
def test_json_ld_is_read_in_all_its_shapes(shape: object) -> None:
    assert text_of(page_of(ld(shape)).node.get("headline")) == "Ferry resumes"


def test_of_several_articles_the_one_of_the_address_is_the_pages() -> None:
    nodes = [
        {
            "@type": "NewsArticle",
            "headline": f"Story {n}",
            "url": f"https://courier.example.com/{n}",
            "datePublished": "2024",
        }
        for n in "abc"
    ]
    assert page_of(ld(nodes), url="https://www.courier.example.com/b?x=1").node["headline"] == "Story b"

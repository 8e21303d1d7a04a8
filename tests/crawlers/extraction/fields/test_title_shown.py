"""The title that a reader sees."""

from __future__ import annotations

import pytest

from crawlers.extraction.fields.title import shown_title, weigh_title
from crawlers.extraction.page.html import parse
from crawlers.extraction.page.metadata import read_page


def page_of(head: str = "", body: str = "", url: str = "https://www.courier.example.com/a"):  # type: ignore[no-untyped-def]
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert tree is not None
    return read_page(tree, url)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ferry resumes service - Lake Courier</title>", "<h1>Lake Courier</h1><h1>Ferry resumes service</h1>", "Ferry resumes service"),
        ("<title>Ferry resumes service | Courier</title>", "", "Ferry resumes service"),
        ('<meta property="og:title" content="SEO: Ferry resumes its service"><title>x</title>', "<h1>Ferry resumes service</h1>", "Ferry resumes service"),
        ('<meta property="og:title" content="Ferry resumes service now">', "<h1><span>Transport</span> Ferry resumes service now</h1>", "Ferry resumes service now"),
        ("<title>Mayor resigns | Piauí | News</title>", "<h1>Piauí</h1>", "Mayor resigns | Piauí"),
        ("", "<h1>Ferry resumes<br>service</h1>", "Ferry resumes service"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_title_is_the_one_that_a_reader_sees(head: str, body: str, title: str) -> None:
    site = (
        '<meta property="og:site_name" content="News">'
        if "Piauí" in head
        else '<meta property="og:site_name" content="Lake Courier">'
    )
    page = page_of(site + head, body)
    assert weigh_title(page, shown_title(page)) == title

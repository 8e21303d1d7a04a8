"""Addresses, characters and links that pages get wrong."""

from __future__ import annotations

import pytest
from lxml.etree import _Element

from crawlers.extraction import extract
from crawlers.extraction.page.blocks import read_blocks
from crawlers.extraction.page.html import count_unreadable, parse
from storage.model import Article
from tests.crawlers.extraction.ferry import MORE, PROSE, text_of


def test_an_invalid_address_does_not_cost_the_article() -> None:
    assert PROSE in text_of(f"<p>{PROSE}</p>{MORE}", url="http://[bad")


def test_an_invalid_address_does_not_cost_the_date() -> None:
    found = extract(
        f"<h1>Ferry resumes service</h1><time>12 May 2024</time><p>{PROSE}</p>{MORE}".encode(), "http://[bad"
    )
    assert isinstance(found, Article), found
    assert found.published is not None


def test_what_cannot_be_in_a_tree_is_left_out() -> None:
    tree = parse("<html><body><p>a\x00b\x01c\ufffed\uffffe\ufffd</p></body></html>".encode())
    assert tree is not None
    assert tree.findtext(".//p") == "abcde\ufffd"


def scope_of(inner: str) -> tuple[_Element, list[_Element]]:
    """The element that holds an article around `inner`, and the furniture of it that can be done without."""
    tree = parse(f"<html><body><article><p>{PROSE}</p>{inner}{MORE}</article></body></html>".encode())
    assert tree is not None
    return tree[0][0], read_blocks(tree).furniture


def test_links_that_lead_to_the_author_are_met_on_the_way() -> None:
    scope, _ = scope_of("<a rel='author nofollow' href='/jane'>Jane Doe</a><a rel='authority' href='/a'>A</a>")
    assert [link.text for link in read_blocks(scope).author_links] == ["Jane Doe"]


@pytest.mark.parametrize(
    ("page", "count"), [("a\ufffdb\ufffd", 2), ("\ufeff\uff0c", 0), ("plain", 0), ("\uffff\ufffe", 0)]
)
def test_what_no_charset_explained_is_counted(page: str, count: int) -> None:
    assert count_unreadable(page.encode()) == count

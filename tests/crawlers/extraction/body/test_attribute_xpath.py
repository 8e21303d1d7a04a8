"""XPaths that are asked once for each set of attributes select what they did."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec, module_from_spec
from itertools import product
from pathlib import Path

import pytest
from lxml.etree import XPath, _Element

from crawlers.extraction.body.attribute_xpath import NAMESPACES, remembered
from crawlers.extraction.page.html import parse

PAGES = Path(__file__).parent.parent / "pages"
LISTS = ("BODY_XPATH", "OVERALL_DISCARD_XPATH", "TEASER_DISCARD_XPATH", "DISCARD_IMAGE_ELEMENTS")
CLASSES = ("", "post", "article-body main", "story-body", "sidebar", "teaser", "caption", "reply-1", "hidden", "x")
IDS = ("", "content", "share", "reply-2", "Main-content", "nav")


def tree_of(html: str) -> _Element:
    tree = parse(html.encode())
    assert tree is not None
    return tree


def trees() -> Iterator[_Element]:
    yield from (tree for page in sorted(PAGES.glob("*.html")) if (tree := parse(page.read_bytes())) is not None)
    rows = []
    for name, identity, tag in product(CLASSES, IDS, ("div", "section", "span", "b")):
        rows.append(f"<{tag} class='{name}' id='{identity}'>a</{tag}><{tag} id='{identity}' class='{name}'>b</{tag}>")
    yield tree_of(f"<html><body>{''.join(rows)}<div><section class='text'><div class='post'>c</div></section></div>")


def trafilaturas() -> list[XPath]:
    """Trafilatura's own expressions, whatever this process has put in their place."""
    spec = find_spec("trafilatura.xpaths")
    assert spec is not None
    assert spec.loader is not None
    fresh = module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return [expression for name in LISTS for expression in getattr(fresh, name)]


def test_trafilaturas_expressions_select_what_they_did() -> None:
    expressions = trafilaturas()
    quick = [remembered(expression) for expression in expressions]
    assert sum(select is not expression for select, expression in zip(quick, expressions, strict=True)) >= 7
    for tree in trees():
        for select, expression in zip(quick, expressions, strict=True):
            wanted = expression(tree)
            is_for_first = expression.path.rstrip().endswith("[1]")
            assert select(tree) == (wanted[:1] if is_for_first and select is not expression else wanted)


@pytest.mark.parametrize(
    "path",
    [
        ".//*[self::div][text()='pier']",
        ".//*[self::div][position() = 2]",
        ".//*[self::div][../@class]",
        ".//*[self::div][@class]/p",
        ".//*[self::div][self::div[@class]]",
        "(.//article)[1]",
        ".//article",
        ".//*[self::div][string-length() > 3]",
    ],
)
def test_what_asks_for_more_than_attributes_is_left_as_it_is(path: str) -> None:
    expression = XPath(path)
    assert remembered(expression) is expression


def test_of_two_attributes_the_one_that_stands_first_is_asked() -> None:
    tree = tree_of("<p class='a' id='b'>1</p><p id='b' class='a'>2</p><p class='a' id='b'>3</p>")
    select = remembered(XPath(".//*[re:test(@id|@class, '^a')]", namespaces=NAMESPACES))
    assert [element.text for element in select(tree)] == ["1", "3"]

"""The shortcut before trafilatura's test of links answers as the test itself, and spares it the long texts."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import fromstring
from lxml.html import HtmlElement, XHTMLParser

from crawlers.extraction.body.link_density import has_more_than_links, with_shortcut

SENTENCE = "The ferry resumed its service across the lake after four months of repairs. "


@pytest.fixture(scope="module")
def trafilaturas() -> ModuleType:
    """Trafilatura's own module, whatever this process has put in its place."""
    spec = find_spec("trafilatura.htmlprocessing")
    assert spec is not None
    assert spec.loader is not None
    fresh = module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return fresh


def element_of(markup: str) -> HtmlElement:
    return fromstring(markup, XHTMLParser())


texts = st.builds(
    lambda word, times, space: (word + space) * times,
    st.sampled_from(["pier", "a", "x" * 95, "in 2024,", "şəhər"]),
    st.integers(0, 90),
    st.sampled_from([" ", "\n      ", "\u00a0", ""]),
)
links = texts.map("<ref>{}</ref>".format)
others = st.one_of(
    texts, texts.map("<p>{}</p>".format), st.just("<graphic/>"), texts.map("<p><ref>{}</ref></p>".format)
)


@given(
    st.sampled_from(["div", "p", "list", "head", "quote"]),
    st.lists(st.one_of(links, others), max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_answers_are_those_of_the_test_itself(
    trafilaturas: ModuleType, tag: str, parts: list[str], favor_precision: bool, is_last: bool
) -> None:
    around = element_of(f"<article><{tag}>{''.join(parts)}</{tag}>{'' if is_last else '<div>next</div>'}</article>")
    element, test = around[0], trafilaturas.link_density_test
    assert with_shortcut(test)(element, favor_precision) == test(element, favor_precision)


@pytest.mark.parametrize("share", [0.85, 0.89, 0.9, 0.91, 0.95])
@pytest.mark.parametrize("count", [1, 2, 5, 6])
def test_answers_agree_around_the_share_of_links_that_decides(
    trafilaturas: ModuleType, share: float, count: int
) -> None:
    linked = int(2000 * share) // count
    rest = 2000 - linked * count
    link = f"<ref>{'k' * linked}</ref>"
    element = element_of(f"<div>{link * count}{'t' * rest}</div>")
    test = trafilaturas.link_density_test
    assert with_shortcut(test)(element, False) == test(element, False)


def test_the_test_itself_is_not_asked_of_a_long_text_with_few_links() -> None:
    asked: list[HtmlElement] = []

    def test(element: HtmlElement, favor_precision: bool = False) -> tuple[bool, bool]:
        asked.append(element)
        return True, False

    long = element_of(f"<div>{SENTENCE * 10}<ref>the lake</ref></div>")
    short = element_of(f"<div>{SENTENCE}<ref>the lake</ref></div>")
    quick = with_shortcut(test)
    assert quick(long, False) == (False, False)
    assert quick(short, False) == (True, False)
    assert asked == [short]


def test_an_indented_text_is_long_only_without_its_spaces() -> None:
    element = element_of(f"<div>{('pier' + ' ' * 400) * 20}<ref>lake</ref></div>")
    assert not has_more_than_links(element, element.findall(".//ref"))

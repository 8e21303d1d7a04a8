"""A shortcut before trafilatura's test of link density, which reads the whole text of each box around the article.

The test drops an element that is short, or whose text is nearly all links. Most elements that hold much text have few
links, so that the beginning of the text already tells that the test would drop nothing.
"""

from __future__ import annotations

from typing import Protocol

from lxml.html import HtmlElement

SHORT = 300  # characters below which trafilatura calls an element short, whatever its kind
LINKED = 0.9  # share of links above which it drops an element that is not short
SPACED = 2  # characters of markup that are read for each character of text: pages are indented


class Test(Protocol):
    """Says of an element whether it is dropped, and whether it is short and has links."""

    def __call__(self, element: HtmlElement, favor_precision: bool = False) -> tuple[bool, bool]: ...


def with_shortcut(test: Test) -> Test:
    """Return a test with the same answers that reads the whole text only where its beginning does not decide."""

    def quick(element: HtmlElement, favor_precision: bool = False) -> tuple[bool, bool]:
        links = element.findall(".//ref")
        if links and has_more_than_links(element, links):
            return False, False
        return test(element, favor_precision)

    return quick


def has_more_than_links(element: HtmlElement, links: list[HtmlElement]) -> bool:
    """Say whether an element is certainly not short, and has certainly more text than links; False if that is open."""
    text = element.text_content()
    if len(text) <= SHORT:
        return False
    most = max(SHORT, sum(len(link.text_content()) for link in links) / LINKED)
    return len(" ".join(text[: int(SPACED * most) + SHORT].split())) > most

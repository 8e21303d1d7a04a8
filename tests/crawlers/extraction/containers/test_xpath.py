"""The path of a container finds what lxml's XPath finds."""

from __future__ import annotations

import pytest
from lxml.etree import XPath, _Element

from crawlers.extraction.containers.model import Container
from crawlers.extraction.containers.xpath import find_container, paths_to
from crawlers.extraction.page.html import parse

PAGE = """<html><body class="story"><div class="story">1</div><div class="story-text">2</div><div id="pier">3</div>
<div class=" wide
 story ">4</div><p itemprop="articleBody">5</p><p id="pier-2">6</p><article>7</article><div class="last\u00a0one">8</div>
<section class="one two">9</section></body></html>"""


def tree() -> _Element:
    found = parse(PAGE.encode())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("//div[@id='pier']", "3"),
        ("//p[@itemprop='articleBody']", "5"),
        ("//article", "7"),
        ("//div[contains(concat(' ', normalize-space(@class), ' '), ' story-text ')]", "2"),
        ("//section[contains(concat(' ', normalize-space(@class), ' '), ' two ')]", "9"),
        ("//div[contains(concat(' ', normalize-space(@class), ' '), ' story ')]", None),  # there are two
        ("//div[contains(concat(' ', normalize-space(@class), ' '), ' last ')]", None),  # no word of the class
        ("//div[@class='wide']/p", None),
    ],
)
def test_a_path_finds_the_only_element_that_xpath_finds(path: str, text: str | None) -> None:
    page = tree()
    found = find_container(Container(path, True), page)
    by_xpath = XPath(path)(page)
    assert (found.text if found is not None else None) == text
    assert (found is not None) == (len(by_xpath) == 1)


def test_every_path_to_an_element_leads_back_to_it() -> None:
    page = tree()
    paths = [pair for element in page.iter("div", "p", "article", "section") for pair in paths_to(element, page)]
    assert len(paths) >= 5
    assert all(XPath(path)(page) == [element] for path, element in paths)

"""The pattern of articles' addresses, proposed from addresses."""

from __future__ import annotations

import re

import pytest

from crawlers.survey.pattern import propose_pattern
from crawlers.survey.shapes import shape_of

CASES = {
    "a number below a section": (
        ["https://www.a.example/politics/1001.html", "https://www.a.example/culture/1002.html"],
        {"section": "economy", "id": "7"},
        "https://www.a.example/economy/7.html",
    ),
    "sections within sections": (
        ["https://en.a.example/x/politics/1001.html", "https://en.a.example/business/1002.html"],
        {"section": "x/y/z", "id": "7"},
        "https://en.a.example/x/y/z/7.html",
    ),
    "a date": (
        ["https://a.example/ru/2024/03/05/metro/", "https://a.example/en/2024/03/06/bridge/"],
        {"year": "2025", "month": "11", "day": "30", "language": "en"},
        "https://a.example/en/2025/11/30/a-new-one/",
    ),
    "a date in one part": (
        ["https://a.example/2024-03-05/metro", "https://a.example/2024-03-06/bridge-is-open"],
        {"year": "2025", "month": "11", "day": "30"},
        "https://a.example/2025-11-30/other",
    ),
    "a language that may be missing": (
        ["https://a.example/2024/03/05/metro/", "https://a.example/ru/2024/03/06/bridge/"],
        {"language": None, "day": "30"},
        "https://a.example/2025/11/30/other/",
    ),
    "a number behind a title": (
        ["https://a.example/news/one-two-three-123456", "https://a.example/news/four-five-123457"],
        {"id": "99999"},
        "https://a.example/news/six-99999",
    ),
    "a number before a title": (
        ["https://a.example/en/article/100418-early-results/", "https://a.example/en/article/100419-x/"],
        {"id": "55555", "language": "en"},
        "https://a.example/en/article/55555-late-results/",
    ),
    "a title alone": (
        ["https://a.example/one-two-three-four/", "https://a.example/five-six-seven/"],
        {},
        "https://a.example/other-words-here/",
    ),
    "a parameter": (
        ["https://a.example/index.php?newsid=12345", "https://a.example/index.php?newsid=12346"],
        {"id": "77"},
        "https://a.example/index.php?newsid=77",
    ),
    "a port and an address": (
        ["http://127.0.0.1:8765/news/100001.html", "http://127.0.0.1:8765/news/100002.html"],
        {"id": "100003"},
        "http://127.0.0.1:8765/news/100003.html",
    ),
    "several hosts of a site": (
        ["https://en.a.example/x/1001.html", "https://www.a.example/y/1002.html"],
        {"id": "7"},
        "https://www.a.example/z/7.html",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_pattern_takes_further_articles_and_reads_their_parts(name: str) -> None:
    urls, groups, further = CASES[name]
    proposal = propose_pattern(urls, home=urls[0])
    assert proposal is not None
    assert all(re.search(proposal.article, url) for url in urls)
    found = re.search(proposal.article, further)
    assert found, proposal.article
    assert {group: found.groupdict()[group] for group in groups} == groups
    origin = "/".join(further.split("/")[:3])
    for other in ("/", "/contact", "/politics/", "/tag/x/y/z/", "/a/b/c/d/e/f/"):
        assert not re.search(proposal.article, origin + other) or name == "a title alone", other
    assert not re.search(proposal.article, further.replace("a.example", "b.example").replace("127", "128"))


def test_www_may_be_missing_but_another_subdomain_is_another_site() -> None:
    proposal = propose_pattern(["https://www.a.example/x/1001", "https://www.a.example/y/1002"])
    assert proposal is not None
    assert re.search(proposal.article, "https://a.example/x/1001")
    assert not re.search(proposal.article, "https://ru.a.example/x/1001")


def test_trackers_are_taken_where_the_feed_has_them() -> None:
    proposal = propose_pattern(["https://a.example/2024/03/a-b/?utm_source=rss", "https://a.example/2024/04/c-d/"])
    assert proposal is not None
    assert re.search(proposal.article, "https://a.example/2024/05/e-f/?utm_source=x&utm_medium=y")


def test_linked_pages_that_look_like_no_article_are_dropped_and_articles_are_not() -> None:
    articles = [f"https://a.example/word-{n}-of-the-day/" for n in "abcdef"]
    links = ["https://a.example/about/", "https://a.example/page/2/", "https://a.example/one-more-long-title/"]
    proposal = propose_pattern(articles, [*articles, *links])
    assert proposal is not None
    assert [any(re.search(drop, url) for drop in proposal.drop) for url in links] == [True, False, False]
    assert not any(re.search(drop, url) for drop in proposal.drop for url in articles)
    assert any("nothing but a title" in doubt.why for doubt in proposal.doubts)


def test_one_section_in_all_addresses_is_said_and_not_taken_for_all() -> None:
    proposal = propose_pattern([f"https://a.example/politics/{n}.html" for n in range(1000, 1010)])
    assert proposal is not None
    assert re.search(proposal.article, "https://a.example/economy/1.html")
    assert any("one section" in doubt.why for doubt in proposal.doubts)
    fixed = propose_pattern([f"https://a.example/archives/{n}" for n in range(1000, 1010)])
    assert fixed is not None
    assert not re.search(fixed.article, "https://a.example/economy/1")


def test_a_form_that_hardly_occurs_is_no_part_of_the_pattern() -> None:
    articles = [f"https://a.example/politics/{n}.html" for n in range(1000, 1100)]
    proposal = propose_pattern([*articles, "https://a.example/special-offer/"])
    assert proposal is not None
    assert not re.search(proposal.article, "https://a.example/special-offer/")


def test_forms_that_are_frequent_are_alternatives() -> None:
    articles = [f"https://a.example/de/{n}" for n in range(1000, 1010)]
    titled = [f"https://a.example/en/a-title-{n}" for n in range(10000, 10010)]
    proposal = propose_pattern([*articles, *titled])
    assert proposal is not None
    assert all(re.search(proposal.article, url) for url in (*articles, *titled))


@pytest.mark.parametrize(
    "url", ["https://a.example/", "https://a.example", "mailto:a@b.example", "https://[broken", "", "/x"]
)
def test_what_is_no_page_has_no_shape(url: str) -> None:
    assert shape_of(url) is None


def test_no_addresses_give_no_pattern() -> None:
    assert propose_pattern([]) is None
    assert propose_pattern(["https://a.example/"]) is None

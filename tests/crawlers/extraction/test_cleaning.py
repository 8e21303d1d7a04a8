"""What trafilatura is handed of a page, and how its lines find their blocks again."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from crawlers.extraction.parse import parse
from storage.records import Article

URL = "https://www.courier.example.com/lake/a.html"
PROSE = "The council of the town said on Monday that the ferry across the lake would run again from the first of May."
MORE = "".join(
    f"<p>In year {year} of the ferry, it said, the boats had been late on {year - 1900} days.</p>"
    for year in (1950, 1960, 1970)
)


def text_of(body: str, url: str = URL) -> str:
    title = "Ferry resumes service after the storm"
    html = f"<html><head><title>{title}</title><meta property='og:type' content='article'></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    found = extract(html.encode(), url)
    assert isinstance(found, Article), found
    return found.text


@pytest.mark.parametrize("empty", ["<span> </span>", "<span>&nbsp;</span>", "<span></span> ", " <span></span> "])
def test_an_empty_box_between_two_words_leaves_a_space(empty: str) -> None:
    assert "The council of the harbour town met" in text_of(
        f"<p>The council{empty}of the harbour{empty}town met on Monday to hear of the ferry and its timetable.</p>"
        + MORE
    )


def test_an_empty_box_within_a_word_leaves_none() -> None:
    assert "lakefront" in text_of(f"<p>The lake<span></span>front is to be closed. {PROSE}</p>{MORE}")


def test_paragraphs_that_begin_alike_are_each_judged_by_their_own_block() -> None:
    start = "The Ministry of Foreign Affairs of Lakeland"
    kept = [f"{start} said on day {day} that {PROSE}" for day in range(4)]
    related = f"<p><a href='/other'>{start} on another matter of the lake</a></p>"
    text = text_of(f"<p>{kept[0]}</p><p>{kept[1]}</p>{related}{related}<p>{kept[2]}</p><p>{kept[3]}</p>")
    assert text.split("\n\n") == kept


def test_an_address_that_is_none_costs_no_article() -> None:
    assert PROSE in text_of(f"<p>{PROSE}</p>{MORE}", url="http://[bad")


def test_ten_thousand_paragraphs_that_begin_alike_are_read() -> None:
    """Within the time that the runner of these tests gives one; comparing each with each would take minutes."""
    body = "".join(
        f"<p>The Ministry of Foreign Affairs of Lakeland said in note {n}: {PROSE}</p>" for n in range(10_000)
    )
    assert len(text_of(body).split("\n\n")) == 10_000


def test_what_cannot_be_in_a_tree_is_left_out() -> None:
    tree = parse("<html><body><p>a\x00b\x01c\ufffed\uffffe\ufffd</p></body></html>".encode())
    assert tree is not None
    assert tree.findtext(".//p") == "abcde\ufffd"

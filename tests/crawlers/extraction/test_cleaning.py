"""What trafilatura is handed of a page, and how its lines find their blocks again."""

from __future__ import annotations

import pytest
from lxml.etree import _Element, tostring

from crawlers.extraction import extract
from crawlers.extraction.body.trafilatura_adapter import cleaned_lines
from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.credit import is_signed, take_signature
from crawlers.extraction.page.blocks import read_blocks
from crawlers.extraction.page.html import count_unreadable, parse
from crawlers.extraction.page.metadata import Page
from crawlers.extraction.trace import Line
from storage.model import Article

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


def test_nor_its_date() -> None:
    found = extract(
        f"<h1>Ferry resumes service</h1><time>12 May 2024</time><p>{PROSE}</p>{MORE}".encode(), "http://[bad"
    )
    assert isinstance(found, Article), found
    assert found.published is not None


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


def scope_of(inner: str) -> tuple[_Element, list[_Element]]:
    """The element that holds an article around `inner`, and the furniture of it that can be done without."""
    tree = parse(f"<html><body><article><p>{PROSE}</p>{inner}{MORE}</article></body></html>".encode())
    assert tree is not None
    return tree[0][0], read_blocks(tree).furniture


class TestFurniture:
    def test_a_small_box_is_not_handed_on_but_what_follows_it_is(self) -> None:
        inner = "<div class='promo'><p>Share it with whom you like.</p></div>Then nine boats came, to the joy of all."
        scope, furniture = scope_of(inner)
        assert "Share it with whom you like." in cleaned_lines(scope)
        assert "Share it with whom you like." not in cleaned_lines(scope, furniture)
        assert "Then nine boats came, to the joy of all." in text_of(f"<p>{PROSE}</p>{inner}{MORE}").split("\n\n")

    def test_the_page_is_as_before(self) -> None:
        scope, furniture = scope_of("<p>One <span class='share'>two</span> three</p><div class='promo'>Four</div>five")
        before = tostring(scope)
        assert [box.tag for box in furniture] == ["div"]  # a word in a line is no box
        cleaned_lines(scope, furniture)
        assert tostring(scope) == before

    @pytest.mark.parametrize(
        "inner",
        [
            f"<div class='widget'><p>{PROSE}</p><p>{PROSE}</p></div>",  # as much as the rest
            "<div class='widget'><table><tr><td>Pier</td><td>90 m</td></tr></table></div>",
            "<table><tr class='player'><td>Jane Doe</td><td>3</td></tr></table>",
            "<div class='promo' hidden><p>Only for those who pay</p></div>",
            "<div class='promo' style='display: none'><p>Only for those who pay</p></div>",
            "<p class='story'>No furniture at all</p>",
        ],
    )
    def test_what_may_be_the_articles_is_not_left_out(self, inner: str) -> None:
        assert scope_of(inner)[1] == []

    def test_of_boxes_within_boxes_the_outermost_small_one_is_named(self) -> None:
        inner = "<div class='share'><div class='tags'>Ferry</div></div>"
        assert [box.get("class") for box in scope_of(inner)[1]] == ["share"]
        large = f"<div class='widget'><p>{PROSE}</p><p>{PROSE}</p><div class='tags'>Ferry</div></div>"
        assert [box.get("class") for box in scope_of(large)[1]] == ["tags"]


def left(lines: list[str]) -> tuple[str, ...]:
    """The lines of a text by Jane Doe without her signature."""
    tree = parse(b"<html></html>")
    assert tree is not None
    context = PageContext(Page(tree, "https://a.example/news/1"))
    return tuple(line.text for line in take_signature(context, [Line(line) for line in lines], ["Jane Doe"]))


class TestSignature:
    LINES = (PROSE, "The boats are late.")

    @pytest.mark.parametrize("line", ["Jane Doe", "Author: Jane Doe", "(Jane Doe)", "Müəllif: Jane Doe", "JANE DOE"])
    def test_the_line_that_names_the_authors_goes_from_the_end(self, line: str) -> None:
        assert is_signed(line, ["Jane Doe"])
        assert left([*self.LINES, line]) == self.LINES

    @pytest.mark.parametrize("line", ["John Roe", "Author: John Roe", "Jane Doe likes boats.", "Jane Doe, John Roe"])
    def test_other_lines_stay(self, line: str) -> None:
        assert not is_signed(line, ["Jane Doe"])
        assert left([*self.LINES, line]) == (*self.LINES, line)

    def test_a_text_is_never_without_a_line(self) -> None:
        assert left(["Jane Doe"]) == ("Jane Doe",)

    def test_a_page_is_read_so(self) -> None:
        assert text_of(f"<div class='byline'>By Jane Doe</div><p>{PROSE}</p>{MORE}<p>Jane Doe</p>").endswith("70 days.")


def test_links_that_lead_to_the_author_are_met_on_the_way() -> None:
    scope, _ = scope_of("<a rel='author nofollow' href='/jane'>Jane Doe</a><a rel='authority' href='/a'>A</a>")
    assert [link.text for link in read_blocks(scope).author_links] == ["Jane Doe"]


@pytest.mark.parametrize(
    ("page", "count"), [("a\ufffdb\ufffd", 2), ("\ufeff\uff0c", 0), ("plain", 0), ("\uffff\ufffe", 0)]
)
def test_what_no_charset_explained_is_counted(page: str, count: int) -> None:
    assert count_unreadable(page.encode()) == count

"""An explanation gives the same article as extraction, and names what became of every block and field."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from crawlers.catalog import load_outlets
from crawlers.extraction import Explanation, PageSource, Reason, Rejected, explain, extract
from crawlers.extraction.body.rules import BLOCK_RULES, EDGE_RULES, LINE_RULES
from crawlers.extraction.text_norm import letters
from crawlers.extraction.trace import Stage
from crawlers.outlet import Outlet
from storage.model import Article
from tests.crawlers.extraction.gate import NOW, cases, given
from tests.crawlers.extraction.pier import TEXT, page

URL = "https://www.pier.example/news/pier-1"
ENOUGH = 40  # letters of a text that is not found in another by chance


@cache
def source_of(case: Path) -> PageSource:
    asked = given(case)
    outlet = load_outlets().get(asked["outlet"]) if asked.get("outlet") else None
    html = (case.parent / asked["page"]).read_bytes()
    return PageSource(html, asked["url"], outlet, content_type=asked.get("content_type"), now=NOW)


@cache
def explained(case: Path) -> Explanation:
    return explain(source_of(case))


every_page = pytest.mark.parametrize("case", [pytest.param(case, id=case.stem) for case in cases()])


@every_page
def test_the_outcome_is_that_of_extraction(case: Path) -> None:
    source = source_of(case)
    plain = extract(source.html, source.url, source.outlet, content_type=source.content_type, now=source.now)
    assert explained(case).outcome == plain


@every_page
def test_every_block_is_kept_or_was_dropped_by_a_named_rule(case: Path) -> None:
    for block in explained(case).blocks:
        assert block.fate in ("kept", "kept in part", "dropped")
        if block.fate != "kept":
            assert block.stage in set(Stage), block
            assert block.rule, block


@every_page
def test_what_is_kept_is_in_the_text_and_what_is_dropped_is_not(case: Path) -> None:
    outcome = explained(case).outcome
    if not isinstance(outcome, Article):
        return
    text, blocks = letters(outcome.text), explained(case).blocks
    kept = [letters(block.text) for block in blocks if block.fate == "kept"]
    assert [block for block in kept if block not in text] == []
    for block in blocks:
        if block.fate == "dropped" and len(letters(block.text)) >= ENOUGH and block.rule != "came before":
            assert letters(block.text) not in text or letters(block.text) in kept, block


@every_page
def test_every_paragraph_of_the_text_comes_from_a_block(case: Path) -> None:
    outcome = explained(case).outcome
    if isinstance(outcome, Article):
        blocks = "\n".join(letters(block.text) for block in explained(case).blocks if block.fate != "dropped")
        joined = blocks.replace("\n", "")
        assert [line for line in outcome.text.split("\n\n") if letters(line) not in joined] == []


def fate(after: str = "", **more: object) -> dict[str, str]:
    """What became of each block of a page: its text, and the stage and rule that dropped it, or "kept"."""
    explanation = explain(PageSource(page(after=after, **more), URL))  # type: ignore[arg-type]
    return {
        block.text: "kept" if block.fate == "kept" else f"{block.stage}: {block.rule}" for block in explanation.blocks
    }


@pytest.mark.parametrize(
    ("after", "text", "rule"),
    [
        ("<p>Sign up for our newsletter!</p>", "Sign up for our newsletter!", "rules for lines: promotion: opens like promotion (promotion.openings)"),
        ("<p>© Pier Post 2025</p>", "© Pier Post 2025", "rules for lines: caption: begins with a picture credit (captions.start, captions.pictures)"),
        (f"<p>{TEXT[0]}</p>", TEXT[0], "repeated lines: came before"),
        ("<p>Tel.: +44 20 1234 5678</p>", "Tel.: +44 20 1234 5678", "top and end of the text: closing line: copyright, contact, terms of use (closing, reuse)"),
        ("<p>Updated 4 March 2025, 10:30</p>", "Updated 4 March 2025, 10:30", "top and end of the text: date or reading time (dates)"),
        ("<h3>What else happened</h3><p>Photo: Jane Doe</p>", "What else happened", "rules for blocks: heading with nothing below it"),
        ("<p>Source: Pier Wire</p>", "Source: Pier Wire", "credit and byline: source line"),
        ("<div class=fact-box><p>The old pier is a hundred metres long and ten metres wide.</p></div>",
         "The old pier is a hundred metres long and ten metres wide.",
         "rules for blocks: caption, fact box, disclaimer or scrambled text, by its class (html_classes)"),
        ("<div class=share><p>Tell your friends</p></div>", "Tell your friends", "finding the article: in furniture of the page: div.share"),
        ("<footer>All about the harbour</footer>", "All about the harbour", "reading the blocks: <footer> is never read"),
    ],
)  # fmt: skip
def test_the_rule_that_dropped_a_line_is_named(after: str, text: str, rule: str) -> None:
    assert fate(after)[text] == rule


def test_what_an_outlets_file_drops_is_named_with_its_pattern() -> None:
    outlet = Outlet.model_validate(
        {
            "id": "pier",
            "name": "Pier Post",
            "home": "https://www.pier.example/",
            "country": "gb",
            "languages": ["en"],
            "timezone": "Europe/London",
            "seeds": [{"kind": "feed", "url": "https://www.pier.example/rss"}],
            "urls": {"article": r"/news/"},
            "extract": [{"drop": ["^From our desk"]}],
        }
    )
    explanation = explain(PageSource(page(after="<p>From our desk at the harbour.</p>"), URL, outlet))
    dropped = next(block for block in explanation.blocks if block.text.startswith("From our desk"))
    assert (dropped.fate, dropped.stage, dropped.rule) == ("dropped", Stage.OUTLET, "drop = '^From our desk'")


def test_the_title_is_shown_and_no_part_of_the_text() -> None:
    assert fate()["Council votes for a second pier"] == "top and end of the text: repeats the title"
    assert [fate()[text] for text in TEXT] == ["kept"] * 3


def field(name: str, html: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    explanation = explain(PageSource(html, URL))
    found = next(field for field in explanation.fields if field.name == name)
    return found.value, found.source, [(candidate.source, candidate.value) for candidate in found.candidates]


class TestFields:
    def test_all_titles_are_named_and_what_won(self) -> None:
        head = '<title>A pier | Pier Post</title><meta property="og:title" content="A pier">'
        value, source, candidates = field("title", page(head=head, ld={"headline": "A second pier"}))
        assert (value, source) == ("Council votes for a second pier", "shown on the page")
        assert candidates == [
            ("h1", "Council votes for a second pier"),
            ("JSON-LD headline", "A second pier"),
            ("og:title", "A pier"),
            ("<title>", "A pier | Pier Post"),
        ]

    def test_a_headline_of_a_meta_tag_is_named_as_such(self) -> None:
        _, _, candidates = field("title", page(head='<meta name="headline" content="A second pier">', ld={}))
        assert ("meta headline", "A second pier") in candidates

    def test_all_dates_are_named_also_those_that_were_not_needed(self) -> None:
        byline = '<time datetime="2025-03-05T10:00:00+04:00">5 March 2025</time>'
        value, source, candidates = field("published", page(ld={}, byline=byline))
        assert (value, source) == ("2025-03-04 09:30:00+04:00", "json-ld")
        assert ("time", "2025-03-05T10:00:00+04:00") in candidates

    def test_a_date_in_the_future_is_named_as_such(self) -> None:
        explanation = explain(PageSource(page(ld={"datePublished": "2099-03-04T09:30:00+04:00"}), URL))
        published = next(field for field in explanation.fields if field.name == "published")
        assert [candidate.note for candidate in published.candidates] == ["2099-03-04T09:30:00+04:00 is in the future"]
        assert (published.value, published.why) == ("", "no source has one")

    def test_all_authors_are_named_and_who_was_left_out(self) -> None:
        byline = '<div class="byline">By Jane Doe, photos by John Roe</div>'
        author = [{"@type": "Person", "name": name} for name in ("Jane Doe", "John Roe")]
        explanation = explain(PageSource(page(ld={"author": author}, byline=byline), URL))
        authors = next(field for field in explanation.fields if field.name == "authors")
        assert (authors.value, authors.source) == ("Jane Doe", "JSON-LD")
        assert ("JSON-LD", "Jane Doe, John Roe", "left out: John Roe") in [
            (candidate.source, candidate.value, candidate.note) for candidate in authors.candidates
        ]

    def test_the_credit_names_the_line_that_it_was_taken_from(self) -> None:
        value, source, candidates = field("credit", page(after="<p>Source: Pier Wire</p>"))
        assert (value, source, candidates) == ("Pier Wire", "a line of its own", [("source line", "Source: Pier Wire")])

    def test_language_section_and_address_are_explained(self) -> None:
        head = '<link rel="canonical" href="/pier"><meta property="article:section" content="Town">'
        assert field("section", page(head=head)) == ("Town", "JSON-LD or meta", [("JSON-LD or meta", "Town")])
        assert field("canonical_url", page(head=head))[0] == "https://www.pier.example/pier"
        assert field("language", page())[::2] == ("en", [("html lang", "en")])


class TestRefusals:
    def test_a_refusal_shows_what_it_rests_on(self) -> None:
        html = b"<html><head><title>Just a moment...</title></head><body><h1>Just a moment...</h1><p>Wait.</p></body></html>"
        explanation = explain(PageSource(html, URL))
        assert isinstance(explanation.outcome, Rejected)
        assert explanation.outcome.reason is Reason.CHALLENGE
        assert explanation.evidence["decided by"] == "words of a wall"
        assert explanation.evidence["words of a page that is a bot wall"] == "Just a moment..."
        assert explanation.evidence["words of text"] < 80

    def test_bytes_that_are_no_page_have_nothing_to_explain(self) -> None:
        explanation = explain(PageSource(b"%PDF-1.7", URL))
        assert explanation == Explanation(Rejected(Reason.NOT_HTML, "pdf"))

    def test_a_step_that_fails_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(_: object) -> None:
            raise ValueError("no such month")

        monkeypatch.setattr("crawlers.extraction.pipeline.find_published", broken)
        explanation = explain(PageSource(page(ld={}), URL))
        assert isinstance(explanation.outcome, Article)
        assert explanation.outcome.published is None
        assert explanation.failures == (("broken", "ValueError: no such month"),)


def test_a_rule_is_known_by_its_name_and_place() -> None:
    rules = [(rule.name, rule.where) for rule in (*BLOCK_RULES, *LINE_RULES, *EDGE_RULES)]
    assert len(set(rules)) == len(rules)

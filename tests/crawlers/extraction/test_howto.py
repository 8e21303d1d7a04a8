"""The examples of docs/extraction.md: the page shows the problem, and the one edit solves it."""

from __future__ import annotations

from typing import Any

from crawlers.extraction import Explanation, PageSource, explain
from crawlers.outlet import Outlet
from tests.crawlers.extraction.pier import TEXT, page

URL = "https://www.pier.example/news/pier-1"
LAST = "The harbour master expects nine ferries a day from then on, three more than in the best of the last ten years."
FURNITURE = "Hop on board of our channel for more of the harbour!"


def outlet(**rule: Any) -> Outlet:
    """The outlet of the examples, with one rule of extraction."""
    return Outlet.model_validate(
        {
            "id": "pier",
            "name": "Pier Post",
            "home": "https://www.pier.example/",
            "country": "gb",
            "languages": ["en"],
            "timezone": "Europe/London",
            "urls": {"article": r"/news/"},
            "seeds": [{"kind": "feed", "url": "https://www.pier.example/rss"}],
            "extract": [rule],
        }
    )


def fate(explanation: Explanation, text: str) -> tuple[str, str]:
    block = next(block for block in explanation.blocks if block.text == text)
    return block.fate, block.rule


def published(explanation: Explanation) -> str:
    return next(field.value for field in explanation.fields if field.name == "published")


def test_a_line_of_furniture_that_no_rule_knows_goes_by_the_outlets_file() -> None:
    html = page(text=[TEXT[0], FURNITURE, *TEXT[1:]])
    assert fate(explain(PageSource(html, URL)), FURNITURE) == ("kept", "")
    named = explain(PageSource(html, URL, outlet(drop=["^Hop on board of our channel"])))
    assert fate(named, FURNITURE) == ("dropped", "drop = '^Hop on board of our channel'")


def test_a_lost_sentence_shows_the_class_that_was_misread() -> None:
    lost = "Nine ferries a day will leave from the new pier."
    explanation = explain(
        PageSource(page(text=[*TEXT, LAST], after=f"<div class=sidebar-note><p>{lost}</p></div>"), URL)
    )
    assert fate(explanation, lost) == ("dropped", "in furniture of the page: div.sidebar-note")


def test_the_wrong_date_gives_way_to_the_element_that_the_outlets_file_names() -> None:
    html = page(
        byline="<div class=card-info>Show on 12 April 2025</div>",
        after="<div class=filed>Filed 7.4.2025 at 10:15</div>",
    )
    assert published(explain(PageSource(html, URL))) == "2025-04-12 00:00:00+00:00"
    named = explain(PageSource(html, URL, outlet(date="div.filed")))
    assert published(named) == "2025-04-07 10:15:00+01:00"


def test_a_changed_site_is_read_where_the_outlets_file_says() -> None:
    other = "All the news of the harbour in your pocket, from the first ferry in the morning to the last one at night. "
    html = page(after="").replace(b"</body>", f"<div class=app><p>{other * 9}</p></div></body>".encode())
    html = html.replace(b"<article>", b"<div>").replace(b"</article>", b"</div>")
    named = explain(PageSource(html, URL, outlet(body="div.story")))
    assert [fate(named, text)[0] for text in TEXT] == ["kept"] * 3
    assert fate(named, other.strip() + (" " + other.strip()) * 8) == ("dropped", "outside the article's element")

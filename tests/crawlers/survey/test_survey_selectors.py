"""Selectors are proposed for what extraction misses on the sampled pages."""

from __future__ import annotations

from datetime import UTC, datetime

from crawlers.extraction import extract
from crawlers.fetch_client import WebPage
from crawlers.survey import SurveyOptions, provisional_outlet
from crawlers.survey.sample import SampledPage
from crawlers.survey.selectors import propose_selectors
from storage.model import DateSource, Hints, Link, Precision, Published

OUTLET = provisional_outlet(SurveyOptions("https://www.gazette.ge/"))
WORDS = "The council met and spoke of the bridge for a long time before it voted. " * 6


def sampled(page: str, hints: Hints = Hints()) -> SampledPage:
    link = Link("https://www.gazette.ge/news/1", hints)
    found = extract(page.encode(), link.url, OUTLET, hints)
    return SampledPage(link, WebPage(link.url, 200, {}, page.encode()), found)


def test_a_date_line_that_extraction_misses_gets_a_selector() -> None:
    hints = Hints(published=Published(datetime(2026, 3, 4, tzinfo=UTC), Precision.DAY, DateSource.FEED, ""))
    pages = [
        sampled(
            f"<html lang=en><body><article><h1>Matter {n} of the town</h1><p>{WORDS}</p><p>{WORDS}</p></article>"
            f"<footer><span class='stamp-date'>04.03.2026 1{n}:20</span></footer></body></html>",
            hints,
        )
        for n in range(3)
    ]
    assert all(page.outcome.published.precision == "day" for page in pages)  # type: ignore[union-attr]
    assert propose_selectors(pages, OUTLET) == {"date": "span.stamp-date"}


def test_pages_that_are_read_well_get_none() -> None:
    page = (
        '<html lang=en><head><meta property="article:published_time" content="2026-03-04T10:00:00+04:00"></head><body>'
        f"<article><h1>Matter of the town</h1><p>{WORDS}</p><p>{WORDS}</p></article></body></html>"
    )
    assert propose_selectors([sampled(page)] * 3, OUTLET) == {}

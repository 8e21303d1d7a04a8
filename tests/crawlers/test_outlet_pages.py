"""Saved pages of every built-in outlet, written by us in its structure: articles, pages to be refused, seed documents.

`tests/outlets/ID/NAME.html` with `NAME.json` beside it, in the form of the pages of `tests/crawlers/extraction/pages`. A
seed document is named by "document" in place of "page", has its kind as "seed", and expects the links that it announces.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawlers.catalog import load_outlets
from crawlers.discovery import read_seed
from crawlers.outlet import Outlet, Seed
from storage.model import Link
from storage.urls import host_of
from tests.crawlers.extraction.gate import given, result

FOLDER = Path(__file__).resolve().parent.parent / "outlets"
CASES = sorted(FOLDER.glob("*/*.json"))
CATALOG = load_outlets()


def named(case: Path) -> str:
    return f"{case.parent.name}-{case.stem}"


def fields(kind: str) -> list[Any]:
    """A parameter for each field that a page is expected to give; fields that are known to be missed must fail."""
    found = []
    for case in CASES:
        asked = given(case)
        for field in asked["expect"] if ("seed" in asked) == (kind == "seed") else ():
            reason = asked.get("misses", {}).get(field)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(case, field, id=f"{named(case)}-{field}", marks=marks))
    return found


@pytest.mark.parametrize(("case", "field"), fields("page"))
def test_the_field_of_a_page_is_as_expected(case: Path, field: str) -> None:
    assert result(case)[field] == given(case)["expect"][field]


@pytest.mark.parametrize(("case", "field"), fields("seed"))
def test_a_seed_document_announces_what_is_expected(case: Path, field: str) -> None:
    assert announced(case)[field] == given(case)["expect"][field]


def file_of(case: Path) -> Path:
    """The page or seed document of a case."""
    asked = given(case)
    return case.parent / (asked.get("page") or asked["document"])


def announced(case: Path) -> dict[str, Any]:
    """What a saved seed document announces, as far as the case expects something of it."""
    asked = given(case)
    outlet = CATALOG.get(asked["outlet"])
    document = read_seed(seed_of(outlet, asked), outlet, asked["url"], file_of(case).read_bytes(), {})
    expected = asked["expect"]["links"]
    wanted = [expected[place].keys() if place < len(expected) else () for place in range(len(document.links))]
    return {
        "links": [{key: told(link)[key] for key in keys} for link, keys in zip(document.links, wanted, strict=True)],
        "skipped": document.skipped,
        "children": [child.url for child in document.children],
        "next_page": document.next_page,
        "problems": list(document.problems),
    }


def seed_of(outlet: Outlet, asked: dict[str, Any]) -> Seed:
    """The outlet's seed of the case's kind: the first one, or that of the address."""
    seeds = [seed for seed in outlet.seeds if seed.kind == asked["seed"]]
    assert seeds, f"{outlet.id} has no seed of the kind {asked['seed']}"
    return next((seed for seed in seeds if seed.url == asked["url"]), seeds[0])


def told(link: Link) -> dict[str, Any]:
    hints = link.hints
    return {
        "url": link.url,
        "title": hints.title,
        "published_at": hints.published.at.isoformat() if hints.published else None,
        "modified": hints.modified.isoformat() if hints.modified else None,
        "language": hints.language,
        "section": hints.section,
        "authors": list(hints.authors),
        "number": link.number,
        "full_text": link.full_text,
    }


def test_every_built_in_outlet_has_an_article_a_page_to_be_refused_and_a_seed_document() -> None:
    for outlet in CATALOG:
        asked = [given(case) for case in CASES if case.parent.name == outlet.id]
        outcomes = [each["expect"].get("outcome") for each in asked]
        assert "article" in outcomes, f"{outlet.id} has no article"
        assert "rejected" in outcomes, f"{outlet.id} has no page to be refused"
        assert any("seed" in each for each in asked), f"{outlet.id} has no seed document"


@pytest.mark.parametrize("case", CASES, ids=map(named, CASES))
def test_a_case_is_of_its_outlet_and_an_article_matches_its_pattern(case: Path) -> None:
    asked = given(case)
    assert asked["outlet"] == case.parent.name
    assert file_of(case).is_file()
    if asked["expect"].get("outcome") == "article":
        assert CATALOG.get(asked["outlet"]).is_article(asked["url"])
        owner = CATALOG.of_host(host_of(asked["url"]))
        assert owner is not None
        assert owner.id == case.parent.name


def test_every_page_has_a_case() -> None:
    named = {file_of(case) for case in CASES}
    pages = {path for path in FOLDER.glob("*/*") if path.suffix != ".json"}
    assert pages == named

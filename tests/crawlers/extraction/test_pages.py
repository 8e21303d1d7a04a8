"""Pages that we wrote, and what a person says they hold: each field is a test of its own.

To add a page: put it into `pages/`, and beside it a JSON file with "page", "url" and perhaps "outlet" or "content_type".
The first run writes what came out under "unread" and fails; read it, correct it, and rename that key to "expect".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawlers.catalog import load_outlets
from crawlers.extraction import extract
from crawlers.extraction.batch import as_row

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
CASES = sorted(PAGES.glob("*.json"))
UNSAID = frozenset({"id", "detail"})


@cache
def result(case: Path) -> dict[str, Any]:
    given = json.loads(case.read_text(encoding="utf-8"))
    outlet = load_outlets().get(given["outlet"]) if given.get("outlet") else None
    html = (PAGES / given["page"]).read_bytes()
    found = extract(html, given["url"], outlet, content_type=given.get("content_type"), now=NOW)
    return as_row(None, found)


def fields() -> list[Any]:
    found = []
    for case in CASES:
        expected = json.loads(case.read_text(encoding="utf-8")).get("expect", {})
        found.extend(pytest.param(case, field, id=f"{case.stem}-{field}") for field in expected)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_person_has_read_what_the_page_gives(case: Path) -> None:
    given = json.loads(case.read_text(encoding="utf-8"))
    if "expect" in given:
        return
    given["unread"] = {key: value for key, value in result(case).items() if key not in UNSAID}
    case.write_text(json.dumps(given, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    pytest.fail(f"{case.name}: read what came out under 'unread', correct it, and call it 'expect'")


@pytest.mark.parametrize(("case", "field"), fields())
def test_the_field_is_as_expected(case: Path, field: str) -> None:
    expected = json.loads(case.read_text(encoding="utf-8"))["expect"]
    assert result(case)[field] == expected[field]


def test_every_page_has_an_expectation() -> None:
    named = {json.loads(case.read_text(encoding="utf-8"))["page"] for case in CASES}
    assert {path.name for path in PAGES.iterdir() if path.suffix != ".json"} == named


def test_the_pages_are_of_many_kinds() -> None:
    expected = [json.loads(case.read_text(encoding="utf-8")).get("expect", {}) for case in CASES]
    assert len({expect.get("language") for expect in expected}) > 10
    assert len({expect.get("reason") for expect in expected}) > 8

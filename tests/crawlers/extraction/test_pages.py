"""Pages that we wrote, and what a person says they hold: each field is a test of its own.

To add a page: put it into `pages/` and run these tests. The first run writes a JSON file beside it, with what came out
under "unread", and fails: give it the right "url", perhaps "outlet" or "content_type", read what stands there, correct
it, and rename that key to "expect". A field that is known to be missed is named under "misses", with the reason; its
test must fail, so whoever mends it has to take the name off.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.crawlers.extraction import gate
from tests.crawlers.extraction.gate import PAGES, FloorError, cases, given, result


def fields() -> list[Any]:
    found = []
    for case in cases():
        asked = given(case)
        for field in asked.get("expect", {}):
            reason = asked.get("misses", {}).get(field)
            marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
            found.append(pytest.param(case, field, id=f"{case.stem}-{field}", marks=marks))
    return found


def test_a_person_has_read_what_every_page_gives() -> None:
    unread = gate.drafted()
    assert unread == [], "read what came out under 'unread', correct it, and call it 'expect'"


@pytest.mark.parametrize(("case", "field"), fields())
def test_the_field_is_as_expected(case: Path, field: str) -> None:
    assert result(case)[field] == given(case)["expect"][field]


def test_the_pages_are_many_and_of_many_kinds() -> None:
    expected = [given(case).get("expect", {}) for case in cases()]
    pages = {path for path in PAGES.iterdir() if path.suffix != ".json"}
    assert len(pages) >= 60
    assert len({expect.get("language") for expect in expected}) > 15
    assert len({expect.get("reason") for expect in expected}) > 8


def test_no_score_is_below_its_floor() -> None:
    assert gate.fallen(given(gate.FLOORS)["floors"], gate.reached()) == []


PAGE = (
    '<html lang="en"><head><title>A title of some words</title></head><body><article><h1>A title of some words</h1>'
    f"<p>{'The council met on the day after and spoke of the harbour and of the ferry. ' * 6}</p></article></body></html>"
)


class TestTheGateItself:
    def test_a_page_that_is_dropped_is_drafted_once_and_fails_until_it_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "new.html").write_text(PAGE, encoding="utf-8")
        assert gate.drafted(tmp_path) == ["new.json"]
        draft = given(tmp_path / "new.json")
        assert draft["unread"]["title"] == "A title of some words"
        assert "expect" not in draft
        gate._write(tmp_path / "new.json", draft | {"unread": {"title": "as a person corrects it"}})
        assert gate.drafted(tmp_path) == ["new.json"]
        assert given(tmp_path / "new.json")["unread"] == {"title": "as a person corrects it"}
        gate._write(
            tmp_path / "new.json", {"page": "new.html", "url": "https://a.example/news/new", "expect": {"title": "T"}}
        )
        assert gate.drafted(tmp_path) == []

    def test_scores_are_those_of_what_a_person_expects(self, tmp_path: Path) -> None:
        (tmp_path / "new.html").write_text(PAGE, encoding="utf-8")
        expect = {"outcome": "article", "title": "A title of some words", "language": "en", "authors": ["Jane Doe"]}
        gate._write(tmp_path / "new.json", {"page": "new.html", "url": "https://a.example/news/new", "expect": expect})
        assert gate.reached(tmp_path) == {"all": {"title": 1.0, "authors": 0.0}, "en": {"title": 1.0, "authors": 0.0}}

    def test_a_floor_is_raised_freely_and_lowered_only_for_a_reason(self, tmp_path: Path) -> None:
        floors = tmp_path / "floors.json"
        assert gate.set_floors(floors, {"all": {"title": 0.5}}) == []
        assert gate.set_floors(floors, {"all": {"title": 0.9}}) == []
        with pytest.raises(FloorError, match=r"all: title is 0\.8, its floor 0\.9.*--lower REASON"):
            gate.set_floors(floors, {"all": {"title": 0.8}})
        assert given(floors)["floors"] == {"all": {"title": 0.9}}
        assert gate.set_floors(floors, {"all": {"title": 0.8}}, "a page was wrong") != []
        assert given(floors)["lowered"][0]["reason"] == "a page was wrong"

    def test_a_language_that_disappears_has_fallen(self) -> None:
        assert gate.fallen({"az": {"title": 0.9}}, {"all": {"title": 1.0}}) == ["az: title is 0.0, its floor 0.9"]

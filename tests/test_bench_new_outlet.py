"""bench.new_outlet: surveys of stand-ins propose what the shipped outlet files say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bench import new_outlet
from bench.new_outlet import Compared, compare, same_pattern
from bench.outlet_stand_in import StandIn
from crawlers.catalog import load_outlets
from crawlers.outlet import Urls

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)


@pytest.mark.long
def test_nine_tenths_of_patterns_and_seeds_are_equal(capsys: pytest.CaptureFixture[str]) -> None:
    compared = [compare(outlet, NOW) for outlet in load_outlets() if outlet.examples]
    assert len(compared) >= 5
    assert new_outlet._sum_up(compared) == 0, "\n".join(map(str, compared))
    assert all(one.requests <= 45 for one in compared)


def test_a_pattern_that_misses_an_article_or_its_day_is_another() -> None:
    outlet = load_outlets().get("gazeta_uz")
    site = StandIn(outlet, NOW)
    assert same_pattern(outlet, outlet, site)
    for wrong in (
        outlet.urls.article.pattern.replace("en|ru", "ru"),
        outlet.urls.article.pattern.replace("?P<day>", "?:"),
        "gazeta",
    ):
        other = outlet.model_copy(update={"urls": Urls.model_validate({"article": wrong})})
        assert not same_pattern(outlet, other, site), wrong


def test_the_sum_fails_below_the_aim(capsys: pytest.CaptureFixture[str]) -> None:
    assert new_outlet._sum_up([Compared("a", True, 9, ("feed x",))]) == 0
    assert new_outlet._sum_up([Compared("a", False, 9, ("feed x",))]) == 1
    assert "0 of 1 patterns and 8 of 9 seeds are equal (80%)" in capsys.readouterr().out

"""`pressrun backfill` of an outlet that has nothing but a counter."""

from __future__ import annotations

from pathlib import Path

from tests.calling import Pressrun
from tests.counter_site import CounterSite

DAY = ("--from", "2025-01-10", "--to", "2025-01-10")


def test_a_budget_is_kept_and_the_same_call_goes_on(pressrun: Pressrun, tmp_path: Path) -> None:
    with CounterSite() as site:
        site.write_outlet(tmp_path / "mine")
        words = ("backfill", "counter", *DAY, "--outlets", tmp_path / "mine")
        plan = pressrun(*words, "--plan")
        assert plan.code == 0, plan
        assert "id_range\tyes" in plan.out
        assert site.asked == []
        cut = pressrun(*words, "--budget", 60)
        assert cut.code == 0, cut
        assert ": the budget of 60 requests is used up; the rest waits" in cut.out
        assert 50 < len(site.asked) <= 60
        whole = pressrun(*words)
        assert whole.code == 0, whole
        assert "budget" not in whole.out
        assert len(site.asked) == len(set(site.asked))
        assert "all days are finished" in pressrun(*words).out


def test_azernews_can_be_backfilled_as_it_is_shipped(pressrun: Pressrun) -> None:
    plan = pressrun("backfill", "azernews", "--from", "2024-06-01", "--to", "2024-06-30", "--plan", "--json").json
    [azernews] = plan
    assert azernews["serves"]
    [counter] = [seed for seed in azernews["seeds"] if seed["kind"] == "id_range"]
    assert counter["serves"]
    assert 800 < azernews["requests"] < 3000

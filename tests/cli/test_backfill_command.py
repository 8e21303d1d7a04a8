"""`pressrun backfill` over the demo's press: its plan, its seeds, its budget."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.demo.press import Press
from tests.calling import Pressrun

SPAN = ("--from", "2025-09-01", "--to", "2025-10-31")


@pytest.fixture(name="press")
def a_press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    with Press() as press:
        monkeypatch.setenv("PRESSRUN_OUTLETS", str(press.outlet_folder))
        yield press


def requests(press: Press) -> int:
    return press.requests("seed") + press.requests("article")


def test_a_plan_sends_nothing_and_names_every_seed(pressrun: Pressrun, press: Press) -> None:
    said = pressrun("backfill", "demo_xeber", *SPAN, "--plan")
    assert said.code == 0, said
    assert said.out.startswith("demo_xeber: 2 windows")
    assert "seed\tserves\tdocuments\twhy\taddress\n" in said.out
    [plan] = pressrun("backfill", "demo_xeber", *SPAN, "--plan", "--json").json
    assert (plan["outlet"], plan["windows"], plan["serves"]) == ("demo_xeber", 2, True)
    assert requests(press) == 0


def test_a_plan_of_an_outlet_whose_seeds_do_not_reach_back_needs_a_person(pressrun: Pressrun) -> None:
    said = pressrun("backfill", "azernews", *SPAN, "--plan", "--seed", "feed")
    assert said.code == 1
    assert "azernews: no seed serves 2025-09-01 to 2025-10-31" in said.out
    assert "not reached: nothing of 2025-09-01 to 2025-10-31" in said.out


def test_a_backfill_by_one_kind_of_seed_leaves_the_days_for_the_others(pressrun: Pressrun, press: Press) -> None:
    words = ("backfill", "demo_xeber", *SPAN, "--seed", "sitemap")
    assert pressrun(*words).code == 0
    assert len(pressrun("articles", "list", "--json").json) == 6
    assert pressrun(*words).out == "demo_xeber: all days are finished\n"
    fetched = press.requests("article")
    assert pressrun("backfill", "demo_xeber", *SPAN).out.startswith("demo_xeber: 2 windows to do\n")
    assert press.requests("article") == fetched


def test_refetch_asks_again_for_finished_days(pressrun: Pressrun, press: Press) -> None:
    pressrun("backfill", "demo_xeber", *SPAN)
    fetched = press.requests("article")
    assert pressrun("backfill", "demo_xeber", *SPAN, "--refetch").code == 0
    assert press.requests("article") > fetched


def test_a_used_up_budget_leaves_the_older_windows_for_another_run(pressrun: Pressrun, press: Press) -> None:
    said = pressrun("backfill", "demo_xeber", *SPAN, "--budget", 1)
    assert said.code == 0
    assert "demo_xeber: the budget of 1 is used up; left: 2025-10, 2025-09" in said.err
    assert pressrun("backfill", "demo_xeber", *SPAN).code == 0
    assert len(pressrun("articles", "list", "--json").json) == 6


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ("demo_xeber", "--from", "2025-02-01", "--to", "2025-01-01"),
            "the first day (2025-02-01) is after the last day",
        ),
        (("demo_xeber", "--from", "2025-02-01", "--to", "2999-01-01"), "the last day (2999-01-01) is in the future"),
        (("demo_xeber", *SPAN, "--seed", "wordpres"), "demo_xeber has no seed of the kind wordpres; its file has: "),
        (("nosuch", *SPAN), "there is no outlet 'nosuch'"),
    ],
)
def test_wrong_use_is_one_line_and_sends_nothing(
    pressrun: Pressrun, press: Press, words: tuple[str, ...], line: str
) -> None:
    said = pressrun("backfill", *words)
    assert said.code == 2
    assert line in said.line
    assert requests(press) == 0

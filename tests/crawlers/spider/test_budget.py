"""How many requests a run may still send."""

from __future__ import annotations

from crawlers.spider.budget import Budget
from crawlers.spider.tally import Tally


def test_requests_of_every_role_count_and_those_under_way_are_kept_free() -> None:
    tally = Tally()
    budget = Budget(4, tally)
    for role in ("robots", "seed", "page"):
        assert not budget.used_up
        tally.request(role)
    assert (budget.left(), budget.left(under_way=1), budget.used_up) == (1, 0, False)
    tally.request("page")
    tally.request("page")  # a redirect of the last page
    assert (budget.left(), budget.used_up) == (0, True)


def test_without_a_limit_nothing_is_ever_used_up() -> None:
    tally = Tally()
    tally.request("page")
    assert Budget(None, tally).left() is None
    assert not Budget(None, tally).used_up

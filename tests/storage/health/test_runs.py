"""Findings from the counts of runs: blocked, changed layout, stale dates, copies only, slow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from storage.health.runs import RunFacts, judge_runs, judgeable

from .series import LAST


def a_run(nights_ago: int, *, seconds: float = 60, error: str | None = None, **counts: Any) -> RunFacts:
    usual = {"stored": 20, "copies": 2, "articles": articles(20), "reasons": {}}
    return RunFacts(LAST - timedelta(days=nights_ago), seconds, usual | counts, error)


def articles(number: int, **other: float) -> dict[str, float]:
    usual = {"number": number, "title": number, "published_at": number, "authors": number * 0.8, "words": 300 * number}
    return usual | {"delay_hours": 2.0} | other


def past(first: int = 1, **more: Any) -> list[RunFacts]:
    return [a_run(first + n, **more) for n in range(30)]


def kinds(runs: list[RunFacts], **fill: float) -> list[tuple[str, str]]:
    return [(one.kind, one.severity) for one in judge_runs(runs, fill)]


def test_runs_as_usual_have_no_finding() -> None:
    assert kinds([a_run(0), *past()], title=1.0, published_at=0.99, authors=0.7) == []


def test_a_first_run_has_no_finding() -> None:
    assert kinds([a_run(0, articles=articles(20, stale=20))]) == []


@pytest.mark.parametrize("reason", ["rejected:challenge", "failed:http_403", "put_back:http_429", "rejected:robots"])
def test_pages_that_are_refused_now_are_blocked(reason: str) -> None:
    now = a_run(0, stored=1, rejected=19, reasons={reason: 19}, articles=articles(1))
    (found,) = judge_runs([now, *past()], {})
    assert (found.kind, found.severity, found.since) == ("blocked", "error", LAST)
    assert "19 of its last 20 pages" in found.evidence


def test_seeds_that_are_refused_are_blocked_since_the_first_such_run() -> None:
    error = "example: none of its seeds could be read (http_403, timeout); see the run's problems"
    refused = [a_run(n, error=error, stored=0, articles={}) for n in range(3)]
    (found,) = judge_runs([*refused, *past(3)], {})
    assert (found.kind, found.since) == ("blocked", LAST - timedelta(days=2))
    assert "http_403" in found.evidence
    assert "timeout" not in found.evidence


def test_an_unreachable_network_is_not_blocked() -> None:
    error = "example: none of its seeds could be read (dns): is the network up, and does it answer?"
    assert kinds([a_run(0, error=error, stored=0, articles={}), *past()]) == []


def test_an_outlet_that_always_refuses_many_pages_is_not_blocked() -> None:
    same = {"stored": 10, "rejected": 12, "reasons": {"rejected:challenge": 12}}
    assert kinds([a_run(0, **same), *past(**same)]) == []


def test_pages_that_give_no_article_any_more_are_a_changed_layout() -> None:
    now = a_run(0, stored=2, rejected=18, reasons={"rejected:not_article": 18}, articles=articles(2))
    assert kinds([now, *past()]) == [("changed_layout", "error")]


def test_a_field_that_is_empty_now_is_a_changed_layout() -> None:
    assert kinds([a_run(0, articles=articles(20, authors=1)), *past()]) == [("changed_layout", "warning")]


def test_a_field_below_the_expected_share_is_an_error() -> None:
    assert kinds([a_run(0, articles=articles(20, title=12))], title=1.0) == [("changed_layout", "error")]
    assert kinds([a_run(0, articles=articles(20, authors=9))], authors=0.5) == []  # by chance


def test_texts_that_are_much_shorter_now_are_a_changed_layout() -> None:
    assert kinds([a_run(0, articles=articles(20, words=1600)), *past()]) == [("changed_layout", "warning")]


def scored(number: int, quality: float) -> dict[str, float]:
    return articles(number, quality=quality)


def test_a_median_of_quality_that_falls_is_doubtful() -> None:
    usual = [a_run(1 + n, articles=scored(20, 0.95 if n % 2 else 0.94)) for n in range(30)]
    (found,) = judge_runs([a_run(0, articles=scored(20, 0.71)), *usual], {})
    assert (found.kind, found.severity, found.since) == ("doubtful", "warning", LAST)
    assert "is 0.71; 0.94 is usual" in found.evidence.replace("0.95 is", "0.94 is")
    assert "pressrun articles review" in found.advice
    assert "doubtful" in judgeable([a_run(0, articles=scored(20, 0.71)), *usual])


@pytest.mark.parametrize("now", [0.9, 0.95, 1.0])
def test_one_that_stays_about_the_same_is_not(now: float) -> None:
    assert kinds([a_run(0, articles=scored(20, now)), *past(articles=scored(20, 0.95))]) == []


def test_nor_is_one_that_scattered_before_or_is_of_few_articles_or_new() -> None:
    scattered = [a_run(1 + n, articles=scored(20, 0.9 - 0.1 * (n % 4))) for n in range(30)]
    assert kinds([a_run(0, articles=scored(20, 0.6)), *scattered]) == []
    assert kinds([a_run(0, articles=scored(3, 0.6))]) == []
    assert kinds([a_run(0, articles=scored(20, 0.6)), *past(articles=scored(20, 0.95))[:5]]) == []
    assert kinds([a_run(0, articles=scored(20, 0.6)), *past()]) == []


def test_new_articles_with_old_dates_have_stale_dates() -> None:
    assert kinds([a_run(0, articles=articles(20, stale=18)), *past()]) == [("stale_dates", "warning")]


def test_an_outlet_that_only_copies_now_is_told() -> None:
    assert kinds([a_run(0, stored=0, copies=20), *past()]) == [("copies_only", "warning")]


def test_an_outlet_that_always_copied_is_not_told() -> None:
    assert kinds([a_run(0, stored=1, copies=20), *past(stored=1, copies=20)]) == []


def test_three_runs_that_take_four_times_as_long_are_slow() -> None:
    slow = [a_run(n, seconds=1500) for n in range(3)]
    assert kinds([*slow, *past(3)]) == [("slow", "warning")]
    assert kinds([*slow[:2], *past(2)]) == []


def test_news_that_is_stored_days_late_is_slow() -> None:
    late = [a_run(n, articles=articles(20, delay_hours=50)) for n in range(3)]
    assert kinds([*late, *past(3)]) == [("slow", "warning")]


def test_a_night_without_news_ends_no_finding_of_the_layout() -> None:
    empty = a_run(0, stored=0, copies=0, articles={})
    assert "changed_layout" not in judgeable([empty, *past()])
    assert "changed_layout" in judgeable([a_run(0), *past()])

"""The figures of a run's articles: exact enough to judge by, and in the same memory for any number of pages."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from crawlers.spider.article_tally import ArticleTally, RunningMedian
from storage.frontier import Lease
from storage.model import Article, DateSource, Hints, Precision, Published


@pytest.mark.parametrize("values", [[1.0], [1.0, 2.0], [3.0, 1.0, 2.0, 2.0], [0.0, 0.0, 719.0], [0.25, 0.5, 0.75]])
def test_the_running_median_is_the_median(values: list[float]) -> None:
    running = RunningMedian()
    for value in values:
        running.add(value)
    assert running.value == median(values)


def test_no_values_have_no_median() -> None:
    with pytest.raises(ValueError, match="without values"):
        _ = RunningMedian().value


def test_the_running_median_keeps_three_digits() -> None:
    chance, running = random.Random(1), RunningMedian()
    values = [chance.uniform(0, 720) for _ in range(5_000)]
    for value in values:
        running.add(value)
    assert running.value == pytest.approx(median(values), rel=0.005)


def test_a_tally_does_not_grow_with_its_articles() -> None:
    chance, tally = random.Random(2), ArticleTally()
    for n in range(20_000):
        tally.note(an_article(n, hours=chance.uniform(0, 700), quality=chance.random()), a_lease(n))
    assert tally.as_dict()["number"] == 20_000
    assert len(tally.delays) + len(tally.qualities) < 5_000  # of 40,000 values


def a_lease(n: int) -> Lease:
    return Lease(n, f"https://news.example/{n}", Hints(), None, None, 0, alone=False, known_article=False)


def an_article(n: int, hours: float, quality: float) -> Article:
    published = Published(datetime.now(UTC) - timedelta(hours=hours), Precision.MINUTE, DateSource.JSON_LD, "then")
    return Article(f"https://news.example/{n}", "A headline", "A text.", published=published, quality=quality)

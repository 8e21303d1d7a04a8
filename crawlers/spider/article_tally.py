"""What the articles of a run have: the figures by which the health of an outlet is judged."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from crawlers.filled_fields import filled_fields
from storage.frontier import Lease
from storage.model import Article, Precision, Published

STALE = timedelta(days=30)  # news that is older when it is first seen has a wrong date, or is none
AHEAD = timedelta(days=1)


class RunningMedian:
    """The median of any number of values, to three digits. It keeps how often each occurs, and not the values."""

    def __init__(self) -> None:
        self._counts: Counter[float] = Counter()

    def __len__(self) -> int:
        """The number of different values that are kept: at most 900 for each power of ten."""
        return len(self._counts)

    def add(self, value: float) -> None:
        """Count a value."""
        self._counts[float(f"{value:.3g}")] += 1

    @property
    def value(self) -> float:
        """The median; ValueError if there is no value."""
        if not self._counts:
            raise ValueError("no median without values")
        values = sorted(self._counts)
        upto = list(accumulate(self._counts[value] for value in values))
        return (values[bisect(upto, (upto[-1] - 1) // 2)] + values[bisect(upto, upto[-1] // 2)]) / 2


class ArticleTally:
    """Counts new articles of news pages and the fields that they have."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self.qualities = RunningMedian()
        self.delays = RunningMedian()  # hours from publication to the fetch

    def note(self, article: Article, lease: Lease) -> None:
        """Count an article, unless its page was read before or its number was tried."""
        if lease.known_article or lease.tried or lease.fetch_url:
            return
        self._numbers.update(("number", *filled_fields(article)))
        self._numbers["words"] += len(article.text.split())
        if article.quality is not None:
            self.qualities.add(article.quality)
        if article.published is not None:
            self._note_date(article.published, datetime.now(UTC))

    def _note_date(self, published: Published, now: datetime) -> None:
        age = now - published.at
        if age > STALE or age < -AHEAD:
            self._numbers["stale"] += 1
        elif published.precision is not Precision.DAY:
            self.delays.add(round(max(age.total_seconds() / 3600, 0.0), 2))

    def as_dict(self) -> dict[str, float]:
        """Return the numbers; empty without an article."""
        delay = {"delay_hours": round(self.delays.value, 2)} if self.delays else {}
        quality = {"quality": round(self.qualities.value, 3)} if self.qualities else {}
        return dict(self._numbers) | delay | quality

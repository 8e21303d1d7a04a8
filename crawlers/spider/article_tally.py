"""What the articles of a run have: the figures by which the health of an outlet is judged."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median

from crawlers.filled_fields import filled_fields
from storage.frontier import Lease
from storage.model import Article, Precision, Published

STALE = timedelta(days=30)  # news that is older when it is first seen has a wrong date, or is none
AHEAD = timedelta(days=1)


class ArticleTally:
    """Counts new articles of news pages and the fields that they have."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._qualities: list[float] = []
        self._delays: list[float] = []  # hours from publication to the fetch

    def note(self, article: Article, lease: Lease) -> None:
        """Count an article, unless its page was read before or its number was tried."""
        if lease.known_article or lease.tried or lease.fetch_url:
            return
        self._numbers.update(("number", *filled_fields(article)))
        self._numbers["words"] += len(article.text.split())
        if article.quality is not None:
            self._qualities.append(article.quality)
        if article.published is not None:
            self._note_date(article.published, datetime.now(UTC))

    def _note_date(self, published: Published, now: datetime) -> None:
        age = now - published.at
        if age > STALE or age < -AHEAD:
            self._numbers["stale"] += 1
        elif published.precision is not Precision.DAY:
            self._delays.append(max(age.total_seconds() / 3600, 0.0))

    def as_dict(self) -> dict[str, float]:
        """Return the numbers; empty without an article."""
        delay = {"delay_hours": round(median(self._delays), 2)} if self._delays else {}
        quality = {"quality": round(median(self._qualities), 3)} if self._qualities else {}
        return dict(self._numbers) | delay | quality

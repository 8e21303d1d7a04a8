"""Figures of outlets: articles and copies apart, and the date of the newest."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.database import Database
from storage.jobs import articles_by_outlet, import_rows, newest_article_at

TEXT = " ".join(f"word{n} of a report on the harbour" for n in range(20))
OTHER = " ".join(f"line{n} about a valley and its orchards" for n in range(20))


def _row(outlet: str, text: str, published_at: str | None) -> dict[str, object]:
    url = f"https://{outlet}.example/{abs(hash((text, published_at)))}"
    return {"url": url, "title": "A title", "text": text, "outlet": outlet, "published_at": published_at}


def test_copies_are_counted_apart_from_articles(database: Database) -> None:
    rows = [
        _row("herald", TEXT, "2026-01-01T10:00:00+00:00"),
        _row("courier", TEXT, "2026-01-01T12:00:00+00:00"),
        _row("courier", OTHER, "2026-01-02T12:00:00+00:00"),
    ]
    import_rows(database, list(enumerate(rows, 1)))
    assert articles_by_outlet(database) == ({"herald": 1, "courier": 1}, {"courier": 1})
    assert articles_by_outlet(database, ("courier", "nobody")) == ({"courier": 1}, {"courier": 1})


def test_the_newest_article_is_the_last_by_publication_or_first_sight(database: Database) -> None:
    assert newest_article_at(database, "herald") is None
    import_rows(database, [(1, _row("herald", TEXT, "2026-01-01T10:00:00+00:00"))])
    assert newest_article_at(database, "herald") == datetime(2026, 1, 1, 10, tzinfo=UTC)
    before = datetime.now(UTC)
    import_rows(database, [(2, _row("herald", OTHER, None))])
    found = newest_article_at(database, "herald")
    assert found is not None
    assert found >= before

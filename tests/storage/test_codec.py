"""Values of the model as JSON and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codec import from_json, hints_from_json, hints_to_json, to_json
from storage.model import Article, DateSource, Hints, Precision, Published

ZONES = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
BOUNDS = datetime(1800, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - hypothesis adds the time zones
INSTANTS = st.datetimes(*BOUNDS, timezones=ZONES)
PUBLISHED = st.builds(
    Published, at=INSTANTS, precision=st.sampled_from(Precision), source=st.sampled_from(DateSource), raw=st.text()
)
OPTIONAL = st.none() | st.text(min_size=1)
AUTHORS = st.lists(st.text()).map(tuple)
ARTICLES = st.builds(
    Article, url=st.text(), title=st.text(), text=st.text(), authors=AUTHORS, published=st.none() | PUBLISHED,
    language=OPTIONAL, section=OPTIONAL, credit=OPTIONAL, image=OPTIONAL, canonical_url=OPTIONAL,
)  # fmt: skip


@given(ARTICLES)
def test_an_article_comes_back_as_it_was(article: Article) -> None:
    assert from_json(Article, json.loads(json.dumps(to_json(article)))) == article


def test_local_time_before_time_zones_keeps_its_seconds() -> None:
    at = datetime(1900, 1, 1, tzinfo=ZoneInfo("Asia/Baku"))
    published = Published(at, Precision.DAY, DateSource.META, "1900")
    back = from_json(Published, json.loads(json.dumps(to_json(published))))
    assert back.at.isoformat() == "1900-01-01T00:00:00+03:19:24"


def test_half_a_surrogate_pair_does_not_stop_an_article() -> None:
    article = Article(url="https://a.example/1", title="a\ud800b", text="c")
    assert from_json(Article, json.loads(json.dumps(to_json(article)).encode())) == article


def test_hints_are_stored_without_what_is_missing_and_without_what_databases_refuse() -> None:
    published = Published(datetime(2025, 3, 4, 9, 30, tzinfo=UTC), Precision.MINUTE, DateSource.FEED, "x\x00" * 300)
    hints = Hints(title="a\x00b", published=published, authors=("c\x00", "d"))
    row = hints_to_json(hints)
    assert row == {
        "title": "ab",
        "published": {"at": "2025-03-04T09:30:00+00:00", "precision": "minute", "source": "feed", "raw": "x" * 200},
        "authors": ["c", "d"],
    }
    assert hints_from_json(json.loads(json.dumps(row))).authors == ("c", "d")
    assert hints_to_json(Hints()) == {}
    assert hints_from_json({}) == Hints()


@pytest.mark.parametrize(
    "raw", [{"published": {"at": "yesterday"}}, {"published": {"precision": "day"}}, {"modified": 7}]
)
def test_json_of_another_kind_is_an_error(raw: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        hints_from_json(raw)

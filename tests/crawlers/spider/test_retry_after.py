"""Retry-After in both its forms."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from crawlers.spider.retry_after import retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_seconds() -> None:
    assert retry_after("120", NOW) == NOW + timedelta(minutes=2)


def test_an_http_date() -> None:
    assert retry_after(format_datetime(NOW + timedelta(hours=2), usegmt=True), NOW) == NOW + timedelta(hours=2)


@pytest.mark.parametrize("value", ["99999999999999999999", format_datetime(NOW + timedelta(days=900))])
def test_an_absurd_wait_is_kept_to_a_day(value: str) -> None:
    assert retry_after(value, NOW) == NOW + timedelta(hours=24)


@pytest.mark.parametrize("value", [None, "", "0", "-5", "soon", "1.5", format_datetime(NOW - timedelta(hours=1)), "²"])
def test_missing_past_and_unreadable_values_say_nothing(value: str | None) -> None:
    assert retry_after(value, NOW) is None

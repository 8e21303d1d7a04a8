"""Bytes that are refused before parsing."""

from __future__ import annotations

import pytest

from crawlers.extraction.page.guard import refuse_bytes
from crawlers.extraction.result import Reason


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"%PDF-1.4 ...", Reason.NOT_HTML),
        (b'{"a": 1}', Reason.NOT_HTML),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', Reason.NOT_HTML),
        (b"just words", Reason.NOT_HTML),
        (b"\x89PNG\r\n", Reason.NOT_HTML),
        (b"<p>" + b"x" * 17_000_000, Reason.HOSTILE),
    ],
)
def test_bytes_that_are_no_page_are_refused_before_parsing(html: bytes, reason: Reason) -> None:
    refused = refuse_bytes(html, "text/html")
    assert refused is not None
    assert refused.reason is reason


def test_a_long_value_is_not_taken_for_many_attributes() -> None:
    state = '{"a": "b" c="d"} ' * 3000
    assert refuse_bytes(f"<html><script data-state='{state}'></script><p>x</p>".encode(), None) is None

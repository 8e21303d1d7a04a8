"""What a server sent is cleaned and limited where it enters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse

from crawlers.spider.answers import MAX_HEADERS, MAX_URL, Answer, Headers, answer_of, check_status, clean_headers
from crawlers.spider.errors import BadStatusError, HeadersTooLargeError
from storage.frontier import Rejected

URL = "https://example.az/news/1"


def answered(headers: Headers, url: str = URL, hops: tuple[str, ...] = ()) -> Answer | Rejected:
    request = Request(URL, meta={"raw": (clean_headers(headers), b"<p>"), "redirect_urls": list(hops)})
    response = HtmlResponse(url, headers=_by_name(headers), body=b"<p>", request=request)
    return answer_of(response)


def _by_name(headers: Headers) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1"), []).append(value)
    return found


@pytest.mark.parametrize("status", [100, 200, 304, 599, 999])
def test_three_digits_are_a_status(status: int) -> None:
    check_status(status)


@pytest.mark.parametrize("status", [0, 42, 99, 1000, -200, 10**10, 10**20])
def test_anything_else_is_none(status: int) -> None:
    with pytest.raises(BadStatusError):
        check_status(status)


@given(st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=60)), max_size=8))
def test_no_header_can_break_a_message(headers: Headers) -> None:
    for name, value in clean_headers(headers):
        assert re.fullmatch(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name)
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", value)
        assert value == value.strip(b" \t")


@given(
    st.binary(max_size=60).filter(lambda value: value == value.strip() and not re.search(rb"[\x00-\x1f\x7f]", value))
)
def test_a_value_without_control_characters_stays_byte_for_byte(value: bytes) -> None:
    assert clean_headers([(b"Link", value)]) == [(b"Link", value)]


def test_what_no_name_can_hold_is_percent_encoded() -> None:
    named = clean_headers([("Başlıq".encode(), b"1"), (b"X Odd", b"2"), (b"", b"3"), (b"ETag", b"4")])
    assert named == [(b"Ba%C5%9Fl%C4%B1q", b"1"), (b"X%20Odd", b"2"), (b"ETag", b"4")]


def test_headers_are_limited() -> None:
    clean_headers([(b"X", b"a" * (MAX_HEADERS - 1))])
    with pytest.raises(HeadersTooLargeError):
        clean_headers([(b"X", b"a" * (MAX_HEADERS // 2))] * 2)


def test_of_repeated_headers_the_first_counts() -> None:
    answer = answered([(b"X-Twice", b"first"), (b"X-Twice", b"second")])
    assert isinstance(answer, Answer)
    assert answer.headers["x-twice"] == "first"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b'"abc"', '"abc"'),
        (b'W/"\xc7ay"', 'W/"\xc7ay"'),  # sent back byte for byte
        (b'"a\x00b"', None),
        (b'"a\rb"', None),
        (b'"' + b"x" * 2000 + b'"', None),
        (b"", None),
    ],
)
def test_a_validator_is_kept_as_it_came_or_not_at_all(sent: bytes, kept: str | None) -> None:
    answer = answered([(b"ETag", sent), (b"Last-Modified", sent)])
    assert isinstance(answer, Answer)
    assert (answer.etag, answer.last_modified) == (kept, kept)


@pytest.mark.parametrize(("url", "hops"), [(f"{URL}?{'a' * MAX_URL}", ()), (URL, (f"{URL}?{'a' * MAX_URL}",))])
def test_an_address_beyond_the_limit_is_refused_on_redirects_too(url: str, hops: tuple[str, ...]) -> None:
    refused = answered([], url, hops)
    assert isinstance(refused, Rejected)
    assert refused.reason == "url_too_long"

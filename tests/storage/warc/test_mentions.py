"""An address in the answer of an interface: the same one, and none that begins or ends alike."""

from __future__ import annotations

import json

import pytest

from storage.warc.mentions import names_address


@pytest.mark.parametrize(
    "body",
    [
        '{"link": "https://e.ge/news/1"}',
        '{"link": "https://e.ge/news/1/"}',
        '{"link": "https://e.ge:8080//news/1?utm_source=feed"}',
        '{"link": "//e.ge/news/1#top"}',
        '{"link": "e.ge/news/1"}',
        '{"link": "/news/1"}',
        '{"link": "../news/1"}',
        '{"link": "https://e.ge/news/1/amp"}',
        '{"link": "https://e.ge/amp/news/1"}',
        r'{"link": "https:\/\/e.ge\/amp/news/1"}',
        '{"link": "/amp/news/1"}',
        '{"link": "https://e.ge/news/1/index.html"}',
        r'{"text": "One:\n/news/1\nTwo"}',
        '{"text": "See https://e.ge/news/1, or https://e.ge/news/2."}',
        '{"text": "See https://e.ge/news/1."}',
        '{"text": "See «https://e.ge/news/1»"}',
        r'{"text": "<a href=\"https:\/\/e.ge/news/1\">One<\/a>"}',
        r'{"text": "\u003Ca href=\u0022/news/1\u0022\u003EOne"}',
        r'{"text": "one\nhttps://e.ge/news/1\ntwo"}',
        "<link>https://e.ge/news/1</link>",
        "<guid>tag:e.ge,2024:/news/1</guid>",
        "&lt;a href=&quot;/news/1&quot;&gt;",
        "<loc>https://e.ge/news/12</loc><loc>https://e.ge/news/1</loc>",
        "/news/1",
    ],
)
def test_an_address_is_named_in_every_form(body: str) -> None:
    assert names_address(body.encode(), b"/news/1")


@pytest.mark.parametrize(
    "body",
    [
        '{"link": "https://e.ge/news/12"}',
        '{"link": "https://e.ge/news/1-other"}',
        '{"link": "https://e.ge/news/1.html"}',
        '{"link": "https://e.ge/news/1/photos"}',
        '{"link": "https://e.ge/news/1%20a"}',
        '{"link": "https://e.ge/en/news/1"}',
        '{"link": "https://e.ge/news/1/index-of-all"}',
        '{"link": "en/news/1"}',
        '{"link": "https://e.ge/news/1\u10d0"}',
        json.dumps({"link": "https://e.ge/news/1\u10d0"}),
        "<link>https://e.ge/old-news/1</link>",
        "",
    ],
)
def test_an_address_that_begins_or_ends_alike_is_another_one(body: str) -> None:
    assert not names_address(body.encode(), b"/news/1")


def test_slashes_may_be_escaped() -> None:
    assert names_address(rb'{"link": "https:\/\/e.ge\/news\/1\/"}', rb"\/news\/1")
    assert not names_address(rb'{"link": "https:\/\/e.ge\/news\/1\/photos"}', rb"\/news\/1")
    assert not names_address(rb'{"link": "https:\/\/e.ge\/en\/news\/1"}', rb"\/news\/1")


def test_a_query_alone_belongs_to_the_front_page() -> None:
    assert names_address(b"<guid>https://e.ge/?p=12</guid>", b"?p=12")
    assert names_address(b'"?p=12"', b"?p=12")
    assert not names_address(b"<guid>https://e.ge/?p=123</guid>", b"?p=12")
    assert not names_address(b"<guid>https://e.ge/shop/?p=12</guid>", b"?p=12")

"""robots.txt in the encodings that editors save it in, and with a version after our name."""

from __future__ import annotations

import codecs

import pytest
from protego import Protego

from crawlers.spider.robots import AGENT, robots_text

RULES = "User-agent: *\nDisallow: /private/\nAllow: /\n"


def allows(body: bytes, path: str) -> bool:
    return bool(Protego.parse(robots_text(body)).can_fetch(f"https://www.example.az{path}", AGENT))


@pytest.mark.parametrize(
    "body",
    [
        RULES.encode(),
        codecs.BOM_UTF8 + RULES.encode(),
        codecs.BOM_UTF8 * 2 + RULES.encode(),
        codecs.BOM_UTF16_LE + RULES.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + RULES.encode("utf-16-be"),
        RULES.encode("utf-16-le"),
        RULES.encode("utf-16-be"),
        RULES.replace("\n", "\r\n").encode(),
        b"\xff\xfe",
    ],
    ids=["utf-8", "mark", "two marks", "utf-16 le", "utf-16 be", "unmarked le", "unmarked be", "crlf", "a mark alone"],
)
def test_the_rules_of_the_first_group_hold(body: bytes) -> None:
    assert allows(body, "/news/1")
    assert allows(body, "/private/1") == (body == codecs.BOM_UTF16_LE)


@pytest.mark.parametrize("name", ["Pressrun", "pressrun/1.0", "Pressrun/0.1.0 (news archive)", "PRESSRUN/2"])
def test_a_group_for_us_is_ours_whatever_version_it_names(name: str) -> None:
    body = f"User-agent: *\nAllow: /\n\nUser-Agent: {name}\nDisallow: /news/\n".encode()
    assert not allows(body, "/news/1")


def test_a_group_for_another_is_not_ours() -> None:
    assert allows(b"User-agent: PressrunNot/1.0\nDisallow: /\n", "/news/1")

"""robots.txt in the encodings that editors save it in, with a version after our name, and with groups of any agents."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from crawlers.robots_txt import AGENT, MAX_BYTES, parse, robots_text

RULES = "User-agent: *\nDisallow: /private/\nAllow: /\n"


def allows(body: bytes, path: str) -> bool:
    return bool(parse(robots_text(body)).can_fetch(f"https://www.example.az{path}", AGENT))


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


AGENTS = (
    "*", "**", "Pressrun", "PRESSRUN", "press", "p", "P*", "*p", "press*run", "Pressrun*", "run", "PressrunNot", "",
    "Googlebot", "pressrun/1.0", "Press Run", "Pressrun: x", "*: *",
)  # fmt: skip
FIELDS = ("User-agent:", "user-agent :", "USERAGENT:", "User agent:", "user  agent ", "useragent ", "User-agent")
OTHERS = (
    "Disallow: /a", "Disallow:", "disallow /b", "Allow: /a/b", "Disallow: /*c$", "Dissallow: /d", "Disallow: /",
    "Crawl-delay: 3", "crawl delay 7", "Request-rate: 1/9", "Sitemap: https://a.az/s.xml", "sitemap /t.xml",
    "Host: a.az", "Content-Signal: ai-train=no", "Noindex: /a", "nothing", "# a comment", "", "   ", ":", "x:y",
    "Disallow:User-agent: *", "user-agent:Disallow: /", "useragent:x", "Foo:useragent *", "useragent foo: Pressrun",
    "Visit-time: 0100-0200",
)  # fmt: skip
ENDS = ("\n", "\r\n", "\r", " # remark\n", "\n\n", "\x0b", "\x85", "\u2028", "\t\n")
LINES = st.one_of(
    st.tuples(st.sampled_from(("", " ", "\t")), st.sampled_from(FIELDS), st.sampled_from(("", " ")), st.sampled_from(AGENTS))
    .map("".join),
    st.sampled_from(OTHERS),
    st.text(max_size=8),
)  # fmt: skip
PATHS = ("/", "/a", "/a/b", "/b", "/c", "/d", "/x/c", "/robots.txt")


@given(st.lists(st.tuples(LINES, st.sampled_from(ENDS)).map("".join), max_size=14).map("".join))
def test_the_rules_for_us_are_those_that_hold_among_all(text: str) -> None:
    ours, whole = parse(text), Protego.parse(text)
    for path in PATHS:
        url = f"https://a.az{path}"
        assert ours.can_fetch(url, AGENT) == whole.can_fetch(url, AGENT), path
    assert ours.crawl_delay(AGENT) == whole.crawl_delay(AGENT)
    assert ours.request_rate(AGENT) == whole.request_rate(AGENT)
    assert list(ours.sitemaps) == list(whole.sitemaps)


@pytest.mark.parametrize("agent", ["bot{}", "p{}*ressrun", "*{}p"], ids=["others", "asterisks", "behind"])
def test_rules_are_kept_for_one_agent_however_many_a_group_has(agent: str) -> None:
    agents = "".join(f"useragent {agent.format('*' * n)}{n}\n" for n in range(500))
    rules = "".join(f"disallow /{n}\n" for n in range(500))
    parsed = parse(robots_text(f"{agents}User-agent: Pressrun\n{rules}".encode()))
    assert [len(rule_set._rules) for rule_set in parsed._user_agents.values()] == [500]
    assert not parsed.can_fetch("https://a.az/499", AGENT)


def test_what_is_behind_the_limit_is_not_read() -> None:
    assert len(robots_text(b"#" * (MAX_BYTES + 9))) == MAX_BYTES

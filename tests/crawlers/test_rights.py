"""What pages and sites say on the use of their texts by machines."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from crawlers.rights import MOST, SiteRule, of_headers, of_page, of_robots_txt, of_tdmrep


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({"robots": ["index, NoArchive, noai"]}, ("archive=no (meta robots)", "ai=no (meta robots)")),
        ({"robots": ["noindex"], "pressrun": ["noml"]}, ("search=no (meta robots)", "ai=no (meta pressrun)")),
        ({"robots": ["max-snippet:-1, max-image-preview:large"]}, ()),
        ({"tdm-reservation": ["1"], "tdm-policy": ["https://a.az/policy.json"]},
         ("tdm=no (meta tdm-reservation)", "licence https://a.az/policy.json (meta tdm-reservation)")),
        ({"tdm-reservation": ["0"]}, ("tdm=yes (meta tdm-reservation)",)),
        ({"tdm-reservation": ["maybe"]}, ()),
        ({"googlebot": ["noarchive"]}, ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_meta_elements(meta: dict[str, list[str]], said: tuple[str, ...]) -> None:
    assert of_page(meta) == said


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([("X-Robots-Tag", "noarchive"), ("x-robots-tag", "noai")],
         ("archive=no (header x-robots-tag)", "ai=no (header x-robots-tag)")),
        ([("X-Robots-Tag", "googlebot: noarchive")], ()),
        ([("X-Robots-Tag", "Pressrun: noarchive")], ("archive=no (header x-robots-tag)",)),
        ([("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 PST")], ()),
        ([("tdm-reservation", "1")], ("tdm=no (header tdm-reservation)",)),
        ([("Content-Usage", "train-ai=n, search=y")], ("ai=no (header content-usage)", "search=yes (header content-usage)")),
        ([("tdm-reservation", "1"), ("tdm-policy", "javascript:alert(1)")], ("tdm=no (header tdm-reservation)",)),
    ],
)  # fmt: skip
def test_headers(headers: list[tuple[str, str]], said: tuple[str, ...]) -> None:
    assert of_headers(headers) == said


ROBOTS = """
License: https://herald.example/license.xml
User-agent: GPTBot
Content-Signal: search=no
Disallow: /

User-agent: other
User-agent: *
Content-Signal: search=yes, ai-train=no   # since 2025
Content-Usage: /opinion train-ai=n, tdm=n
Disallow: /admin
"""


def test_robots_txt_by_agent_and_path() -> None:
    site = of_robots_txt(ROBOTS)
    general = (
        "licence https://herald.example/license.xml (robots.txt)",
        "search=yes (robots.txt content-signal)",
        "ai=no (robots.txt content-signal)",
    )
    assert site.of("https://herald.example/news/1") == general
    assert site.of("https://herald.example/opinion/2") == (
        *general, "ai=no (robots.txt content-usage)", "tdm=no (robots.txt content-usage)",
    )  # fmt: skip
    assert of_robots_txt("User-agent: *\nDisallow: /").of("https://herald.example/") == ()


def test_tdmrep_by_its_locations() -> None:
    rules = [
        {"location": "/news/*.html$", "tdm-reservation": 1, "tdm-policy": "https://herald.example/tdm.json"},
        {"location": "/free", "tdm-reservation": 0},
    ]
    site = of_tdmrep(json.dumps(rules).encode())
    assert site.of("https://herald.example/news/1.html") == (
        "tdm=no (tdmrep.json)", "licence https://herald.example/tdm.json (tdmrep.json)",
    )  # fmt: skip
    assert site.of("https://herald.example/news/1.html?print") == ()
    assert site.of("https://herald.example/free/1") == ("tdm=yes (tdmrep.json)",)


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"\xff\xfe", b"[" * 100_000, b""])
def test_what_is_no_tdmrep_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no JSON|not a list"):
        of_tdmrep(body)


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("/news/*/print", ["/news/1/print", "/news/a/b/printed"], ["/news/print", "/a/news/1/print"]),
        ("/*.pdf$", ["/a.pdf", "/a.pdf.pdf"], ["/a.pdfs", "/pdf"]),
        ("/a$", ["/a"], ["/ab", "/"]),
        ("/*b*b$", ["/bb", "/ab/b"], ["/b", "/bba"]),
        ("/", ["/", "/a"], ["a"]),
    ],
)
def test_an_asterisk_is_anything_and_a_dollar_the_end(pattern: str, fitting: list[str], others: list[str]) -> None:
    rule = SiteRule(pattern, ())
    assert [path for path in (*fitting, *others) if rule.fits(path)] == fitting


def test_a_pattern_of_many_asterisks_is_refused_as_fast_as_one_of_few() -> None:
    rule = SiteRule("/" + "*a" * 1_000 + "b", ())
    assert not rule.fits("/" + "a" * 2_000)


def test_asterisks_in_a_row_are_one_and_a_pattern_longer_than_any_address_is_none() -> None:
    asterisks = "*" * 500_000
    robots = of_robots_txt(
        f"User-agent: *\nContent-Signal: /{asterisks} ai-train=no\nContent-Usage: /{'*a' * 9_999} tdm=n\n"
    )
    assert [rule.path for rule in robots.rules] == ["/*"]
    locations = ["/news" + asterisks, "/" + "a" * 3_000, "/" + "a" * 2_000]
    rules = [{"location": location, "tdm-reservation": 1} for location in locations]
    assert [rule.path for rule in of_tdmrep(json.dumps(rules).encode()).rules] == ["/news*", locations[2]]


@pytest.mark.parametrize(
    "pattern", ["/", "/a", "/a$", "/*", "/*$", "/*b", "/*b$", "/a*b*c", "/a*a$", "/a**b$", "*", "$"]
)
def test_a_pattern_fits_what_its_expression_does(pattern: str) -> None:
    parts = ".*".join(re.escape(part) for part in pattern.removesuffix("$").split("*"))
    expression = re.compile(parts + (r"\Z" if pattern.endswith("$") else ""))
    paths = ["".join(letters) for length in range(6) for letters in itertools.product("/abc", repeat=length)]
    assert [path for path in paths if SiteRule(pattern, ()).fits(path)] == [p for p in paths if expression.match(p)]


def test_a_site_that_says_much_is_cut_short() -> None:
    assert len(of_headers([("x-robots-tag", "noai")] * 500)) == 1
    many = "".join(f"Content-Usage: /{n} train-ai=n\n" for n in range(100_000))
    assert len(of_robots_txt(many).rules) == MOST

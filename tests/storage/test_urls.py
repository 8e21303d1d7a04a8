"""One key for a page, however it is linked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.urls import canonical_url, host_of, same_site, url_key

ARTICLE = "https://example.az/news/politics/187805.html"


@pytest.mark.parametrize(
    "form",
    [
        "http://example.az/news/politics/187805.html",
        "HTTPS://WWW.Example.AZ/news/politics/187805.html",
        "https://www.example.az./news/politics/187805.html",
        "https://m.example.az/news/politics/187805.html",
        "https://mobile.example.az/news/politics/187805.html",
        "https://amp.example.az/news/politics/187805.html",
        "https://example.az:443/news/politics/187805.html",
        "http://example.az:80/news/politics/187805.html",
        "https://example.az/news/politics/187805.html#comments",
        "https://example.az/news/politics/187805.html?utm_source=feed&utm_medium=rss",
        "https://example.az/news/politics/187805.html?fbclid=abc&gclid=def&yclid=1",
        "https://example.az/news/politics/187805.html?ref=telegram&from=main",
        "https://example.az/news/politics/187805.html?PHPSESSID=0123456789abcdef",
        "https://example.az/news/politics/187805.html;jsessionid=0123",
        "https://example.az/news//politics/./x/../187805.html",
        "https://example.az/amp/news/politics/187805.html",
        "https://example.az/news/politics/187805.html/amp",
        "https://example.az/news/politics/187805.html?amp=1",
        "https://example.az/news/politics/187805.html?",
        "  https://example.az/news/politics/187805.html\n",
        "https://example.az/news/%70olitics/187805.html",
        "https://www1.example.az/news/politics/187805.html",
        "https://example.az/news/politics/187805.amp.html",
        "https://example.az/news/politics/187805.html?view=amp",
        "https://example.az/news/politics/187805.html?srsltid=AfmBOoq1&mibextid=Zxz2cZ",
        "https://example.az/news/politics/187805.html?guccounter=1&guce_referrer=aHR0cHM&guce_referrer_sig=AQAA",
        "https://example.az/news/politics/187805.html?ref_src=twsrc%5Etfw&intcmp=lead",
        "https://example.az/news/politics/187805.html?utm_source=a&amp;utm_medium=b&#038;fbclid=c",
        "https://example.az/news/politics/187805.html?sid=9f86d081884c7d65&session_id=168237428347",
        "https://example.az/news/politics/187805.html?rss=1&cmp=share_btn_tw",
        "https://example.az/news/politics/187805.html?rss",
    ],
)
def test_forms_of_one_address_have_one_key(form: str) -> None:
    assert canonical_url(form) == ARTICLE


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("https://example.az/?p=12", "https://example.az/?p=13"),
        ("https://example.az/a?id=1", "https://example.az/a"),
        ("https://example.az/a?newsid=1", "https://example.az/a?newsid=2"),
        ("https://example.az/a?ref=1024", "https://example.az/a?ref=1025"),
        ("https://example.az/a?lang=en", "https://example.az/a?lang=az"),
        ("https://example.az/A", "https://example.az/a"),
        ("https://en.example.az/a", "https://ru.example.az/a"),
        ("https://news.example.az/a", "https://sport.example.az/a"),
        ("https://example.az:8080/a", "https://example.az/a"),
        ("https://example.az/#!/a", "https://example.az/#!/b"),
        ("https://example.az/ampere", "https://example.az/"),
        ("https://example.az/a%2Fb", "https://example.az/a/b"),
        ("https://example.az/a?page=1", "https://example.az/a?page=2"),
        ("https://m.az/a", "https://az/a"),
        ("https://m.co.uk/a", "https://co.uk/a"),
        ("https://www.com.tr/a", "https://com.tr/a"),
        ("https://example.az/article.php?sid=4711", "https://example.az/article.php?sid=4712"),
        ("https://example.az/article.php?sid=4711", "https://example.az/article.php"),
        ("https://example.az/a?session_id=88123", "https://example.az/a?session_id=88124"),
        ("https://example.az/a?cmp=301", "https://example.az/a?cmp=302"),
        ("https://example.az/index.php?rss=12", "https://example.az/index.php?rss=13"),
        ("https://example.az/a?view=full", "https://example.az/a"),
        ("https://example.az/a?id=1&amp;page=2", "https://example.az/a?id=1"),
        ("https://example.az/a.amp.html", "https://example.az/a"),
        ("https://example.az/a%23b", "https://example.az/a#b"),
    ],
)
def test_look_alikes_stay_apart(a: str, b: str) -> None:
    assert canonical_url(a) != canonical_url(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("https://example.az/o%27neill", "https://example.az/o'neill"),
        ("https://example.az/list%5B2%5D", "https://example.az/list[2]"),
        ("https://example.az/a?x%5B%5D=1", "https://example.az/a?x[]=1"),
        ("https://example.az/a?id=1&amp;page=2", "https://example.az/a?page=2&id=1"),
        ("https://m.example.co.uk/a", "https://www.example.co.uk/a"),
        ("https://www.m.example.com.az/a", "https://example.com.az/a"),
        ("https://www.com/a", "http://www.com/a"),
    ],
)
def test_ways_of_writing_one_address_have_one_key(a: str, b: str) -> None:
    assert canonical_url(a) == canonical_url(b)


@pytest.mark.parametrize(
    "text", ["", "news", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.az", "http://", "//x/y"]
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        canonical_url(text)


@given(st.text(max_size=60))
def test_it_is_total_and_idempotent(tail: str) -> None:
    try:
        once = canonical_url(f"https://example.az/{tail}")
    except ValueError:
        return
    assert canonical_url(once) == once
    assert len(url_key(once)) == 16


def test_names_in_other_scripts_are_one_with_their_ascii_form() -> None:
    assert canonical_url("https://пример.рф/новости") == canonical_url(
        "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"
    )


def test_a_site_is_a_host_and_its_subdomains() -> None:
    assert same_site("https://www.example.az/a", "http://m.example.az/b")
    assert same_site("https://en.example.az/a", "https://example.az/b")
    assert not same_site("https://example.az/a", "https://example.ge/a")
    assert not same_site("https://notexample.az/a", "https://example.az/a")
    assert host_of("https://WWW.Example.az:8080/a") == "www.example.az"

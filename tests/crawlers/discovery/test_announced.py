"""Seeds that an outlet announces by itself."""

from __future__ import annotations

from crawlers.discovery import announced_feeds, announced_sitemaps

HOME = "https://www.example.az/"


def test_sitemaps_of_the_site_in_robots_txt_are_found() -> None:
    robots = (
        b"User-agent: *\nDisallow: /admin\nSitemap: https://www.example.az/news.xml\nSitemap: https://other.az/s.xml\n"
    )
    assert [seed.url for seed in announced_sitemaps(robots, HOME)] == ["https://www.example.az/news.xml"]


def test_the_first_line_counts_behind_a_byte_order_mark_and_whatever_agents_are_named() -> None:
    robots = b"\xef\xbb\xbfSitemap: https://www.example.az/news.xml\nUser-agent: Other\nSitemap: /map.xml\n"
    found = [seed.url for seed in announced_sitemaps(robots, HOME)]
    assert found == ["https://www.example.az/news.xml", "https://www.example.az/map.xml"]


def test_feeds_in_the_head_of_the_home_page_are_found_once() -> None:
    page = b"""<html><head>
    <link rel="alternate" type="application/rss+xml" href="/rss/all">
    <link rel="alternate" type="application/rss+xml" href="https://www.example.az/rss/all">
    <link rel="alternate" type="application/atom+xml" href="https://elsewhere.az/atom">
    <link rel="alternate" hreflang="ru" href="/ru/">
    <link rel="alternate" type="application/rss+xml" href="http://[broken">
    </head><body></body></html>"""
    assert [seed.url for seed in announced_feeds(page, "text/html", HOME)] == ["https://www.example.az/rss/all"]


def test_nothing_is_found_in_what_is_no_page() -> None:
    assert announced_feeds(b"", None, HOME) == []
    assert announced_sitemaps(b"\xff\xfe\x00", HOME) == []

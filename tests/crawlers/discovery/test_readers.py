"""What seed documents announce: all that can be read, and a word on what cannot."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.discovery import SeedDocument, read_seed
from crawlers.outlet import Outlet
from storage.model import DateSource, Precision

SITE = "https://www.example.az"
SEEDS = [
    {"kind": "feed", "url": f"{SITE}/rss"},
    {"kind": "news_sitemap", "url": f"{SITE}/news.xml"},
    {"kind": "sitemap", "url": f"{SITE}/sitemap.xml"},
    {"kind": "listing", "url": f"{SITE}/latest"},
    {"kind": "listing", "url": f"{SITE}/archive", "pages": f"{SITE}/archive?page={{page}}", "links": "h2 a"},
    {"kind": "wordpress", "url": f"{SITE}/wp-json/wp/v2/posts"},
]
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["az", "en"], "timezone": "Asia/Baku",
        "urls": {"article": rf"^{SITE}/(?P<section>[a-z]+)/(?P<id>\d+)$"}, "seeds": SEEDS,
    }
)  # fmt: skip
FEED, NEWS, SITEMAP, LISTING, ARCHIVE, POSTS = OUTLET.seeds
BAKU = "2025-03-04T14:05:00+04:00"


def read(seed: object, body: str | bytes, url: str | None = None, **headers: str) -> SeedDocument:
    raw = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_seed(seed, OUTLET, url or seed.url, raw, named)  # type: ignore[arg-type, attr-defined]


def urls(reading: SeedDocument) -> list[str]:
    return [link.url.removeprefix(SITE) for link in reading.links]


def rss(*items: str, head: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{head}{"".join(items)}</channel></rss>'


def item(number: int, more: str = "") -> str:
    return f"<item><link>{SITE}/economy/{number}</link>{more}</item>"


class TestFeeds:
    def test_an_item_gives_address_title_instant_authors_language_and_section(self) -> None:
        more = "<title>Limanda &lt;b&gt;yeni&lt;/b&gt; bərə</title><pubDate>Tue, 04 Mar 2025 14:05:00 +0400</pubDate><dc:creator>Leyla Həsən</dc:creator>"
        (link,) = read(FEED, rss(item(7, more), head="<language>az-AZ</language>")).links
        assert link.hints.title == "Limanda yeni bərə"
        assert link.hints.published is not None
        assert link.hints.published.at.isoformat() == BAKU
        assert link.hints.published.source is DateSource.FEED
        assert (link.hints.authors, link.hints.language, link.hints.section) == (("Leyla Həsən",), "az", "economy")

    def test_atom(self) -> None:
        body = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><entry><title>Ferry</title>
        <link rel="edit" href="{SITE}/edit/1"/><link href="/economy/1"/><author><name>Ann Lee</name></author>
        <published>2025-03-04T10:05:00Z</published><updated>2025-03-05T10:05:00Z</updated><category term="Ports"/></entry></feed>"""
        (link,) = read(FEED, body).links
        assert link.url == f"{SITE}/economy/1"
        assert link.hints.modified == datetime(2025, 3, 5, 10, 5, tzinfo=UTC)
        assert (link.hints.authors, link.hints.section, link.hints.language) == (("Ann Lee",), "Ports", "en")

    def test_rdf(self) -> None:
        body = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel/><item rdf:about="{SITE}/economy/1"><title>x</title><dc:date>2025-03-04T14:05:00+04:00</dc:date></item></rdf:RDF>"""
        (link,) = read(FEED, body).links
        assert link.hints.published is not None
        assert link.hints.published.at.isoformat() == BAKU

    def test_json_feed(self) -> None:
        feed = {
            "language": "en",
            "items": [
                {
                    "id": "1",
                    "url": f"{SITE}/economy/1",
                    "title": "Ferry",
                    "date_published": BAKU,
                    "authors": [{"name": "Ann"}],
                },
                7,
            ],
        }
        reading = read(FEED, json.dumps(feed))
        (link,) = reading.links
        assert link.hints.authors == ("Ann",)
        assert reading.problems == ("an item that is no object",)

    @pytest.mark.parametrize(
        "date",
        [
            "04 Mar 2025 14:05 +0400",
            "Tue, 04 Mar 25 14:05:00 +0400",
            "2025-03-04 14:05:00",
            "1741082700",
            "4 mart 2025 14:05",
            "Tue, 4 Mar 2025 10:05:00 GMT",
        ],
    )
    def test_dates_as_feeds_write_them(self, date: str) -> None:
        (link,) = read(FEED, rss(item(1, f"<pubDate>{date}</pubDate>"))).links
        assert link.hints.published is not None
        assert link.hints.published.at.timestamp() == datetime.fromisoformat(BAKU).timestamp()

    @pytest.mark.parametrize("date", ["2026-02-30", "soon", "Tue, 04 Mar 2025 14:05:00 +9900", "0", ""])
    def test_an_impossible_date_is_none_and_not_another_one(self, date: str) -> None:
        (link,) = read(FEED, rss(item(1, f"<pubDate>{date}</pubDate>"))).links
        assert link.hints.published is None

    def test_bare_ampersands_html_entities_and_unknown_prefixes_lose_nothing(self) -> None:
        more = "<title>Q&A: tea & bread&nbsp;prices</title><media:thing>x</media:thing>"
        reading = read(FEED, rss(item(1, more), item(2)))
        assert urls(reading) == ["/economy/1", "/economy/2"]
        assert reading.links[0].hints.title == "Q&A: tea & bread prices"
        assert "malformed" in reading.problems[0]
        assert reading.complete

    @pytest.mark.parametrize("junk", ["\ufeff", "\n\n  ", "Warning: mysql_connect()\n", "<!-- cache -->"])
    def test_what_stands_before_the_first_tag_is_passed_over(self, junk: str) -> None:
        assert urls(read(FEED, junk + rss(item(1)))) == ["/economy/1"]

    @pytest.mark.parametrize("reference", ["&#x110000;", "&#55296;", "&#0;"])
    def test_characters_that_do_not_exist_lose_no_item(self, reference: str) -> None:
        assert urls(read(FEED, rss(item(1, f"<title>a{reference}b</title>"), item(2)))) == ["/economy/1", "/economy/2"]

    def test_a_broken_feed_keeps_its_cdata_whole(self) -> None:
        reading = read(
            FEED, rss(item(1, "<title><![CDATA[Q & A &nbsp; <b>now</b>]]></title>"), item(2, "<title>a & b</title>"))
        )
        assert [link.hints.title for link in reading.links] == ["Q & A now", "a & b"]

    def test_a_picture_within_the_markup_is_no_attack(self) -> None:
        picture = f"<description><![CDATA[<img src='data:image/png;base64,{'A' * 200_000}'>]]></description>"
        assert urls(read(FEED, rss(item(1, picture), item(2)))) == ["/economy/1", "/economy/2"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_wide_characters_with_and_without_a_byte_order_mark(self, encoding: str) -> None:
        body = rss(item(1, "<title>Şəhər</title>")).replace('"1.0"', f'"1.0" encoding="{encoding}"', 1)
        reading = read(FEED, body.encode(encoding))
        assert (urls(reading), reading.complete) == (["/economy/1"], True)

    def test_a_feed_wrapped_into_a_page_is_read(self) -> None:
        assert urls(read(FEED, f"<html><body>{rss(item(1)).partition('?>')[2]}</body></html>")) == ["/economy/1"]

    def test_a_cut_right_after_a_picture_is_still_a_cut(self) -> None:
        whole = rss(item(1), item(2, "<enclosure url='x'/>"))
        reading = read(FEED, whole[: whole.rindex("/>") + 2])
        assert (urls(reading), reading.complete) == (["/economy/1"], False)

    def test_dates_that_cannot_be_read_are_counted(self) -> None:
        assert read(FEED, rss(item(1, "<pubDate>2026-02-30</pubDate>"))).problems == ("1 dates that cannot be read",)

    def test_a_feed_cut_off_gives_its_whole_items_and_keeps_no_validators(self) -> None:
        whole = rss(item(1), item(2), item(3))
        reading = read(FEED, whole[: whole.rindex("/economy/3") + 6])
        assert urls(reading) == ["/economy/1", "/economy/2"]
        assert not reading.complete
        assert "cut off" in " ".join(reading.problems)

    def test_a_page_in_place_of_a_feed_is_said(self) -> None:
        reading = read(FEED, "<!doctype html><html><body>Moved</body></html>")
        assert not reading.complete
        assert reading.problems

    def test_a_wrong_charset_declaration_loses_no_item(self) -> None:
        body = rss(item(1, "<title>Şəhər</title>"), item(2)).replace('"1.0"', '"1.0" encoding="no-such-charset"', 1)
        assert urls(read(FEED, body)) == ["/economy/1", "/economy/2"]

    def test_links_to_other_things_are_skipped_and_counted(self) -> None:
        reading = read(
            FEED,
            rss(
                item(1),
                f"<item><link>{SITE}/about</link></item>",
                "<item><link>https://other.az/economy/5</link></item>",
            ),
        )
        assert (urls(reading), reading.skipped) == (["/economy/1"], 2)


class TestSitemaps:
    def sitemap(self, *entries: str, root: str = "urlset") -> str:
        names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        return f"<{root} {names}>{''.join(entries)}</{root}>"

    def url(self, address: str, more: str = "") -> str:
        return f"<url><loc>{address}</loc>{more}</url>"

    def test_lastmod_is_a_hint(self) -> None:
        (link,) = read(SITEMAP, self.sitemap(self.url(f"{SITE}/a/1", f"<lastmod>{BAKU}</lastmod>"))).links
        assert link.hints.modified == datetime.fromisoformat(BAKU)
        assert link.hints.published is None

    def test_a_news_sitemap_tells_title_instant_and_language(self) -> None:
        news = (
            "<news:news><news:publication><news:name>E</news:name><news:language>az</news:language></news:publication>"
            "<news:publication_date>2025-03-04</news:publication_date><news:title>Bərə</news:title></news:news>"
        )
        (link,) = read(NEWS, self.sitemap(self.url(f"{SITE}/a/1", news))).links
        assert (link.hints.title, link.hints.language) == ("Bərə", "az")
        assert link.hints.published is not None
        assert (link.hints.published.precision, link.hints.published.source) == (Precision.DAY, DateSource.SITEMAP)

    def test_an_index_gives_children(self) -> None:
        body = self.sitemap(
            f"<sitemap><loc>{SITE}/s-1.xml.gz</loc><lastmod>2025-03-04</lastmod></sitemap>", root="sitemapindex"
        )
        (child,) = read(SITEMAP, body).children
        assert child.url == f"{SITE}/s-1.xml.gz"
        assert child.modified is not None

    def test_an_index_without_loc_is_read(self) -> None:
        body = self.sitemap(f"<sitemap>\n{SITE}/s-1.xml\n</sitemap>", root="sitemapindex")
        assert [child.url for child in read(SITEMAP, body).children] == [f"{SITE}/s-1.xml"]

    def test_gzip_is_undone_and_a_cut_one_is_said(self) -> None:
        whole = self.sitemap(*(self.url(f"{SITE}/a/{n}") for n in range(50))).encode()
        packed = gzip.compress(whole)
        assert len(read(SITEMAP, packed).links) == 50
        middle = len(whole) // 2
        members = gzip.compress(whole[:middle]) + gzip.compress(whole[middle:])
        assert len(read(SITEMAP, members).links) == 50
        cut = read(SITEMAP, packed[:-20])
        assert not cut.complete
        assert "cut off" in cut.problems[0]

    def test_one_bad_entry_loses_only_itself(self) -> None:
        bad = ["javascript:alert(1)", "file:///etc/passwd", "http://[broken", ""]
        reading = read(SITEMAP, self.sitemap(self.url("/a/1"), *map(self.url, bad), self.url(f"{SITE}/a/2")))
        assert urls(reading) == ["/a/1", "/a/2"]
        assert reading.problems == ("4 entries without a usable address",)

    def test_no_address_is_invented_from_one_cut_off(self) -> None:
        whole = self.sitemap(self.url(f"{SITE}/a/1"), self.url(f"{SITE}/a/22"))
        assert urls(read(SITEMAP, whole[: whole.rindex("/a/22") + 4])) == ["/a/1"]

    def test_entities_are_not_expanded_and_no_file_is_read(self) -> None:
        evil = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>{SITE}/a/1&e;</loc></url></urlset>'
        assert "root:" not in str(read(SITEMAP, evil))

    def test_billion_laughs_end_soon(self) -> None:
        entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
        evil = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><urlset><url><loc>&l11;</loc></url></urlset>'
        assert read(SITEMAP, evil).links == ()

    @pytest.mark.timeout(20)
    def test_a_tag_with_100_000_attributes_holds_nothing_up(self) -> None:
        attributes = " ".join(f"a{n}='>'" for n in range(100_000))
        evil = f"<urlset {attributes}>{self.url(f'{SITE}/a/1')}</urlset>"
        assert urls(read(SITEMAP, evil)) == ["/a/1"]
        assert "hostile" in read(LISTING, f"<a href='/a/1' {attributes}>x</a>").problems[0]

    def test_many_tags_of_many_attributes_hold_nothing_up(self) -> None:
        attributes = " ".join(f"a{n}=1" for n in range(4_990))
        began = time.process_time()
        assert "hostile" in read(LISTING, f"<a href='/a/1' {attributes}>x</a>" * 1_000).problems[0]
        assert time.process_time() - began < 20, "they took 133 s"

    @pytest.mark.timeout(20)
    def test_cdata_that_never_ends_holds_nothing_up(self) -> None:
        assert not read(SITEMAP, "<urlset>&" + "<![CDATA[" * 100_000).complete

    def test_a_sitemap_without_its_end_tag_keeps_its_whole_entries(self) -> None:
        reading = read(SITEMAP, f"<urlset>{self.url(f'{SITE}/a/1')}{self.url(f'{SITE}/a/2')}")
        assert (urls(reading), reading.complete) == (["/a/1", "/a/2"], False)

    def test_an_empty_sitemap_is_whole(self) -> None:
        assert read(SITEMAP, "<urlset/>") == SeedDocument()

    def test_more_than_the_protocol_allows_is_cut_and_said(self) -> None:
        reading = read(SITEMAP, "\n".join(f"{SITE}/a/{n}" for n in range(50_001)))
        assert len(reading.links) == 50_000
        assert "more than 50000" in reading.problems[0]

    def test_plain_text_sitemaps(self) -> None:
        assert urls(read(SITEMAP, f"{SITE}/a/1\n{SITE}/a/2\n")) == ["/a/1", "/a/2"]

    def test_a_feed_in_place_of_a_sitemap_is_read_as_one(self) -> None:
        assert urls(read(SITEMAP, rss(item(1)))) == ["/economy/1"]


class TestListings:
    PAGE = f"""<html><head><base href="{SITE}/"></head><body><nav><a href="/about">About</a></nav>
    <ul><li><a href="a/3">A ferry for the islands</a> <time datetime="2025-03-04T14:05">4 March</time></li>
    <li><h2><a href="/a/2"><img></a></h2><span>no date</span></li></ul>
    <div class="pages"><a href="/latest?page=1">1</a> <a href="/latest?page=2" rel="next">»</a></div></body></html>"""

    def test_links_titles_times_and_the_next_page(self) -> None:
        reading = read(LISTING, self.PAGE)
        assert urls(reading) == ["/a/3", "/a/2"]
        assert reading.links[0].hints.title == "A ferry for the islands"
        assert reading.links[0].hints.published is not None
        assert reading.links[0].hints.published.at.isoformat() == BAKU
        assert reading.next_page == f"{SITE}/latest?page=2"

    @pytest.mark.parametrize(
        "text", ["Next", "Older posts", "Следующая", "Növbəti »", "Növbəti səhifə", "След.", "შემდეგი", "›", "→"]
    )
    def test_a_next_link_is_known_by_its_text(self, text: str) -> None:
        reading = read(LISTING, f'<a href="/a/1">x</a><a href="/latest?page=2">{text}</a>')
        assert reading.next_page == f"{SITE}/latest?page=2"

    @pytest.mark.parametrize(
        "link", ['<a href="https://other.az/2" rel="next">n</a>', '<a href="/latest#x" rel="next">n</a>', ""]
    )
    def test_a_next_link_that_leads_elsewhere_is_none(self, link: str) -> None:
        assert read(LISTING, f'<a href="/a/1">x</a>{link}').next_page is None

    @pytest.mark.parametrize("base", ["http://[x.az/", "http://[::1", "//[", ""])
    def test_a_base_that_is_no_address_is_passed_over(self, base: str) -> None:
        page = f'<html><head><base href="{base}"></head><body><a href="/a/1">x</a><a rel="next" href="?page=2">2</a></body></html>'
        reading = read(LISTING, page)
        assert (urls(reading), reading.next_page) == (["/a/1"], f"{LISTING.url}?page=2")

    def test_a_time_that_stands_far_away_is_not_a_links_own(self) -> None:
        page = "".join(f"<a href='/a/{n}'>one two three</a>" for n in range(300)) + "<time>2025-03-04</time>"
        assert all(link.hints.published is None for link in read(LISTING, page).links)

    def test_the_next_page_may_be_of_the_other_scheme_where_there_is_no_better_one(self) -> None:
        plain, own = (
            '<a class="next" href="http://www.example.az/latest?page=2">2</a>',
            '<a class="next" href="?page=2">2</a>',
        )
        assert read(LISTING, plain).next_page == "http://www.example.az/latest?page=2"
        assert read(LISTING, plain + own).next_page == f"{SITE}/latest?page=2"

    def test_scripts_and_comments_are_no_attributes(self) -> None:
        script = f"<script>for (i=0;i<n;i++) {{ {'a == b; ' * 6000} }}</script><!-- <a {'b ' * 6000}-->"
        assert urls(read(LISTING, f'{script}<a href="/a/1">x</a>')) == ["/a/1"]

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("tag", ["a ", "a'='>' ", "a=1 ", '/a="b"', "script "])
    def test_a_flood_of_attributes_is_refused_however_it_is_written(self, tag: str) -> None:
        flood = "".join(f"{tag[:-1]}{n} " if tag.endswith(" ") else tag for n in range(50_000))
        assert "hostile" in read(LISTING, f"<a {flood}>x</a>").problems[0]

    def test_a_selector_and_a_pattern_of_pages(self) -> None:
        reading = read(ARCHIVE, self.PAGE, url=f"{SITE}/archive?page=4")
        assert urls(reading) == ["/a/2"]
        assert reading.next_page == f"{SITE}/archive?page=5"


class TestWordPress:
    POST = {  # noqa: RUF012
        "link": f"{SITE}/economy/9",
        "title": {"rendered": "Tea &#8211; and <em>bread</em>"},
        "date": "2025-03-04T14:05:00",
        "date_gmt": "2025-03-04T10:05:00",
        "modified_gmt": "2025-03-05T10:05:00",
    }

    def test_a_post(self) -> None:
        (link,) = read(POSTS, json.dumps([self.POST])).links
        assert link.hints.title == "Tea \u2013 and bread"
        assert link.hints.published is not None
        assert link.hints.published.at.timestamp() == datetime.fromisoformat(BAKU).timestamp()
        assert link.hints.modified == datetime(2025, 3, 5, 10, 5, tzinfo=UTC)

    def test_the_header_says_if_there_is_another_page(self) -> None:
        url = f"{SITE}/wp-json/wp/v2/posts?per_page=100&page=2"
        assert read(POSTS, json.dumps([self.POST]), url=url, x_wp_totalpages="3").next_page == url.replace(
            "page=2", "page=3"
        )
        assert read(POSTS, json.dumps([self.POST]), url=url, x_wp_totalpages="2").next_page is None

    def test_an_error_of_the_api_is_said(self) -> None:
        reading = read(POSTS, '{"code": "rest_post_invalid_page_number"}')
        assert not reading.complete
        assert "rest_post_invalid_page_number" in reading.problems[0]


@pytest.mark.parametrize("seed", OUTLET.seeds, ids=lambda seed: seed.kind)
@settings(max_examples=60)
@given(
    body=st.one_of(
        st.binary(max_size=300), st.text(alphabet='<>/=&;"![]{}:, abrslitemfdu0123', max_size=200).map(str.encode)
    )
)
def test_every_reader_is_total(seed: object, body: bytes) -> None:
    reading = read(seed, body)
    assert all(link.url.startswith("http") for link in reading.links)

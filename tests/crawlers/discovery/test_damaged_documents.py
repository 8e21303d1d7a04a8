"""Feeds and sitemaps as servers damage them: nothing that stands in them is lost in silence."""

from __future__ import annotations

import gzip
import time

import pytest

from crawlers.discovery import SeedDocument, read_seed
from crawlers.outlet import Outlet

SITE = "https://www.example.az"
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["az"],
        "timezone": "Asia/Baku", "urls": {"article": rf"^{SITE}/n/(?P<id>\d+)$"},
        "seeds": [{"kind": "feed", "url": f"{SITE}/rss"}, {"kind": "sitemap", "url": f"{SITE}/sitemap.xml"}],
    }
)  # fmt: skip
FEED, SITEMAP = OUTLET.seeds
PHP = (
    "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/var/www/feed.php</b> on line <b>12</b><br />\n",
    "PHP Notice: session_start(): a session is active\n",
    "<!-- cached <rss> -->\n",
    "\n<!DOCTYPE html><p>Deprecated: strftime()</p>",
)


def read(seed: object, body: str | bytes, **headers: str) -> SeedDocument:
    raw = body.encode() if isinstance(body, str) else body
    return read_seed(seed, OUTLET, seed.url, raw, {k.replace("_", "-"): v for k, v in headers.items()})  # type: ignore[arg-type, attr-defined]


def numbers(document: SeedDocument) -> list[int]:
    return [int(link.url.rpartition("/")[2]) for link in document.links]


def title(document: SeedDocument) -> str | None:
    return document.links[0].hints.title


def item(number: int, more: str = "") -> str:
    return f"<item><link>{SITE}/n/{number}</link>{more}</item>"


def rss(*items: str, declaration: str = '<?xml version="1.0"?>', names: str = "") -> str:
    return f'{declaration}<rss version="2.0"{names}><channel><title>Example</title>{"".join(items)}</channel></rss>'


def urlset(*entries: str) -> str:
    return (
        f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'
    )


def url(number: int) -> str:
    return f"<url><loc>{SITE}/n/{number}</loc></url>"


class TestBeginnings:
    @pytest.mark.parametrize("junk", PHP)
    def test_what_php_prints_before_a_feed_costs_nothing(self, junk: str) -> None:
        document = read(FEED, junk + rss(item(1), item(2)))
        assert (numbers(document), document.complete, document.problems) == ([1, 2], True, ())

    @pytest.mark.parametrize("junk", PHP)
    def test_nor_before_a_sitemap(self, junk: str) -> None:
        document = read(SITEMAP, junk + urlset(url(1), url(2)))
        assert (numbers(document), document.complete) == ([1, 2], True)

    @pytest.mark.parametrize("junk", PHP)
    def test_nor_before_a_document_without_a_declaration(self, junk: str) -> None:
        assert numbers(read(FEED, junk + rss(item(1), declaration=""))) == [1]


class TestStrayTags:
    @pytest.mark.parametrize(
        "stray", ["</p>", "</div></div>", "</channel>", "</item>", "<!-- never ended ", "<![CDATA[ x "]
    )
    def test_what_follows_a_stray_tag_in_a_feed_is_read(self, stray: str) -> None:
        document = read(FEED, rss(item(1), item(2), stray, item(3), item(4)))
        assert numbers(document) == [1, 2, 3, 4]
        assert document.problems

    @pytest.mark.parametrize("stray", ["</p>", "</urlset>", "</url>", "<!-- never ended ", "<![CDATA[ x "])
    def test_and_in_a_sitemap(self, stray: str) -> None:
        document = read(SITEMAP, urlset(url(1), url(2), stray, url(3), url(4)))
        assert numbers(document) == [1, 2, 3, 4]
        assert document.problems

    def test_an_unfinished_section_within_an_item_costs_that_item_alone(self) -> None:
        broken = item(2, "<description><![CDATA[ no end </description>")
        whole = item(3, "<description><![CDATA[ <b>all</b> ]]></description>")
        assert numbers(read(FEED, rss(item(1), broken, whole, item(4)))) == [1, 2, 3, 4]

    def test_entries_that_a_comment_holds_are_none(self) -> None:
        document = read(FEED, rss(item(1), "</p>", f"<!-- {item(9)} -->", item(2)))
        assert numbers(document) == [1, 2]

    def test_nor_are_those_that_stand_in_a_text(self) -> None:
        quoted = f"<description><![CDATA[ {item(9)} ]]></description>"
        assert numbers(read(FEED, rss(item(1, quoted), "</p>", item(2)))) == [1, 2]

    def test_after_a_stray_tag_a_cut_is_still_a_cut(self) -> None:
        whole = rss(item(1), "</p>", item(2), item(3))
        document = read(FEED, whole[: whole.rindex("/n/3")])
        assert (numbers(document), document.complete) == ([1, 2], False)

    def test_entries_read_one_by_one_keep_their_letters(self) -> None:
        body = rss(
            item(1), "</p>", item(2, "<title>Şəhər</title>"), declaration='<?xml version="1.0" encoding="utf-16"?>'
        )
        assert [link.hints.title for link in read(FEED, body.encode("utf-16")).links] == [None, "Şəhər"]

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize("opening", ["<!-- ", "<![CDATA[ ", "<item ", "</item>", "<item><![CDATA[ "])
    def test_floods_hold_nothing_up(self, opening: str) -> None:
        began = time.process_time()
        read(FEED, rss("</p>", opening * 20_000, item(1)))
        read(FEED, rss("</p>", opening * 20_000, "]]> -->", item(1)))
        assert time.process_time() - began < 15


class TestCharsets:
    TITLE = "<title>Выборы в столице</title>"

    def test_the_header_names_the_charset(self) -> None:
        body = rss(item(1, self.TITLE)).encode("windows-1251")
        assert title(read(FEED, body, content_type="text/xml; charset=windows-1251")) == "Выборы в столице"

    def test_it_counts_before_the_declaration(self) -> None:
        body = rss(item(1, self.TITLE), declaration='<?xml version="1.0" encoding="koi8-r"?>').encode("windows-1251")
        assert title(read(FEED, body, content_type='application/rss+xml; charset="windows-1251"')) == "Выборы в столице"

    @pytest.mark.parametrize("said", ["iso-8859-1", "windows-1251", "no-such-charset", "base64", ""])
    @pytest.mark.parametrize("declared", ["utf-8", "windows-1251", "iso-8859-9"])
    def test_what_is_utf_8_is_taken_for_it_whatever_is_said(self, said: str, declared: str) -> None:
        body = rss(item(1, self.TITLE), declaration=f'<?xml version="1.0" encoding="{declared}"?>').encode()
        assert title(read(FEED, body, content_type=f"text/xml; charset={said}")) == "Выборы в столице"

    @pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8", "utf-16"])
    def test_the_declaration_counts_where_the_header_says_nothing(self, charset: str) -> None:
        body = rss(item(1, self.TITLE), declaration=f'<?xml version="1.0" encoding="{charset}"?>').encode(charset)
        assert title(read(FEED, body, content_type="text/xml")) == "Выборы в столице"

    def test_a_charset_that_cannot_be_is_passed_over(self) -> None:
        body = rss(item(1, self.TITLE), declaration='<?xml version="1.0" encoding="windows-1251"?>').encode(
            "windows-1251"
        )
        assert title(read(FEED, body, content_type="text/xml; charset=ascii")) == "Выборы в столице"

    def test_where_nothing_is_said_the_outlets_language_decides(self) -> None:
        body = rss(item(1, "<title>Şəki qış ğ</title>".replace("ə", "e"))).encode("windows-1254")
        assert title(read(FEED, body)) == "Şeki qış ğ"

    def test_one_damaged_character_makes_no_other_charset(self) -> None:
        body = rss(item(1, "<title>Şəhər və çay</title>"), item(2, "<title>x\udcff</title>"))
        assert title(read(FEED, body.encode("utf-8", "surrogateescape"))) == "Şəhər və çay"

    def test_a_sitemap_has_one_too(self) -> None:
        body = urlset(f"<url><loc>{SITE}/n/1</loc><title>Ы</title></url>").encode("windows-1251")
        assert numbers(read(SITEMAP, body, content_type="text/xml; charset=windows-1251")) == [1]


class TestItems:
    MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'

    @pytest.mark.parametrize("names", [MEDIA, ""])
    def test_the_items_own_title_counts_before_that_of_its_picture(self, names: str) -> None:
        more = "<media:title>A photograph</media:title><title>The news</title>"
        assert title(read(FEED, rss(item(1, more), names=names))) == "The news"

    def test_without_one_the_pictures_title_is_better_than_none(self) -> None:
        assert (
            title(read(FEED, rss(item(1, "<media:title>A photograph</media:title>"), names=self.MEDIA)))
            == "A photograph"
        )

    @pytest.mark.parametrize(
        ("author", "name"),
        [
            ("ann@example.az (Ann Lee)", "Ann Lee"),
            ("Ann Lee (ann@example.az)", "Ann Lee"),
            ("Ann Lee &lt;ann@example.az&gt;", "Ann Lee"),
            ("mailto:ann@example.az (Ann Lee)", "Ann Lee"),
            ("Ann Lee ann@example.az", "Ann Lee"),
            ("Ann Lee, ann@example.az", "Ann Lee"),
            ('"Ann Lee" ann@example.az', "Ann Lee"),
            ("Ann Lee (Baku)", "Ann Lee (Baku)"),
            ("ann@example.az", None),
            ("(ann@example.az)", None),
            ("ann@example.az ()", None),
        ],
    )
    @pytest.mark.parametrize("tag", ["author", "dc:creator"])
    def test_an_author_is_the_name_and_not_the_address(self, tag: str, author: str, name: str | None) -> None:
        document = read(
            FEED, rss(item(1, f"<{tag}>{author}</{tag}>"), names=' xmlns:dc="http://purl.org/dc/elements/1.1/"')
        )
        assert document.links[0].hints.authors == ((name,) if name else ())

    def test_feedburners_link_gives_way_to_the_original(self) -> None:
        names = ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
        entry = f"<item><link>https://feedproxy.example/~r/x/~3/abc/</link><feedburner:origLink>{SITE}/n/7</feedburner:origLink></item>"
        assert numbers(read(FEED, rss(entry, names=names))) == [7]

    @pytest.mark.parametrize(
        "feed",
        [
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{site}/n/"><entry><link href="5"/></entry></feed>',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{site}/"><entry xml:base="n/"><link href="5"/></entry></feed>',
            '<rss xml:base="{site}/n/"><channel><item><link>5</link></item></channel></rss>',
            '<rss><channel><item><link xml:base="{site}/n/">5</link></item></channel></rss>',
            "<rss><channel><item><guid>/n/5</guid></item></channel></rss>",
        ],
    )
    def test_addresses_are_relative_to_their_base(self, feed: str) -> None:
        assert numbers(read(FEED, feed.replace("{site}", SITE))) == [5]

    def test_items_that_hold_nothing_but_items_are_none(self) -> None:
        document = read(FEED, rss(f"<item>{item(1)}{item(2)}</item>"))
        assert (numbers(document), document.problems) == ([1, 2], ())


class TestGzip:
    BODY = urlset(*map(url, range(40))).encode()

    @pytest.mark.parametrize("between", [b"", b"\0", b"\0" * 512, b"\0" * 40_000])
    def test_several_members_are_one_document(self, between: bytes) -> None:
        parts = (self.BODY[:700], self.BODY[700:1500], self.BODY[1500:])
        document = read(SITEMAP, between.join(gzip.compress(part) for part in parts) + between)
        assert (numbers(document), document.complete) == (list(range(40)), True)

    def test_a_file_that_was_compressed_twice_is_read(self) -> None:
        assert numbers(read(SITEMAP, gzip.compress(gzip.compress(self.BODY)))) == list(range(40))

    def test_what_follows_the_last_member_is_passed_over(self) -> None:
        assert read(SITEMAP, gzip.compress(self.BODY) + b"\0\0garbage").complete

"""From an address to a crawled outlet, as a newcomer types it: new, try, save, test, check --live. On real HTTP."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest

from crawlers import readers
from crawlers.extraction.workers import SingleWorker
from crawlers.outlet_schema import schema_text
from tests.calling import OUTLET, Pressrun, outlet_file
from tests.fetching import quick_fetch as quick_fetch
from tests.past.site import PastSite
from tests.past.stories import stories
from tests.polling import Document, WrittenSite, listing, rss

pytestmark = pytest.mark.usefixtures("quick_fetch")
WORDS = "The council met and spoke of the bridge for a long time before it voted. " * 12


def article(number: int, at: str = "2026-03-04T10:00:00+04:00") -> Document:
    return Document(
        f'<html lang="en"><head><title>Matter {number} of the town</title>'
        f'<meta property="article:published_time" content="{at}"><script>track()</script>'
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Leyla Hasanova"}}</script>'
        f"<style>p {{ color: red }}</style></head><body><article><h1>Matter {number} of the town</h1>"
        f'<p onclick="x()">{WORDS}</p><p>{WORDS} It was matter {number}.</p>'
        '<img src="https://mc.yandex.ru/watch/1" width="1"></article></body></html>'
    )


def feed(*numbers: int, hours: int = 1) -> Document:
    """A feed whose newest item came so many hours ago."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>Matter {n}</title><link>ORIGIN/news/{n}</link>"
        f"<pubDate>{format_datetime(now - timedelta(hours=hours + place))}</pubDate></item>"
        for place, n in enumerate(numbers)
    )
    return Document(f'<rss version="2.0"><channel>{items}</channel></rss>')


@pytest.fixture(name="site")
def a_site() -> Iterator[WrittenSite]:
    with WrittenSite() as site:
        numbers = range(101, 111)
        site.documents |= {f"/news/{n}": article(n) for n in numbers}
        site.documents["/"] = Document(
            '<html lang="en"><head><title>Home | The Gazette</title>'
            '<link rel="alternate" type="application/rss+xml" href="/rss"></head>'
            f"<body>{listing(*numbers)}<a href=/contact>Contact the newsroom today</a></body></html>"
        )
        site.documents["/contact"] = Document("<html><body><p>Write to us.</p></body></html>")
        site.documents["/rss"] = feed(*numbers)
        yield site


@pytest.fixture(name="folder")
def a_folder(tmp_path: Path) -> Path:
    return tmp_path / "mine"


def new(pressrun: Pressrun, folder: Path, url: str, *words: str):  # type: ignore[no-untyped-def]
    return pressrun("--outlets", folder, "outlets", "new", url, "--allow-private", "--id", "gazette", *words)


class TestNew:
    def test_writes_a_commented_file_that_is_valid_and_says_what_is_unsure(
        self, pressrun: Pressrun, site: WrittenSite, folder: Path
    ) -> None:
        said = new(pressrun, folder, site.origin)
        assert said.code == 0, said
        text = (folder / "gazette.toml").read_text()
        assert text.startswith("#:schema ./outlet.schema.json\n")
        raw = tomllib.loads(text)
        assert raw["name"] == "The Gazette"
        assert raw["seeds"][0] == {"kind": "feed", "url": f"{site.origin}/rss"}
        assert "UNSURE" in text
        assert "unsure of country" in said.out
        assert "outlets try gazette" in said.out
        assert json.loads((folder / "outlet.schema.json").read_text())["title"]
        checked = pressrun("--outlets", folder, "outlets", "check", "gazette")
        assert checked.out == "gazette: no faults found\n"

    def test_never_overwrites_a_file_unasked_and_asks_the_site_nothing_then(
        self, pressrun: Pressrun, site: WrittenSite, folder: Path
    ) -> None:
        outlet_file(folder, OUTLET, "gazette")
        said = new(pressrun, folder, site.origin)
        assert said.code == 2
        assert "gazette.toml exists; --force overwrites it" in said.line
        assert site.asked == []
        assert (folder / "gazette.toml").read_text() == OUTLET
        assert new(pressrun, folder, site.origin, "--force").code == 0
        assert "Gazette" in (folder / "gazette.toml").read_text()

    def test_takes_what_it_is_told_and_is_not_unsure_of_that(
        self, pressrun: Pressrun, site: WrittenSite, folder: Path
    ) -> None:
        wishes = (
            "--name",
            "Other",
            "--country",
            "GE",
            "--timezone",
            "Asia/Tbilisi",
            "--language",
            "ka",
            "--delay",
            "0.5",
        )
        said = new(pressrun, folder, site.origin, *wishes, "--json")
        assert said.code == 0, said
        raw = tomllib.loads(said.json["toml"])
        assert (raw["name"], raw["country"], raw["timezone"], raw["languages"]) == (
            "Other",
            "ge",
            "Asia/Tbilisi",
            ["ka"],
        )
        assert raw["fetch"] == {"delay": 0.5}
        assert {one["key"] for one in said.json["unsure"]} & {"name", "country", "timezone", "languages"} == set()

    def test_another_file_for_the_same_host_is_named(self, pressrun: Pressrun, site: WrittenSite, folder: Path) -> None:
        site.write_outlet(folder, "older", 'kind = "feed"\nurl = "ORIGIN/rss"')
        assert "older has the same host" in new(pressrun, folder, site.origin).out

    def test_what_is_unsure_stands_in_the_file_beside_what_it_is_about(
        self, pressrun: Pressrun, site: WrittenSite, folder: Path
    ) -> None:
        said = new(pressrun, folder, site.origin, "--json")
        comments = " ".join(line[2:] for line in said.json["toml"].splitlines() if line.startswith("# "))
        assert said.json["unsure"]
        assert all(f"UNSURE: {one['why']}" in comments for one in said.json["unsure"])

    def test_print_writes_nothing(self, pressrun: Pressrun, site: WrittenSite, folder: Path) -> None:
        said = new(pressrun, folder, site.origin, "--print")
        assert "[[seeds]]" in said.out
        assert not list(folder.glob("*")) if folder.exists() else True

    def test_a_private_address_is_refused_unless_it_is_meant(self, pressrun: Pressrun, site: WrittenSite) -> None:
        said = pressrun("outlets", "new", site.origin, "--print")
        assert said.code == 2
        assert "--allow-private" in said.line
        assert site.asked == []

    def test_robots_law_is_kept(self, pressrun: Pressrun, site: WrittenSite, folder: Path) -> None:
        site.documents["/robots.txt"] = Document("User-agent: *\nDisallow: /\n")
        said = new(pressrun, folder, site.origin)
        assert said.code == 2
        assert "robots.txt forbids" in said.line
        assert set(site.asked) == {"/robots.txt"}

    def test_forbidden_seeds_are_said_and_not_asked(self, pressrun: Pressrun, site: WrittenSite, folder: Path) -> None:
        site.documents["/robots.txt"] = Document("User-agent: *\nDisallow: /rss\n")
        said = new(pressrun, folder, site.origin)
        assert f"robots.txt forbids {site.origin}/rss" in said.out
        assert "/rss" not in site.asked
        assert "listing" in said.out

    def test_pages_are_extracted_within_the_limits_of_a_worker(
        self, pressrun: Pressrun, site: WrittenSite, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(readers, "SingleWorker", partial(SingleWorker, time_limit=0))
        said = new(pressrun, folder, site.origin)
        assert said.code == 1
        assert "refused: hostile (time: more than 0 s)" in said.out

    def test_a_site_without_articles_says_what_to_do(self, pressrun: Pressrun, folder: Path) -> None:
        with WrittenSite() as empty:
            empty.documents["/"] = Document("<html><body><a href=/about>About us</a></body></html>")
            said = new(pressrun, folder, empty.origin)
        assert said.code == 2
        assert "no addresses that look like articles" in said.line
        assert "docs/adding-an-outlet.md" in said.line

    def test_no_network_is_said(self, pressrun: Pressrun, folder: Path) -> None:
        said = new(pressrun, folder, "http://127.0.0.1:9/")
        assert said.code == 2
        assert "is the network up" in said.line

    @pytest.mark.parametrize(
        ("words", "line"),
        [
            (("ftp://a.example/",), "is not the address of a site"),
            (("https://",), "is not the address of a site"),
            (
                ("https://a.example/", "--timezone", "Baku"),
                "--timezone 'Baku' is no time zone; did you mean Asia/Baku?",
            ),
            (("https://a.example/", "--timezone", "Foo/Bar"), "'Foo/Bar' is no time zone; give one such as Asia/Baku"),
            (("https://a.example/", "--timezone", "../UTC"), "'../UTC' is no time zone"),
            (("https://a.example/", "--country", "Georgia"), "--country 'Georgia' is no code of a country; give two"),
            (("https://a.example/", "--country", "zz"), "--country 'zz' is no code of a country"),
            (("https://a.example/", "--language", "q"), "--language 'q' is no code of a language; give two letters"),
            (("https://a.example/", "--language", "en", "--language", "qq"), "--language 'qq' is no code"),
            (("https://a.example/", "--id", "A b"), "--id 'A b' cannot name an outlet; use a-z, 0-9 and _"),
            (("https://a.example/", "--id", "../x"), "--id '../x' cannot name an outlet"),
            (("https://a.example/", "--id", "x" * 300), "at most 100 characters"),
            (("https://a.example/", "--name", " "), "--name is empty"),
        ],
    )
    def test_bad_input_is_named(self, pressrun: Pressrun, folder: Path, words: tuple[str, ...], line: str) -> None:
        said = pressrun("--outlets", folder, "outlets", "new", *words)
        assert said.code == 2
        assert line in said.line

    def test_a_folder_must_be_named(self, pressrun: Pressrun) -> None:
        assert "--outlets DIR" in pressrun("outlets", "new", "https://a.example/").line


@pytest.fixture(name="gazette")
def a_file(site: WrittenSite, folder: Path) -> Path:
    """An outlet file for the site, which expects what its pages have."""
    site.write_outlet(folder, "gazette", 'kind = "feed"\nurl = "ORIGIN/rss"')
    file = folder / "gazette.toml"
    expect = "[expect]\nfill = { title = 1.0, published_at = 0.99 }\nsilent_hours = 24\n"
    file.write_text(file.read_text() + expect)
    return folder


def test_schema_prints_what_an_editor_reads(pressrun: Pressrun) -> None:
    said = pressrun("outlets", "schema")
    assert (said.code, said.out) == (0, schema_text())


class TestTry:
    def test_shows_each_field_and_where_it_came_from(self, pressrun: Pressrun, gazette: Path) -> None:
        said = pressrun("--outlets", gazette, "outlets", "try", "gazette")
        assert said.code == 0, said
        assert said.out.count("article: Matter") == 5
        assert "JSON-LD" in said.out
        assert "Leyla Hasanova" in said.out

    def test_stores_nothing(self, pressrun: Pressrun, gazette: Path, tmp_path: Path) -> None:
        before = sorted(tmp_path.rglob("*"))
        pressrun("--outlets", gazette, "outlets", "try", "gazette")
        assert sorted(tmp_path.rglob("*")) == before

    def test_a_refused_page_says_why(self, pressrun: Pressrun, gazette: Path, site: WrittenSite) -> None:
        said = pressrun("--outlets", gazette, "outlets", "try", "gazette", f"{site.origin}/contact", "--json")
        assert said.code == 1
        (page,) = said.json["pages"]
        assert page["outcome"] == "rejected"
        assert page["reason"]
        assert page["matches_urls_article"] is False
        gone = pressrun("--outlets", gazette, "outlets", "try", "gazette", f"{site.origin}/nowhere")
        assert gone.code == 1
        assert "not read: HTTP 404" in gone.out
        assert "does not match urls.article" in gone.out

    def test_a_seed_that_lists_nothing_is_said(self, pressrun: Pressrun, gazette: Path, site: WrittenSite) -> None:
        site.documents["/rss"] = Document("<html>Moved</html>")
        said = pressrun("--outlets", gazette, "outlets", "try", "gazette")
        assert said.code == 2
        assert "seed off: feed" in said.err
        assert "name the URL" in said.err

    def test_the_text_of_an_api_is_read_from_its_answer(self, pressrun: Pressrun, tmp_path: Path) -> None:
        with PastSite(stories(date(2025, 5, 1), date(2025, 5, 1), 6)) as past:
            past.write_outlet(tmp_path / "mine", '[[seeds]]\nkind = "wordpress"\nurl = "ORIGIN/wp-json/wp/v2/posts"\n')
            said = pressrun("--outlets", tmp_path / "mine", "outlets", "try", "gazette", "--pages", "2", "--json")
            assert [page["read_from"] for page in said.json["pages"]] == ["the API's answer"] * 2
            assert past.article_hits() == {}


class TestSaveAndTest:
    def test_a_page_is_stripped_kept_and_compared(self, pressrun: Pressrun, gazette: Path, site: WrittenSite) -> None:
        saved = pressrun("--outlets", gazette, "outlets", "save", "gazette", f"{site.origin}/news/101")
        assert saved.code == 0, saved
        html = (gazette / "gazette" / "101.html").read_text()
        assert "application/ld+json" in html
        assert not any(word in html for word in ("track()", "color: red", "onclick", "yandex"))
        case = gazette / "gazette" / "101.json"
        given = json.loads(case.read_text())
        assert given["url"] == f"{site.origin}/news/101"
        assert given["unread"]["authors"] == ["Leyla Hasanova"]

        unread = pressrun("--outlets", gazette, "outlets", "test")
        assert unread.code == 1
        assert "call it `expect`" in unread.out

        given["expect"] = given.pop("unread")
        case.write_text(json.dumps(given))
        assert pressrun("--outlets", gazette, "outlets", "test").code == 0

        given["expect"]["title"] = "Another title"
        case.write_text(json.dumps(given))
        wrong = pressrun("--outlets", gazette, "outlets", "test", "gazette")
        assert wrong.code == 1
        assert "title: expected 'Another title', got 'Matter 101 of the town'" in wrong.out

        given["misses"] = {"title": "known"}
        case.write_text(json.dumps(given))
        assert pressrun("--outlets", gazette, "outlets", "test").code == 0
        given["expect"]["title"] = "Matter 101 of the town"
        case.write_text(json.dumps(given))
        assert "take it out of `misses`" in pressrun("--outlets", gazette, "outlets", "test").out

    def test_a_saved_page_is_not_overwritten_unasked(
        self, pressrun: Pressrun, gazette: Path, site: WrittenSite
    ) -> None:
        save = ("--outlets", gazette, "outlets", "save", "gazette", f"{site.origin}/news/101")
        pressrun(*save)
        again = pressrun(*save)
        assert again.code == 2
        assert "--force" in again.line
        assert pressrun(*save, "--name", "other").code == 0
        assert pressrun(*save, "--force").code == 0

    @pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/b", "Ab", "", "x\n", "x" * 61])
    def test_a_name_that_is_no_file_in_the_folder_of_the_outlet_is_refused(
        self, pressrun: Pressrun, gazette: Path, site: WrittenSite, name: str
    ) -> None:
        before, site.asked[:] = sorted(gazette.parent.rglob("*")), []
        url = f"{site.origin}/news/101"
        said = pressrun("--outlets", gazette, "outlets", "save", "gazette", url, "--force", "--name", name)
        assert said.code == 2
        assert said.line.startswith(f"{name!r} cannot name the files of a saved page; use 1 to 60 of the characters")
        assert sorted(gazette.parent.rglob("*")) == before
        assert not site.asked

    def test_the_size_of_a_small_page_is_said_beside_what_was_sent(
        self, pressrun: Pressrun, gazette: Path, site: WrittenSite
    ) -> None:
        sent = len(site.documents["/contact"].body)
        said = pressrun("--outlets", gazette, "outlets", "save", "gazette", f"{site.origin}/contact")
        size = (gazette / "gazette" / "contact.html").stat().st_size
        assert size > sent
        assert f"contact.html: saved, {size} bytes; {sent} were sent" in said.out

    def test_a_page_that_should_be_refused_is_a_test_too(
        self, pressrun: Pressrun, gazette: Path, site: WrittenSite
    ) -> None:
        pressrun("--outlets", gazette, "outlets", "save", "gazette", f"{site.origin}/contact")
        case = gazette / "gazette" / "contact.json"
        given = json.loads(case.read_text())
        assert given["unread"]["outcome"] == "rejected"
        given["expect"] = given.pop("unread")
        case.write_text(json.dumps(given))
        assert pressrun("--outlets", gazette, "outlets", "test").code == 0

    def test_a_folder_without_pages_is_said(self, pressrun: Pressrun, gazette: Path) -> None:
        said = pressrun("--outlets", gazette, "outlets", "test")
        assert said.code == 2
        assert "holds no saved pages" in said.err

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{", "cannot be read"),
            ('{"page": "gone.html", "url": "x", "expect": {}}', "No such file"),
            ('{"page": "101.html", "expect": {}}', "the key 'url' is missing"),
            ('{"page": "101.html", "url": "x", "expect": {"titel": 1}}', "titel: is no field"),
            ('{"page": "101.html", "url": "x", "outlet": "nobody", "expect": {}}', "there is no outlet"),
        ],
    )
    def test_a_broken_case_is_a_fault_by_itself(self, pressrun: Pressrun, gazette: Path, text: str, said: str) -> None:
        (gazette / "gazette").mkdir()
        (gazette / "gazette" / "101.html").write_text("<html><body><p>Nothing.</p></body></html>")
        (gazette / "gazette" / "101.json").write_text(text)
        tested = pressrun("--outlets", gazette, "outlets", "test")
        assert tested.code == 1
        assert said in tested.out

    def test_what_cannot_be_fetched_is_not_saved(self, pressrun: Pressrun, gazette: Path, site: WrittenSite) -> None:
        said = pressrun("--outlets", gazette, "outlets", "save", "gazette", f"{site.origin}/nowhere")
        assert said.code == 2
        assert "HTTP 404" in said.line
        assert not (gazette / "gazette").exists()


class TestLiveCheck:
    def test_all_is_well(self, pressrun: Pressrun, gazette: Path) -> None:
        said = pressrun("--outlets", gazette, "outlets", "check", "--live", "gazette")
        assert said.code == 0, said
        lines = [line.split("\t") for line in said.out.splitlines()]
        assert [line[1] for line in lines] == ["what", "feed", "article"]
        assert all(not line[4] for line in lines[1:])

    @pytest.mark.parametrize(
        ("path", "document", "off"),
        [
            ("/rss", Document("<html>Moved</html>"), "no feed"),
            ("/rss", Document(status=500), "HTTP 500"),
            ("/rss", None, "nothing new for 72 hours; expected within 24"),
            ("/rss", Document(rss().replace("</channel>", "<item><link>ORIGIN/x</link></item></channel>")), "matches"),
            ("/news/101", Document("<html><body><h1>Sign in</h1></body></html>"), "too_short"),
            ("/news/101", Document(f"<html><body><article><h1>Matter 101 of it</h1><p>{WORDS}</p></article></body></html>"),
             "has no published_at"),
        ],
        ids=["no feed", "status", "silence", "pattern", "refused", "no date"],
    )  # fmt: skip
    def test_what_is_off_is_said_and_the_exit_code_is_1(
        self, pressrun: Pressrun, gazette: Path, site: WrittenSite, path: str, document: Document | None, off: str
    ) -> None:
        if off.startswith("has no"):
            site.documents["/rss"] = Document(rss(101))
        site.documents[path] = document or feed(
            101, hours=72
        )  # of now: the tests of a file may begin long after it is read
        said = pressrun("--outlets", gazette, "outlets", "check", "--live", "gazette", "--json")
        assert said.code == 1, said
        assert any(off in one["off"] for one in said.json["findings"]), said.json
        assert "are off, at gazette" in said.json["message"]

    def test_pages_are_extracted_within_the_limits_of_a_worker(
        self, pressrun: Pressrun, gazette: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(readers, "SingleWorker", partial(SingleWorker, time_limit=0))
        said = pressrun("--outlets", gazette, "outlets", "check", "--live", "gazette", "--json")
        assert said.code == 1
        assert [one["off"] for one in said.json["findings"]] == ["", "hostile (time: more than 0 s)"]

    def test_no_network_is_said_and_the_exit_code_is_2(self, pressrun: Pressrun, tmp_path: Path) -> None:
        away = OUTLET.replace("https://example.ge", "http://127.0.0.1:9").replace(
            "[urls]", "allow_private = true\n[urls]"
        )
        folder = outlet_file(tmp_path / "mine", away)
        said = pressrun("--outlets", folder, "outlets", "check", "--live", "example_ge")
        assert said.code == 2
        assert "no outlet of 1 could be reached" in said.line
        assert "is the network up?" in said.line

    def test_without_live_it_needs_no_network(self, pressrun: Pressrun, gazette: Path, site: WrittenSite) -> None:
        assert pressrun("--outlets", gazette, "outlets", "check", "gazette").code == 0
        assert site.asked == []

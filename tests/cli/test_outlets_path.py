"""From an outlet file to a crawled outlet, as a newcomer types it: try, save, test, check --live. On real HTTP."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from crawlers import readers
from crawlers.extraction.workers import SingleWorker
from crawlers.outlet_schema import schema_text
from tests.calling import OUTLET, Pressrun, outlet_file
from tests.fetching import quick_fetch as quick_fetch
from tests.gazette import WORDS, feed
from tests.gazette import a_folder as a_folder
from tests.gazette import a_site as a_site
from tests.past.site import PastSite
from tests.past.stories import stories
from tests.polling import Document, WrittenSite, rss

pytestmark = pytest.mark.usefixtures("quick_fetch")


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

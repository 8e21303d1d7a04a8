"""`pressrun outlets new`: from the address of a site to an outlet file. On real HTTP."""

from __future__ import annotations

import json
import tomllib
from functools import partial
from pathlib import Path

import pytest

from crawlers import readers
from crawlers.extraction.workers import SingleWorker
from tests.calling import OUTLET, Pressrun, outlet_file
from tests.fetching import quick_fetch as quick_fetch
from tests.gazette import a_folder as a_folder
from tests.gazette import a_site as a_site
from tests.polling import Document, WrittenSite

pytestmark = pytest.mark.usefixtures("quick_fetch")


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

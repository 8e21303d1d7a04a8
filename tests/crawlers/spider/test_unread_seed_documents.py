"""A window of the past is finished only if the documents of its seeds were read, and read whole."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.discovery import seed_document
from crawlers.job import Job
from crawlers.outlet import Outlet
from crawlers.spider import noting, seed_documents
from crawlers.spider.answers import Answer
from crawlers.spider.seeds import SeedReader
from crawlers.spider.walks import single
from storage import frontier
from storage.database import Database, open_database
from storage.instants import steady_now
from tests.crawlers.spider.scene import NEWS, OUTLET, SITE, Scene
from tests.crawling import Crawled, crawl
from tests.polling import Document, WrittenSite, listing

DAYS = Job(kind="backfill", first=date(2024, 6, 1), last=date(2024, 6, 30), patience=0)
WALL = "<html><body>Checking your browser</body></html>"
URLSET = f"<urlset><url><loc>{SITE}/news/1</loc><lastmod>2024-06-01T10:00:00Z</lastmod></url></urlset>"
CUT_OFF = URLSET.removesuffix("</url></urlset>") + "</url><url><loc>"


class Web:
    """Answers these documents by path, and 404 for others; `status`: that of all answers."""

    def __init__(self, documents: Mapping[str, str], status: int = 200) -> None:
        self._documents, self._status = documents, status
        self.asked: list[str] = []

    async def get(self, url: str, role: str, **_: Any) -> Answer:
        path = url.removeprefix(SITE)
        self.asked.append(path)
        status, body = (self._status, self._documents[path].encode()) if path in self._documents else (404, b"")
        return Answer(url, (), status, {}, None, None, body, [], body, None, False, steady_now())


class Backfill:
    """The seeds of June 2024, read from `documents`, of which the first is the seed's."""

    def __init__(self, db: Database, folder: Path, documents: Mapping[str, str], **how: Any) -> None:
        first = SITE + next(iter(documents))
        self.web: Any = Web(documents, how.pop("status", 200))
        job = how.pop("job", DAYS)
        outlet = Outlet.model_validate(
            OUTLET.model_dump(exclude={"seeds", "urls"})
            | {"urls": {"article": OUTLET.urls.article}, "seeds": [{"kind": "sitemap", "url": first} | how]}
        )
        self.scene = Scene(db, folder, self.web, outlet=outlet, job=job)
        self.seeds: SeedReader = asyncio.run(self.scene.read_seeds())
        self.problems = self.scene.tally.problems


def index(*paths: str, modified: Mapping[str, str] = {}) -> str:
    days = {path: f"<lastmod>{day}</lastmod>" for path, day in modified.items()}
    named = "".join(f"<sitemap><loc>{SITE}{path}</loc>{days.get(path, '')}</sitemap>" for path in paths)
    return f"<sitemapindex>{named}</sitemapindex>"


@pytest.mark.parametrize(
    ("body", "problem"),
    [(WALL, "no sitemap: its first tag is <html>"), ("", "no sitemap: empty"), (CUT_OFF, "cut off before its end")],
    ids=["bot wall", "empty", "cut off"],
)
def test_a_document_that_is_not_read_whole_leaves_the_window_open(
    database: Database, tmp_path: Path, body: str, problem: str
) -> None:
    documents = {"/index.xml": index("/good.xml", "/bad.xml"), "/good.xml": URLSET, "/bad.xml": body}
    backfill = Backfill(database, tmp_path, documents)
    assert (backfill.seeds.cut, backfill.seeds.failures) == (True, [])
    assert f"{SITE}/bad.xml: {problem}" in backfill.problems


@pytest.mark.parametrize("behind", ["\n0\n", "\ufeff", "&nbsp;", "\n\nquery 3 in 0.1s"])
def test_text_behind_a_document_leaves_nothing_open(database: Database, tmp_path: Path, behind: str) -> None:
    backfill = Backfill(database, tmp_path, {"/index.xml": index("/a.xml"), "/a.xml": URLSET + behind})
    assert (backfill.seeds.cut, backfill.seeds.announced) == (False, 1)


def test_a_document_of_too_many_entries_leaves_the_window_open(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed_document, "MAX_LINKS", 1)
    backfill = Backfill(database, tmp_path, {"/index.xml": index("/a.xml", "/b.xml"), "/a.xml": URLSET})
    assert backfill.seeds.cut


def test_a_dated_sitemap_without_news_may_be_empty(database: Database, tmp_path: Path) -> None:
    address = {"kind": "dated_sitemap", "url": f"{SITE}/{{year}}-{{month:02}}.xml"}
    backfill = Backfill(database, tmp_path, {"/2024-06.xml": " \n"}, **address)
    assert backfill.web.asked == ["/2024-06.xml"]
    assert (backfill.seeds.cut, backfill.problems) == (False, [])


def test_documents_that_are_read_whole_leave_nothing_open(database: Database, tmp_path: Path) -> None:
    documents = {"/index.xml": index("/good.xml", "/index.xml"), "/good.xml": URLSET}
    backfill = Backfill(database, tmp_path, documents)
    assert (backfill.seeds.cut, backfill.problems) == (False, [])


def test_an_index_that_is_nested_too_deep_leaves_the_window_open(database: Database, tmp_path: Path) -> None:
    documents = {f"/{n}.xml": index(f"/{n + 1}.xml") for n in range(6)}
    backfill = Backfill(database, tmp_path, documents)
    assert backfill.seeds.cut
    assert backfill.problems == [f"{SITE}/3.xml: sitemap indexes nested deeper than 3; not followed"]


def test_a_deep_index_that_leads_to_nothing_of_the_window_does_not(database: Database, tmp_path: Path) -> None:
    documents = {f"/{n}.xml": index(f"/{n + 1}.xml") for n in range(3)}
    documents["/3.xml"] = index("/sitemap-2023-05.xml", "/0.xml", "/1.xml")
    backfill = Backfill(database, tmp_path, documents)
    assert (backfill.seeds.cut, backfill.problems) == (False, [])


@pytest.fixture
def five_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run reads five documents of a seed."""
    monkeypatch.setattr(seed_documents, "MAX_DOCUMENTS", 5)
    monkeypatch.setattr(single, "MAX_DOCUMENTS", 5)


@pytest.mark.usefixtures("five_documents")
def test_more_documents_than_a_run_reads_leave_the_window_open(database: Database, tmp_path: Path) -> None:
    parts = [f"/{n}.xml" for n in range(6)]
    backfill = Backfill(database, tmp_path, {"/index.xml": index(*parts)} | dict.fromkeys(parts, URLSET))
    assert backfill.seeds.cut
    assert backfill.problems == [f"{SITE}/index.xml: more than 5 documents in one run; the rest was not read"]


@pytest.mark.usefixtures("five_documents")
def test_a_part_of_the_window_is_read_wherever_it_stands_in_a_long_index(database: Database, tmp_path: Path) -> None:
    parts = [f"/sitemap-{year}-06.xml" for year in range(2010, 2025)]
    backfill = Backfill(database, tmp_path, {"/index.xml": index(*parts)} | dict.fromkeys(parts, URLSET))
    assert backfill.web.asked == ["/index.xml", "/sitemap-2024-06.xml"]
    assert (backfill.seeds.cut, backfill.problems, backfill.seeds.announced) == (False, [], 1)


@pytest.mark.usefixtures("five_documents")
@pytest.mark.parametrize("job", [DAYS, NEWS], ids=["backfill", "night"])
def test_of_a_long_index_the_last_modified_parts_are_read_first(database: Database, tmp_path: Path, job: Job) -> None:
    days = {f"/{n}.xml": f"2024-07-{1 + n:02}" for n in range(9)}
    documents = {"/index.xml": index("/none.xml", *days, modified=days)} | dict.fromkeys(days, URLSET)
    backfill = Backfill(database, tmp_path, documents, job=job)
    assert backfill.web.asked == ["/index.xml", "/8.xml", "/7.xml", "/6.xml", "/5.xml"]
    assert backfill.problems == [f"{SITE}/index.xml: more than 5 documents in one run; the rest was not read"]
    state = frontier.seed_state(database, "example", f"{SITE}/index.xml")
    assert state is not None
    assert {child.removeprefix(SITE) for child in state.children} == {f"/{n}.xml" for n in range(4, 9)}


def test_a_304_that_was_not_asked_for_leaves_the_window_open(database: Database, tmp_path: Path) -> None:
    backfill = Backfill(database, tmp_path, {"/sitemap.xml": ""}, status=304)
    assert (backfill.seeds.failures, backfill.problems) == (["http_304"], [f"{SITE}/sitemap.xml: http_304"])


@pytest.mark.parametrize("pages", [None, f"{SITE}/latest?page={{page}}"], ids=["linked", "numbered"])
def test_a_listing_whose_first_page_has_no_article_leaves_the_window_open(
    database: Database, tmp_path: Path, pages: str | None
) -> None:
    backfill = Backfill(database, tmp_path, {"/latest": WALL}, kind="listing", pages=pages)
    assert backfill.seeds.cut
    assert backfill.problems == [f"{SITE}/latest: a listing without a link to an article"]


def test_links_that_cannot_be_written_leave_the_window_open(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise ValueError("no row of ours")

    monkeypatch.setattr(noting.frontier, "discover", refuse)
    backfill = Backfill(database, tmp_path, {"/sitemap.xml": URLSET})
    assert backfill.seeds.cut
    assert any("left out" in problem for problem in backfill.problems)


class TestRuns:
    """Whole crawls of the window, of an outlet with a sound listing and a sitemap."""

    @pytest.fixture
    def where(self, database_url: str, tmp_path: Path) -> dict[str, Any]:
        return {"db": database_url, "outlets": tmp_path / "outlets", "data": tmp_path / "data"}

    def backfill(self, where: dict[str, Any]) -> Crawled:
        done = crawl("town", kind="backfill", first="2024-06-01", last="2024-06-02", **where)
        assert done.end["state"] == "completed", done.log[-3000:]
        return done

    def finished(self, where: dict[str, Any]) -> list[tuple[date, date]]:
        db = open_database(where["db"])
        try:
            return [(window.first, window.last) for window in frontier.finished_windows(db, "town")]
        finally:
            db.close()

    def test_an_unread_document_leaves_the_window_to_the_next_backfill(self, where: dict[str, Any]) -> None:
        with WrittenSite() as site:
            site.write_outlet(
                where["outlets"], "town",
                'kind = "dated_listing"\nurl = "ORIGIN/{year}/{month:02}"', 'kind = "sitemap"\nurl = "ORIGIN/map"',
            )  # fmt: skip
            site.documents = {"/2024/06": Document(listing()), "/map": Document(WALL)}
            done = self.backfill(where)
            assert done.counts["problems"] == [f"{site.origin}/map: no sitemap: its first tag is <html>"]
            assert done.counts["notes"] == [
                "2024-06-01 to 2024-06-02: not finished, since seed documents were not read, or in part; "
                "the next backfill asks again"
            ]
            assert (done.code, self.finished(where)) == (1, [])
            site.documents["/map"] = Document("<urlset></urlset>")
            done = self.backfill(where)
            assert (done.code, done.counts["problems"], done.counts["notes"]) == (0, [], [])
        assert self.finished(where) == [(date(2024, 6, 1), date(2024, 6, 2))]

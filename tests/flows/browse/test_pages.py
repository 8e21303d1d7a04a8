"""The pages through real HTTP: what they show, that hostile texts stay texts, and that browsers are told to behave."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from storage import frontier, watches
from storage.selection import Selection
from tests.flows.reading import FERRY_TITLE, PERSIAN
from tests.storage.building import begin, put

from .conftest import Served

PAGES = (
    "/",
    "/search",
    "/search?q=ferries",
    "/outlets",
    "/outlets/herald",
    "/runs",
    "/trend",
    "/trend?q=ferries",
    "/api",
)
FEEDS = ("/index.rss", "/search.rss", "/search.rss?q=ferries", "/outlets/herald.rss")
VALUES = (
    "/index.json", "/search.json?q=snow", "/outlets.json", "/outlets/herald.json", "/runs.json", "/trend.json?q=ferries",
)  # fmt: skip

WRONG = (
    ("/search?from=2026-99-01", 400, "from=2026-99-01: "),
    ("/search?from=2026-02-01&to=2026-01-01", 400, "from=2026-02-01 is after to=2026-01-01; exchange them"),
    ("/?day=0001-01-01", 400, "0001-01-01 is not between 1600-01-01 and 2999-12-31"),
    ("/search?to=9999-12-31", 400, "9999-12-31 is not between"),
    ("/search?changed_since=9999-12-31T23:59:59-12:00", 400, "9999-12-31 is not between"),
    ("/search?colour=red", 400, "there is no parameter &#39;colour&#39;"),
    ("/search?country=zz", 400, "no outlet file has the country"),
    ("/search?outlet=nosuch", 400, "no outlet file and no article has the outlet"),
    ("/search?q=%22open", 400, "quot"),
    ("/search?limit=1000", 400, "limit=1000: input should be less than or equal to 100"),
    ("/search?cursor=x", 400, "cursor is none of Pressrun"),
    ("/search?respect=fun", 400, "is none of tdm, ai"),
    ("/articles/4711", 404, "no article 4711"),
    ("/articles/0", 400, "article_id=0"),
    ("/articles/99999999999999999999", 400, "article_id"),
    ("/articles/1/revisions/9", 404, "has no revision 9"),
    ("/outlets/nosuch", 404, "no outlet &#39;nosuch&#39;"),
    ("/runs/4711", 404, "no run 4711"),
    ("/trend?q=a&from=1900-01-01&to=2026-01-01", 400, "ten years"),
    ("/watches/nosuch.rss", 404, "there is no saved search"),
    ("/nothing", 404, "there is no page /nothing"),
    ("/static/..%2fapp.py", 404, "there is no"),
)


def test_every_view_is_a_page_and_a_value_and_lists_are_feeds(archive: Served) -> None:
    ferry, copy = archive.id_of("herald", 1), archive.id_of("tidings", 1)
    run = archive.runs["herald"]
    pages = (f"/articles/{ferry}", f"/articles/{ferry}/copies/{copy}", f"/articles/{ferry}/revisions/1", f"/runs/{run}")
    for path in (*PAGES, *pages):
        answer = archive.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert "\n</html>" in answer.text
    for path in (*VALUES, *(f"{page}.json" for page in pages)):
        assert archive.json(path), path
    for path in FEEDS:
        feed = ElementTree.fromstring(archive.get(path).text)
        assert [item.findtext("link") for item in feed.iter("item")], path
        assert archive.get(page_of(feed)).status_code == 200, path


def page_of(feed: ElementTree.Element) -> str:
    """The path and query of the page that a feed belongs to."""
    parts = urlsplit(feed.findtext("channel/link") or "")
    return f"{parts.path}?{parts.query}"


def test_the_start_page_counts_by_outlet_and_puts_the_biggest_story_first(archive: Served) -> None:
    shown = archive.json("/index.json")
    stories = shown["stories"]
    assert isinstance(stories, list)
    assert [(each["title"], each["copies"]) for each in stories] == [(FERRY_TITLE, 2)]
    assert stories[0]["copied_by"] == ["Island Tidings", "Norland Wire"]
    page = archive.get("/").text
    assert PERSIAN in page
    assert 'dir="rtl"' in page


def test_an_article_says_where_it_comes_from_who_copied_it_and_what_was_edited(archive: Served) -> None:
    ferry, copy = archive.id_of("herald", 1), archive.id_of("wire", 1)
    found = archive.json(f"/articles/{ferry}.json")
    assert found["published_source"] == "json-ld"
    assert found["rights"] == ["ai=no (meta robots noai)"]
    assert "quality" in found
    assert "Quality of the extraction" in archive.get(f"/articles/{ferry}").text
    assert isinstance(found["copies"], list)
    assert isinstance(found["revisions"], list)
    assert {(each["outlet"], each["delay_seconds"]) for each in found["copies"]} == {
        ("wire", 3 * 3600), ("tidings", 4 * 3600),
    }  # fmt: skip
    assert [each["number"] for each in found["revisions"]] == [1]
    page = archive.get(f"/articles/{ferry}").text
    for told in ("Provenance", "json-ld", "ai=no (meta robots noai)", "3 h later", "Norland Wire", "Edited once"):
        assert told in page, told
    assert "<img" not in page
    assert 'rel="noreferrer noopener nofollow"' in page
    assert f"/articles/{ferry}/copies/{copy}" in page


def test_a_revision_and_a_copy_are_shown_word_by_word(archive: Served) -> None:
    ferry, copy = archive.id_of("herald", 1), archive.id_of("tidings", 1)
    page = archive.get(f"/articles/{ferry}/revisions/1").text
    assert "<del>14</del> <ins>16.5</ins> million crowns" in page
    page = archive.get(f"/articles/{ferry}/copies/{copy}").text
    assert "<ins>Two</ins> " in page or "<del>Harbourton" in page
    assert archive.get(f"/articles/{copy}/copies/{ferry}").status_code == 404


def test_texts_of_outlets_are_escaped_everywhere(archive: Served) -> None:
    hostile = archive.id_of("herald", 3)
    for path in ("/", "/search", "/search?q=evil", f"/articles/{hostile}", "/outlets/herald"):
        page = archive.get(path).text
        assert "&lt;script&gt;" in page, path
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert not set(page) & {"\u202e", "\x07"}, path
    query = archive.get("/search", params={"q": '"><script>alert(3)</script>'}).text
    assert "<script>alert(3)" not in query


def test_a_huge_text_is_shown_whole_and_compared_in_bounded_time(archive: Served) -> None:
    run = begin(archive.db, "tidings")
    for text in ("very " * 60_000, "quite " * 60_000):
        put(archive.db, run, "https://tidings.example/huge", "huge", title="wide" * 200, text=text + "long" * 500)
    huge = archive.id_of("tidings", "huge")
    page = archive.get(f"/articles/{huge}")
    assert page.status_code == 200
    assert page.text.count("quite ") >= 60_000
    assert archive.get(f"/articles/{huge}/revisions/1").text.count("very") >= 60_000


def test_browsers_are_told_to_load_and_send_nothing(archive: Served) -> None:
    for path in ("/", "/search.json", "/nothing", "/static/style.css"):
        headers = archive.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self';")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
    for path in PAGES:
        page = archive.get(path).text
        assert " style=" not in page, path
        assert " onclick" not in page, path
        assert page.count("<script") == 1, path


def test_what_has_not_changed_is_not_sent_again(archive: Served) -> None:
    for path in ("/", "/search.json", "/index.rss", "/api/v1/articles"):
        first = archive.get(path)
        again = archive.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == first.headers["etag"]


def test_a_wrong_address_is_one_sentence(archive: Served) -> None:
    for path, status, told in WRONG:
        answer = archive.get(path)
        assert answer.status_code == status, path
        assert told in answer.text, (path, answer.text[answer.text.find("<main") :])


def test_fields_that_a_form_leaves_empty_are_no_filters(archive: Served) -> None:
    empty = "q=&outlet=&country=&language=&from=&to=&author=&credit=&section=&which=&respect=&changed_since="
    assert archive.get(f"/search?{empty}").status_code == 200
    assert archive.json(f"/search.json?{empty}") == archive.json("/search.json")


def test_lists_go_on_where_they_ended(archive: Served) -> None:
    seen: list[int] = []
    cursor = ""
    while True:
        page = archive.json("/search.json", params={"limit": 2, "which": "all", "cursor": cursor})
        listed = page["articles"]
        assert isinstance(listed, list)
        seen += [each["id"] for each in listed]
        cursor = str(page["cursor"] or "")
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 6


def test_nothing_can_be_written(archive: Served) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("/", "/articles/1", "/api/v1/articles", "/api/v1/articles/1"):
            assert archive.client.request(method, path).status_code == 405


def test_a_saved_search_is_a_feed(archive: Served) -> None:
    now = datetime.now(UTC)
    watches.add_watch(archive.db, watches.Watch("ferries", Selection(query="ferries"), (), False, now, 0, now, None))
    run = begin(archive.db, "herald")
    put(archive.db, run, "https://herald.example/new-ferry", "one", title="Ferries are late", hours=1)
    frontier.end_run(archive.db, run.id, "completed", {})
    (watch,) = watches.all_watches(archive.db)
    assert watches.look(archive.db, watch, datetime.now(UTC)) == 1
    answer = archive.get("/watches/ferries.rss")
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert [item.findtext("title") for item in feed.iter("item")] == ["Ferries are late"]


@contextmanager
def locked(archive: Served, url: str) -> Iterator[None]:
    """Keep the whole store locked, as a repair or a copy by other tools does."""
    if archive.db.dialect == "sqlite":
        archive.db.close()  # its connections would keep others from locking the whole file
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            yield
        return
    with archive.db.begin() as other_server:
        other_server.exec_driver_sql("LOCK TABLE articles, outlets IN ACCESS EXCLUSIVE MODE")
        yield


def test_a_store_that_stays_locked_is_told_in_one_sentence_and_read_again_later(
    archive: Served, database_url: str
) -> None:
    with locked(archive, database_url):
        page, answer = archive.get("/search"), archive.get("/api/v1/articles")
    assert (page.status_code, answer.status_code) == (503, 503)
    for told in (page.text, answer.json()["error"]):
        assert re.search(r"the database .* failed: .*(database is locked|lock timeout)", told), told
        assert "Traceback" not in told
    assert archive.get("/search").status_code == 200

"""Pages of WARC files, our own and others', through extraction and deduplication again."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers import page_batches
from crawlers.archived_pages import Archive, reextract
from crawlers.catalog import load_outlets
from crawlers.page_batches import ExtractionCounts
from crawlers.warc_import import import_warc
from storage import articles, frontier
from storage.database import Database
from storage.errors import ArchiveError
from storage.frontier import Extracted, FinishedPage, Rejected
from storage.jobs import check_store
from storage.model import Article, Hints, Link
from storage.warc import ArchiveWriter
from tests.fault_pages import article

FETCHED = datetime(2025, 3, 5, 12, tzinfo=UTC)
HTML = [(b"Content-Type", b"text/html; charset=utf-8")]


def warc(path: Path, answers: list[tuple[str, int, bytes, str]], *, gzip: bool = True) -> Path:
    """A foreign WARC file: request and response records as a crawler writes them."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=gzip)
        for url, status, body, kind in answers:
            http = StatusAndHeaders(f"{status} Said", [("Content-Type", kind)], protocol="HTTP/1.1")
            date = {"WARC-Date": FETCHED.strftime("%Y-%m-%dT%H:%M:%SZ")}
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=date
            )
            writer.write_record(record)
    return path


@pytest.mark.parametrize("gzip", [True, False])
def test_pages_of_a_foreign_file_become_articles_of_their_hosts_or_outlets(
    database: Database, tmp_path: Path, gzip: bool
) -> None:
    file = warc(
        tmp_path / "CC-NEWS-20250305-1.warc",
        [
            ("https://www.somewhere.example/a/1", 200, article(1), "text/html"),
            ("https://www.azernews.az/nation/200159.html", 200, article(2), "text/html; charset=UTF-8"),
            ("https://www.azernews.az/about", 200, article(3), "text/html"),
            ("https://www.somewhere.example/a/4", 404, article(4), "text/html"),
            ("https://www.somewhere.example/a.pdf", 200, b"%PDF-1.4", "application/pdf"),
            ("https://www.somewhere.example/short", 200, b"<html><body><p>Soon.</p></body></html>", "text/html"),
            ("http://[broken/", 200, article(5), "text/html"),
        ],
        gzip=gzip,
    )
    done = import_warc(database, file, load_outlets())
    assert done.states == {"stored": 2, "rejected": 1}
    assert done.skipped == {"no_article_address": 1, "http_404": 1, "not_html": 1, "bad_address": 1}
    kept = {stored.outlet: stored for stored in articles.iter_articles(database)}
    assert set(kept) == {"www.somewhere.example", "azernews"} or set(kept) == {"somewhere.example", "azernews"}
    assert kept["azernews"].title == "The town reports matter 2"
    assert check_store(database) == []


def test_a_second_import_passes_over_what_is_known(database: Database, tmp_path: Path) -> None:
    answers = [(f"https://x.example/{n}", 200, article(n), "text/html") for n in range(3)]
    first = warc(tmp_path / "first.warc.gz", answers[:2])
    import_warc(database, first, load_outlets())
    done = import_warc(database, warc(tmp_path / "both.warc.gz", answers), load_outlets())
    assert (done.states, done.skipped) == ({"stored": 1}, {"known": 2})
    assert len(list(articles.iter_articles(database))) == 3


def test_copies_are_found_across_imported_pages(database: Database, tmp_path: Path) -> None:
    answers = [
        ("https://a.example/1", 200, article(1), "text/html"),
        ("https://b.example/9", 200, article(1), "text/html"),
    ]
    done = import_warc(database, warc(tmp_path / "two.warc.gz", answers), load_outlets())
    assert done.states == {"stored": 1, "duplicate": 1}


def test_what_is_no_warc_file_is_said_and_the_run_is_a_failure(database: Database, tmp_path: Path) -> None:
    (tmp_path / "page.warc.gz").write_bytes(b"\x1f\x8b" + bytes(200))
    with pytest.raises(ArchiveError, match=r"page\.warc\.gz"):
        import_warc(database, tmp_path / "page.warc.gz", load_outlets())
    assert frontier.last_runs(database)[0].state == "failed"


def crawled(database: Database, folder: Path, bodies: dict[str, tuple[bytes, Extracted | Rejected]]) -> None:
    """A run that fetched and archived these pages, with what extraction made of them then."""
    run = frontier.start_run(database, frontier.RunRequest("example", "Example", "nightly", {}))
    links = [Link(url, Hints(section="from the seed")) for url in bodies]
    frontier.discover(database, run, None, links)
    archive = ArchiveWriter(folder, run.id, "example")
    ends = []
    for lease in frontier.lease(database, run, 100, now=datetime.now(UTC)):
        body, result = bodies[lease.url]
        place = archive.write(url=lease.url, status=200, headers=HTML, body=body, fetched_at=FETCHED)
        ends.append(FinishedPage(lease.page_id, result, FETCHED, 200, lease.url, (lease.url,), '"tag"', None, place))
    archive.close()
    frontier.finish(database, run, ends, datetime.now(UTC))
    frontier.end_run(database, run.id, "completed", {})


def old(number: int, **fields: object) -> Extracted:
    return Extracted(
        Article(**{"url": f"https://e.example/{number}", "title": "Old", "text": "Only a part. " * 30} | fields)
    )  # type: ignore[arg-type]


def test_the_archive_is_read_again_with_what_the_seed_had_told(database: Database, tmp_path: Path) -> None:
    crawled(
        database,
        tmp_path,
        {
            "https://e.example/1": (article(1), old(1)),
            "https://e.example/2": (article(2), Rejected("too_short")),
            "https://e.example/3": (b"<html><body><p>Soon.</p></body></html>", Rejected("not_article")),
        },
    )
    done = reextract(Archive(database, tmp_path, load_outlets()))
    assert (done.total, done.read, done.states["stored"], done.states["rejected"]) == (3, 3, 2, 1)
    kept = {stored.url: stored for stored in articles.iter_articles(database)}
    assert kept["https://e.example/1"].title == "The town reports matter 1"
    assert [earlier.title for earlier in articles.revisions_of(database, kept["https://e.example/1"].id)] == ["Old"]
    assert frontier.count_pages(database)["rejected"] == 1
    assert check_store(database, tmp_path) == []


def test_a_second_reading_is_no_visit_and_improves_what_is_not_text(database: Database, tmp_path: Path) -> None:
    crawled(database, tmp_path, {"https://e.example/1": (article(1), old(1))})
    reextract(Archive(database, tmp_path, load_outlets()))
    with database.begin() as c:
        c.execute(sql("UPDATE pages SET next_at = '2031-01-01 00:00:00.000000'"))
        c.execute(sql("UPDATE articles SET published_at = NULL, language = NULL, section = 'kept'"))
        before = c.execute(sql("SELECT next_at, etag, looks, warc_file, fetched_at FROM pages")).one()
    done = reextract(Archive(database, tmp_path, load_outlets()))
    assert done.states == {"unchanged": 1}
    with database.read() as c:
        assert c.execute(sql("SELECT next_at, etag, looks, warc_file, fetched_at FROM pages")).one() == before
    [stored] = articles.iter_articles(database)
    assert stored.published_at is not None
    assert stored.language == "en"
    assert stored.section is not None
    assert len(articles.revisions_of(database, stored.id)) == 1


def test_a_reading_that_was_stopped_goes_on_where_it_ended(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_batches, "BATCH", 2)
    crawled(
        database, tmp_path, {f"https://e.example/{n}": (article(n), old(n, text=f"{n} part. " * 30)) for n in range(5)}
    )

    class StoppedError(Exception):
        pass

    def stop(done: ExtractionCounts) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        reextract(Archive(database, tmp_path, load_outlets()), on_progress=stop)
    done = reextract(Archive(database, tmp_path, load_outlets()))
    assert (done.total, done.read) == (3, 3)
    assert all(stored.title.startswith("The town") for stored in articles.iter_articles(database))
    assert reextract(Archive(database, tmp_path, load_outlets())).read == 5


def test_a_page_that_a_crawl_holds_is_left_to_the_crawl(database: Database, tmp_path: Path) -> None:
    crawled(database, tmp_path, {"https://e.example/1": (article(1), old(1))})
    run = frontier.start_run(database, frontier.RunRequest("example", "Example", "nightly", {}))
    frontier.discover(database, run, None, [Link("https://e.example/1")], refetch=True)
    [lease] = frontier.lease(database, run, 1, now=datetime.now(UTC))
    assert reextract(Archive(database, tmp_path, load_outlets())).states == {"put_back": 1}
    [ended] = frontier.finish(database, run, [FinishedPage(lease.page_id, old(1), FETCHED)], datetime.now(UTC))
    assert ended.state == "unchanged"
    frontier.end_run(database, run.id, "completed", {})


def test_a_record_that_is_missing_is_a_problem_and_no_end(database: Database, tmp_path: Path) -> None:
    crawled(database, tmp_path, {"https://e.example/1": (article(1), old(1))})
    for file in tmp_path.glob("*.warc.gz"):
        file.unlink()
    done = reextract(Archive(database, tmp_path, load_outlets()))
    assert (done.read, done.skipped) == (0, {"unreadable": 1})
    assert "cannot read" in done.problems[0]
    assert len(list(articles.iter_articles(database))) == 1

"""Importing foreign WARC and ARC files: which records are ours, what becomes of each, and what happens to damage."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers import page_batches
from crawlers.catalog import Catalog, load_outlets
from crawlers.errors import UnknownOutletError
from crawlers.record_filter import RecordFilter
from crawlers.warc_import import ImportCounts, import_warc
from storage import articles, frontier
from storage.database import Database
from storage.errors import ArchiveError
from storage.jobs import check_store
from storage.model import Link
from storage.warc import RecordHead
from tests.calling import outlet_file
from tests.fault_pages import article
from tests.warc_files import ARC_HEAD, arc, http, page, record, zipped

OURS = "https://example.ge/news/"


def catalog(tmp_path: Path) -> Catalog:
    return load_outlets(outlet_file(tmp_path / "outlets"))


def file(tmp_path: Path, records: list[bytes], name: str = "news.warc.gz") -> Path:
    path = tmp_path / name
    path.write_bytes(b"".join(zipped(records) if name.endswith(".gz") else records))
    return path


def equation(done: ImportCounts) -> bool:
    return done.records == done.read + sum(done.skipped.values())


def urls(db: Database) -> set[str]:
    return {stored.url for stored in articles.iter_articles(db, copies=True)}


@pytest.mark.parametrize(
    ("url", "all_sites", "one_outlet"),
    [
        ("https://example.ge/news/7", "", ""),
        ("https://example.ge/about", "no_article_address", "no_article_address"),
        ("https://cdn.example.ge/x", "", "no_article_address"),
        ("https://elsewhere.example/news/7", "", "other_site"),
        ("dns:example.ge", "not_http", "not_http"),
        ("http://[broken/", "bad_address", "bad_address"),
    ],
)
def test_a_record_is_judged_by_its_address_alone(tmp_path: Path, url: str, all_sites: str, one_outlet: str) -> None:
    head = RecordHead("response", url, None, "", 0)
    assert RecordFilter(catalog(tmp_path)).pass_over(head) == all_sites
    assert RecordFilter(catalog(tmp_path), ["example_ge"]).pass_over(head) == one_outlet


def test_an_outlet_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownOutletError, match="example_gee"):
        RecordFilter(catalog(tmp_path), ["example_gee"])


def test_every_record_is_counted_by_what_became_of_it(database: Database, tmp_path: Path) -> None:
    records = [
        record("", b"software: x\r\n", "warcinfo"),
        record(f"{OURS}1", b"GET /news/1 HTTP/1.1\r\n\r\n", "request"),
        page("HTTPS://EXAMPLE.GE/news/1", article(1)),
        record(f"{OURS}1", b"fetchTimeMs: 7\r\n", "metadata"),
        record(f"{OURS}1", b"", "revisit"),
        record(f"{OURS}2", article(2), "resource", Content_Type="text/html"),
        record(f"{OURS}3", article(3), "conversion", Content_Type="text/html; charset=utf-8"),
        record(f"{OURS}4", b"Only text.", "conversion", Content_Type="text/plain"),
        page(f"{OURS}5", article(5), date="20250305120000"),
        page(f"{OURS}6", article(6), date=None),
        page("https://elsewhere.example/1", article(7)),
        page("https://example.ge/about", article(8)),
        record(f"{OURS}9", http(article(9), 404)),
        record(f"{OURS}10", http(article(10), 206)),
        record(f"{OURS}11", http(b"%PDF", kind="application/pdf")),
        record(f"{OURS}12", b"no answer at all"),
        record("dns:example.ge", b"example.ge. IN A 192.0.2.1", Content_Type="text/dns"),
        record(f"{OURS}13", b"?", "future"),
        page(f"{OURS}14", b"<html><body><p>Soon.</p></body></html>"),
    ]
    done = import_warc(database, file(tmp_path, records), catalog(tmp_path), ["example_ge"])
    assert done.states == {"stored": 5, "rejected": 1}
    assert done.skipped == {
        "warcinfo": 1, "request": 1, "metadata": 1, "revisit": 1, "not_html": 2, "other_site": 1,
        "no_article_address": 1, "http_404": 1, "http_206": 1, "no_http_answer": 1, "not_http": 1, "other_kind": 1,
    }  # fmt: skip
    assert (done.records, equation(done), done.lost_bytes) == (len(records), True, 0)
    assert urls(database) == {f"{OURS}{n}" for n in (1, 2, 3, 5, 6)}
    assert {stored.outlet for stored in articles.iter_articles(database)} == {"example_ge"}
    assert check_store(database) == []


@pytest.mark.parametrize("name", ["old.arc", "old.arc.gz"])
def test_an_old_arc_file_is_imported(database: Database, tmp_path: Path, name: str) -> None:
    records = [ARC_HEAD + b"\n", arc(f"{OURS}1", http(article(1))), arc("http://other.example/", http(article(2)))]
    done = import_warc(database, file(tmp_path, records, name), catalog(tmp_path), ["example_ge"])
    assert (done.states, done.skipped) == ({"stored": 1}, {"warcinfo": 1, "other_site": 1})
    assert urls(database) == {f"{OURS}1"}


def test_a_text_that_was_cut_off_is_rejected_and_stored_when_it_comes_whole(database: Database, tmp_path: Path) -> None:
    body = article(1)
    zipped_body, half = gzip.compress(body), article(1)[: len(body) - 400]
    answers = [
        record(f"{OURS}1", http(half), WARC_Truncated="length"),
        record(f"{OURS}2", http(half, Content_Length=str(len(body)))),
        record(f"{OURS}3", http(zipped_body[:-40], Content_Encoding="gzip")),
        record(f"{OURS}4", http(b"%x\r\n%s\r\n" % (len(half), half), Transfer_Encoding="chunked")),
        record(f"{OURS}5", http(half), Content_Length=str(len(half) + 5000)),
    ]
    done = import_warc(database, file(tmp_path, answers), catalog(tmp_path), ["example_ge"])
    assert done.reasons == {"rejected:truncated": 5}
    assert urls(database) == set()
    whole = [page(f"{OURS}{n}", article(n)) for n in range(1, 6)]
    whole[2] = record(f"{OURS}3", http(gzip.compress(article(3)), Content_Encoding="gzip"))
    whole[3] = record(f"{OURS}4", http(article(4), Content_Encoding="gzip", Content_Length="99"))  # decoded before
    done = import_warc(database, file(tmp_path, whole, "whole.warc.gz"), catalog(tmp_path), ["example_ge"])
    assert done.states == {"stored": 5}


def test_a_text_that_was_cut_off_does_not_replace_the_whole_one(database: Database, tmp_path: Path) -> None:
    import_warc(database, file(tmp_path, [page(f"{OURS}1", article(1))]), catalog(tmp_path))
    [before] = articles.iter_articles(database)
    later = record(f"{OURS}1", http(article(2)), WARC_Truncated="length", date="2025-04-01T00:00:00Z")
    done = import_warc(database, file(tmp_path, [later], "later.warc.gz"), catalog(tmp_path))
    assert done.states == {"unchanged": 1}
    assert [stored.text for stored in articles.iter_articles(database)] == [before.text]


def test_a_capture_from_before_a_page_was_gone_is_imported(database: Database, tmp_path: Path) -> None:
    run = frontier.start_run(database, frontier.RunRequest("example_ge", "Example", "nightly", {}))
    frontier.discover(database, run, None, [Link(f"{OURS}1")])
    now = datetime.now(UTC)
    [lease] = frontier.lease(database, run, 1, now=now)
    frontier.finish(database, run, [frontier.FinishedPage(lease.page_id, frontier.Gone("http_404"), now, 404)], now)
    frontier.end_run(database, run.id, "completed", {})
    done = import_warc(database, file(tmp_path, [page(f"{OURS}1", article(1))]), catalog(tmp_path))
    assert done.states == {"stored": 1}


def test_damage_is_reported_and_what_follows_is_imported(database: Database, tmp_path: Path) -> None:
    members = zipped([page(f"{OURS}{n}", article(n)) for n in range(6)])
    flipped = members[1][:200] + b"\0\0\0" + members[1][203:]
    torn, cut = members[3][:300], members[5][:-100]
    (tmp_path / "bad.warc.gz").write_bytes(b"".join([members[0], flipped, members[2], torn, members[4], cut]))
    done = import_warc(database, tmp_path / "bad.warc.gz", catalog(tmp_path), ["example_ge"])
    assert urls(database) == {f"{OURS}{n}" for n in (0, 2, 4)}
    assert done.lost_bytes == len(flipped) + len(torn) + len(cut)
    assert done.skipped == {"damaged": 2}
    assert done.reasons == {"rejected:truncated": 1}
    assert equation(done)
    assert [problem.split(":")[0] for problem in done.problems] == [
        f"{len(flipped):,} bytes lost at byte {len(members[0]):,}",
        f"{len(torn):,} bytes lost at byte {len(members[0] + flipped + members[2]):,}",
        f"{len(cut):,} bytes lost at byte {len(members[0] + flipped + members[2] + torn + members[4]):,}",
    ]


@pytest.mark.parametrize("content", [b"", b"no archive of any kind\n" * 50, b"\x1f\x8b" + bytes(300)])
def test_a_file_without_any_record_is_an_error(database: Database, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "page.warc.gz").write_bytes(content)
    with pytest.raises(ArchiveError, match=r"page\.warc\.gz is no WARC file"):
        import_warc(database, tmp_path / "page.warc.gz", catalog(tmp_path))
    assert frontier.last_runs(database)[0].state == "failed"


class StoppedError(Exception):
    pass


@pytest.mark.parametrize("one_member", [False, True])
def test_an_import_that_was_stopped_resumes_at_its_record(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_member: bool
) -> None:
    monkeypatch.setattr(page_batches, "BATCH", 2)
    records = [page(f"{OURS}{n}", article(n)) for n in range(5)] + [page("https://other.example/", article(9))]
    path = tmp_path / "news.warc.gz"
    path.write_bytes(gzip.compress(b"".join(records)) if one_member else b"".join(zipped(records)))

    def stop(done: ImportCounts) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        import_warc(database, path, catalog(tmp_path), ["example_ge"], stop)
    assert len(urls(database)) == 2
    done = import_warc(database, path, catalog(tmp_path), ["example_ge"])
    assert done.resumed_at is not None
    assert (done.states, done.skipped, done.records) == ({"stored": 5}, {"other_site": 1}, 6)
    assert import_warc(database, path, catalog(tmp_path), ["example_ge"]).skipped == {"known": 5, "other_site": 1}
    assert check_store(database) == []


def test_a_file_that_has_changed_is_begun_again(database: Database, tmp_path: Path) -> None:
    before = {"records": 4, "offset": 10, "size": 3, "version": "1"}

    class Changed:
        size, version = 3, "2"

    assert ImportCounts.resumed(before, Changed()).offset == 0  # type: ignore[arg-type]

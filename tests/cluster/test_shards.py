"""Work over the whole archive, divided among the workers, with the results of one process."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.catalog import load_outlets
from crawlers.warc_import import import_warc
from storage import articles
from storage.database import Database, open_database
from storage.jobs import check_store
from tests.cluster.cluster import Cluster
from tests.cluster.site import PAST
from tests.past.stories import Story, stories

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]

SHARDS = 4
COPIES = 3  # articles of each file that are copies of articles in the file before


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """Four WARC files of a site without an outlet file, each with twelve articles and copies of others."""
    folder = tmp_path_factory.mktemp("warc")
    told = [Story(500_000 + story.number, story.at, False) for story in stories(*PAST, 2)[: 12 * SHARDS]]
    return [_warc(folder / f"news-{n}.warc.gz", told[12 * n : 12 * n + 12], told[12 * n - COPIES : 12 * n])
            for n in range(SHARDS)]  # fmt: skip


def _warc(path: Path, told: Sequence[Story], copied: Sequence[Story]) -> Path:
    pages = [(f"https://imported.example{story.path}", story) for story in told]
    pages += [(f"https://copies.example{story.path}", Story(story.number, told[-1].at, False)) for story in copied]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, story in pages:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            body = story.page()
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=io.BytesIO(body), length=len(body), http_headers=head,
                    warc_headers_dict={"WARC-Date": "2024-06-01T00:00:00Z"},
                )
            )  # fmt: skip
    return path


def kept(db: Database, outlets: str) -> set[tuple[Any, ...]]:
    """What the store has of outlets whose ids contain a word, without its own numbers."""
    all_of_them = list(articles.iter_articles(db, copies=True))
    urls = {one.id: one.url for one in all_of_them}
    return {(one.url, one.title, one.text, one.published_at, one.language, one.section, urls.get(one.duplicate_of or 0))
            for one in all_of_them if outlets in one.outlet}  # fmt: skip


def test_an_import_fans_out_by_file_and_brings_what_a_serial_one_brings(
    cluster: Cluster, files: Sequence[Path], tmp_path: Path
) -> None:
    pattern = str(files[0].parent / "*.warc.gz")
    run = cluster.start("import/import", files=[pattern], every_site=True)
    (ended,) = cluster.until_completed([run])
    assert ended["state"]["message"] == f"{SHARDS} files imported"
    parts = cluster.children(run)
    assert len(parts) == SHARDS
    assert cluster.drivers(parts) == cluster.pids
    with closing(open_database(f"sqlite:///{tmp_path}/serial.db")) as serial, cluster.store() as db:
        for file in files:
            import_warc(serial, file, load_outlets())
        assert kept(db, ".example") == kept(serial, ".example")
        assert len(kept(db, "imported.example")) == 12 * SHARDS
        assert sum(one[-1] is not None for one in kept(db, "copies.example")) == COPIES * (SHARDS - 1)


def test_a_reextraction_fans_out_in_shards_and_brings_what_the_crawls_brought(cluster: Cluster) -> None:
    with cluster.store() as db:
        if not kept(db, "news_0"):  # no other test has crawled them
            cluster.until_completed([cluster.start("crawl/crawl", outlet=f"news_{n}") for n in range(4)])
        before = kept(db, "news_")
    with psycopg.connect(cluster.db_url) as connection:
        connection.execute("UPDATE articles SET published_at = NULL, language = NULL WHERE outlet_id LIKE 'news_%'")
    names = [f"news_{n}" for n in range(20)]
    run = cluster.start("reextract/reextract", outlets=names, shards=SHARDS)
    (ended,) = cluster.until_completed([run])
    parts = cluster.children(run)
    assert len(parts) == SHARDS
    assert cluster.drivers(parts) == cluster.pids
    with cluster.store() as db:
        assert kept(db, "news_") == before
        assert check_store(db, cluster.folder / "data" / "archive") == []
    assert ended["state"]["message"] == f"{len(before)} pages extracted: {len(before)} unchanged; {SHARDS} shards"
    (report,) = cluster.post("artifacts/filter", {"artifacts": {"key": {"any_": ["reextract-shards"]}}})
    assert report["data"].count("completed") == SHARDS

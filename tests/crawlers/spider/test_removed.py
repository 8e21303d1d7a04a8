"""What was taken down stays away when its outlet is crawled again, though it is still published there."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from storage import articles
from storage.articles import StoredArticle
from storage.database import open_database
from storage.jobs import RemovalFiles, check_store, removal_of_address, take_down
from tests.crawling import balanced, crawl
from tests.past.site import PastSite
from tests.past.stories import Story, paragraphs, stories

FIRST, LAST = date(2024, 3, 10), date(2024, 3, 14)
SEEDS = {
    "sitemap": "url = 'ORIGIN/sitemap-index.xml'",
    "wordpress": "url = 'ORIGIN/wp-json/wp/v2/posts'",
}


class Moved(PastSite):
    """The outlet has given its articles other numbers; the old ones still answer."""

    moved = False

    def answer(self, path: str, query: Any) -> Any:
        status, kind, body, headers = super().answer(path.replace("/news/9", "/news/"), query)
        listed = self.moved and path.endswith(".xml")
        return status, kind, body.replace(b"/news/", b"/news/9") if listed else body, headers


def run(database_url: str, folder: Path, **more: Any) -> None:
    where: dict[str, Any] = {"db": database_url, "data": folder / "data", "outlets": folder / "outlets"}
    span = {"kind": "backfill", "first": FIRST.isoformat(), "last": LAST.isoformat(), "refetch": True}
    done = crawl("gazette", **where, **span, **more)
    assert done.end["state"] == "completed", done.log[-3000:]
    assert balanced(done.ledger)


def raw(folder: Path) -> bytes:
    return b"".join(gzip.decompress(path.read_bytes()) for path in (folder / "data" / "archive").glob("*.warc.gz"))


def kept(database_url: str, folder: Path) -> list[StoredArticle]:
    db = open_database(database_url)
    try:
        assert check_store(db, folder / "data" / "archive") == []
        return list(articles.iter_articles(db, copies=True))
    finally:
        db.close()


def remove(database_url: str, folder: Path, url: str) -> None:
    db = open_database(database_url)
    places = RemovalFiles(folder / "data" / "archive", folder / "data" / "takedowns.jsonl")
    take_down(db, removal_of_address(db, url), "asked for", places)
    db.close()


def text_of(story: Story) -> bytes:
    return paragraphs(story.number)[0].encode()


@pytest.mark.parametrize("kind", sorted(SEEDS))
def test_a_refetch_brings_nothing_of_it_back(database_url: str, tmp_path: Path, kind: str) -> None:
    with PastSite(stories(FIRST, LAST, 2)) as site:
        site.write_outlet(tmp_path / "outlets", f"[[seeds]]\nkind = '{kind}'\n{SEEDS[kind]}\n")
        run(database_url, tmp_path)
        gone, *others = site.stories
        assert text_of(gone) in raw(tmp_path)
        remove(database_url, tmp_path, site.origin + gone.path)
        assert text_of(gone) not in raw(tmp_path)
        run(database_url, tmp_path)
        assert text_of(gone) not in raw(tmp_path)
    assert sorted(one.url for one in kept(database_url, tmp_path)) == sorted(site.origin + one.path for one in others)


def test_its_text_at_a_new_address_is_kept_nowhere(database_url: str, tmp_path: Path) -> None:
    with Moved(stories(FIRST, LAST, 1)) as site:
        site.write_outlet(tmp_path / "outlets", f"[[seeds]]\nkind = 'sitemap'\n{SEEDS['sitemap']}\n")
        run(database_url, tmp_path)
        gone, *others = site.stories
        remove(database_url, tmp_path, site.origin + gone.path)
        site.moved = True
        run(database_url, tmp_path)
        moved = gone.path.replace("/news/", "/news/9")
        assert dict(site.asked(lambda hit: hit == moved)) == {moved: 1}
    assert text_of(gone) not in raw(tmp_path)
    assert text_of(others[0]) in raw(tmp_path)
    assert gone.title not in {one.title for one in kept(database_url, tmp_path)}

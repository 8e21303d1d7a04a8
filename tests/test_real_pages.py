"""A night, a second night, a backfill, new articles and five kills, on real captured pages served on loopback.

The pages and the server that replays them lie beside the project and are not part of it; without them these tests skip.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import articles
from storage.database import open_database
from tests.crawling import balanced, crawl, finish, kill, start

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
REPLAY = SHARED / "tools" / "replay.py"
CORPORA = ("fundus", "naeb")
FRESH = 20
FEW = 200  # pages where the extraction of all of them has nothing to say

pytestmark = [
    pytest.mark.skipif(not REPLAY.exists(), reason="the replay of real pages is not beside this checkout"),
    pytest.mark.timeout(600),
    pytest.mark.long,
]


class Replay:
    """The replayed site, and its own count of what was asked. `limit`: of its pages; None for all."""

    def __init__(self, origin: str, limit: int | None) -> None:
        self.origin, self.limit = origin, limit

    def _json(self, path: str, method: str = "GET") -> dict[str, Any]:
        with urllib.request.urlopen(urllib.request.Request(self.origin + path, method=method), timeout=10) as answer:
            return json.load(answer)

    def requests(self) -> dict[str, int]:
        """By kind and status, such as "article 200"; single articles left out."""
        return {key: n for key, n in self._json("/-/stats")["requests"].items() if "/" not in key}

    def per_article(self) -> dict[str, int]:
        return {key.split()[1]: n for key, n in self._json("/-/stats")["requests"].items() if "/" in key}

    def wait_until_asked(self, pages: int, seconds: float = 120) -> None:
        """Return when that many articles have been asked for; AssertionError if that does not happen in time."""
        deadline = time.monotonic() + seconds
        while (asked := sum(self.per_article().values())) < pages:
            assert time.monotonic() < deadline, f"only {asked} pages"
            time.sleep(0.02)

    def reset(self) -> None:
        self._json("/-/reset", "POST")

    def publish(self, n: int) -> None:
        self._json(f"/-/publish?n={n}", "POST")


@pytest.fixture
def replay(request: pytest.FixtureRequest) -> Iterator[Replay]:
    """The site with all pages, or with as many as the test is parametrized with."""
    limit: int | None = getattr(request, "param", None)
    command = [sys.executable, str(REPLAY), "--port", "0", "--fresh", str(FRESH)]
    command += [word for name in CORPORA for word in ("--corpus", name)]
    command += ["--limit", str(limit)] if limit else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", server.stdout.readline())
        assert found
        yield Replay(found[0], limit)
        server.terminate()


@pytest.fixture
def order(replay: Replay, tmp_path: Path, database_url: str) -> dict[str, Any]:
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / "replay.toml").write_text(
        f"""
name = "Replay"
home = "{replay.origin}/"
country = "xx"
languages = ["en"]
timezone = "UTC"
allow_private = true

[urls]
article = '^http://127\\.0\\.0\\.1:\\d+/news/(?P<id>\\d+)\\.html$'

[fetch]
delay = 0.0
concurrency = 4

[[seeds]]
kind = "feed"
url = "{replay.origin}/rss.xml"

[[seeds]]
kind = "news_sitemap"
url = "{replay.origin}/news-sitemap.xml"

[[seeds]]
kind = "sitemap"
url = "{replay.origin}/sitemap.xml"
"""
    )
    return {"db": database_url, "outlets": tmp_path / "outlets", "data": tmp_path / "data"}


def shown(replay: Replay) -> int:
    return int(replay._json("/-/stats")["shown"])


def bodies(limit: int | None) -> dict[str, int]:
    """Words of the known body of each page, in the order in which the site numbers them."""
    sys.path.insert(0, str(SHARED / "tools"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the tool leaves files open
            import replay as tool

            site = tool.Site(list(CORPORA), limit, 0, "")
            gc.collect()
    finally:
        sys.path.pop(0)
    by_file = {
        corpus + "/" + row["file"]: len(str((row.get("truth") or {}).get("body_text") or "").split())
        for corpus in CORPORA
        for row in map(json.loads, (SHARED / "data" / corpus / "meta.jsonl").read_text().splitlines())
    }
    return {
        f"/news/{n}.html": by_file[f"{file.parent.parent.name}/{file.parent.name}/{file.name}"]
        for n, file, _, _ in site.articles
    }


# All pages are understood once: what an article is does not depend on the engine.
@pytest.mark.parametrize(
    ("database_url", "replay"), [("sqlite", None), ("postgresql", FEW)], indirect=True, ids=["sqlite", "postgresql"]
)
def test_two_nights_then_twenty_new_articles(order: dict[str, Any], replay: Replay) -> None:
    first = crawl("replay", kind="nightly", **order)
    assert first.end["state"] == "completed", first.log[-3000:]
    ledger = first.ledger
    assert ledger["discovered"] == shown(replay)
    assert ledger["waiting"] == 0
    assert balanced(ledger)
    assert ledger["discovered"] == sum(ledger.get(s, 0) for s in ("stored", "duplicate", "rejected", "gone", "failed"))
    _nearly_all_with_a_body_are_stored(order["db"], replay.limit)

    replay.reset()
    second = crawl("replay", kind="nightly", **order)
    asked = replay.requests()
    assert not any(key.startswith("article") for key in asked), asked
    assert {key for key in asked if not key.startswith("robots")} == {"feed 304", "news-sitemap 304", "sitemap 304"}, (
        asked
    )
    assert second.counts["requests"]["article"] == 0

    replay.reset()
    replay.publish(FRESH)
    third = crawl("replay", kind="nightly", **order)
    asked_articles = replay.per_article()
    assert third.counts["discovered"] == FRESH
    assert third.counts["stored"] + third.counts["duplicate"] + third.counts["rejected"] == FRESH
    assert len(asked_articles) == FRESH
    assert sum(asked_articles.values()) <= 1.05 * FRESH


def _nearly_all_with_a_body_are_stored(db_url: str, limit: int | None) -> None:
    words = bodies(limit)
    db = open_database(db_url)
    try:
        stored = {re.sub(r"^https?://[^/]+", "", row.url) for row in articles.iter_articles(db, copies=True)}
    finally:
        db.close()
    wanted = [path for path, n in words.items() if n >= 40][: -FRESH or None]
    missing = [path for path in wanted if path not in stored]
    assert len(missing) <= 0.03 * len(wanted), missing


def test_a_backfill_takes_the_pages_of_its_months_and_no_others(order: dict[str, Any], replay: Replay) -> None:
    wanted: set[str] = set()
    for month in ("2024-04", "2024-05"):
        with urllib.request.urlopen(f"{replay.origin}/sitemap-{month}.xml", timeout=10) as answer:
            wanted |= set(re.findall(r"/news/\d+\.html", answer.read().decode()))
    assert len(wanted) > 3
    replay.reset()
    for first, last in (("2024-05-01", "2024-05-31"), ("2024-04-01", "2024-04-30")):
        done = crawl("replay", kind="backfill", first=first, last=last, **order)
        assert done.end["state"] == "completed", done.log[-3000:]
    assert set(replay.per_article()) == wanted
    assert done.ledger["discovered"] == len(wanted)
    assert done.ledger["waiting"] == 0


@pytest.mark.parametrize("replay", [FEW], indirect=True, ids=["few"])
def test_five_kills_lose_nothing_and_store_nothing_twice(order: dict[str, Any], replay: Replay) -> None:
    for pages in (1, 10, 20, 30, 40):
        replay.reset()
        child = start("replay", kind="nightly", **order)
        replay.wait_until_asked(pages)
        kill(child)
    last = crawl("replay", kind="nightly", **order)
    assert last.end["state"] == "completed", last.log[-3000:]
    assert last.ledger["discovered"] == shown(replay)
    assert last.ledger["waiting"] == 0
    assert balanced(last.ledger)
    db = open_database(order["db"])
    try:
        addresses = [row.url for row in articles.iter_articles(db, copies=True)]
    finally:
        db.close()
    assert len(addresses) == len(set(addresses))
    assert len(addresses) >= last.ledger["stored"] + last.ledger["duplicate"]


def test_a_second_run_of_the_same_outlet_is_refused_while_one_is_under_way(order: dict[str, Any]) -> None:
    child = start("replay", kind="nightly", **order)
    assert child.stdout is not None
    first_line = json.loads(child.stdout.readline())
    assert first_line["type"] == "start"
    second = crawl("replay", kind="nightly", **order)
    assert second.code == 75
    assert second.end["state"] == "busy"
    assert "replay" in second.end["error"]
    child.terminate()
    assert finish(child).end["state"] == "stopped"

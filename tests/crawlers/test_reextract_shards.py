"""The archive extracted again in shards: the same as in one run, each shard once, whatever is interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawlers import page_batches
from crawlers.archived_pages import Archive, reextract, reextract_shard
from crawlers.catalog import load_outlets
from crawlers.page_batches import ExtractionCounts
from storage import articles, frontier
from storage.database import Database
from storage.frontier import end_run
from storage.jobs import (
    ShardPlan,
    archived_pages,
    check_store,
    plan_counts,
    shard_progress,
    split_archive,
    start_plan,
)
from tests.crawlers.test_archived_pages import crawled, old
from tests.fault_pages import article


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_batches, "BATCH", 2)
    monkeypatch.setattr(page_batches, "usable_cores", lambda: 1)


@pytest.fixture
def archive(database: Database, tmp_path: Path) -> Archive:
    """An archive of 11 pages whose stored articles are not what extraction makes of them now."""
    stale = {f"https://e.example/{n}": (article(n), old(n, text=f"{n} part. " * 30)) for n in range(11)}
    crawled(database, tmp_path, stale)
    return Archive(database, tmp_path, load_outlets())


def texts(db: Database) -> dict[str, tuple[Any, ...]]:
    return {one.url: (one.title, one.text, one.published_at, one.duplicate_of) for one in articles.iter_articles(db)}


def end(db: Database, plan: ShardPlan, state: str) -> None:
    end_run(db, plan.run.id, state, plan_counts(plan))


def test_shards_hold_every_page_once_and_about_as_many_each(archive: Archive) -> None:
    ranges = split_archive(archive.db, (), 4)
    parts = [[page.page_id for page in archived_pages(archive.db, (), pages)] for pages in ranges]
    assert [number for part in parts for number in part] == [page.page_id for page in archived_pages(archive.db)]
    assert sorted(map(len, parts)) == [2, 3, 3, 3]


def test_there_are_no_more_shards_than_pages_and_none_without_any(archive: Archive) -> None:
    assert len(split_archive(archive.db, (), 64)) == 11
    assert split_archive(archive.db, ("elsewhere",), 4) == []
    assert start_plan(archive.db, ("elsewhere",), 4).total == 0


def test_shards_make_of_the_archive_what_one_run_makes_of_it(archive: Archive) -> None:
    stale = texts(archive.db)
    plan = start_plan(archive.db, (), 3)
    for shard in reversed(plan.shards):
        reextract_shard(archive, shard)
    end(archive.db, plan, "completed")
    in_shards = texts(archive.db)
    assert not start_plan(archive.db, (), 3).continued, "a finished plan is not continued"
    assert all(in_shards[url] != stale[url] for url in stale)
    done = reextract(archive)
    assert (done.read, texts(archive.db)) == (plan.total, in_shards)
    assert done.states == {"unchanged": 11}
    assert check_store(archive.db, archive.folder) == []


def test_a_plan_that_was_interrupted_is_continued_and_a_finished_shard_left_alone(archive: Archive) -> None:
    first = start_plan(archive.db, (), 3)
    assert reextract_shard(archive, first.shards[0]).read == 4

    class KilledError(Exception):
        pass

    def kill(done: ExtractionCounts) -> None:
        raise KilledError

    with pytest.raises(KilledError):
        reextract_shard(archive, first.shards[1], kill)
    end(archive.db, first, "failed")
    crawled(archive.db, archive.folder, {"https://e.example/new": (article(99), old(99))})
    again = start_plan(archive.db, (), 3)
    assert (again.shards, again.total, again.continued) == (first.shards, 11, True)
    assert [reextract_shard(archive, shard).read for shard in again.shards] == [0, 2, 3]
    progress = shard_progress(archive.db, again.shards[0].plan)
    assert [progress[shard.pages].counts["read"] for shard in again.shards] == [4, 4, 3]
    assert [progress[shard.pages].executions for shard in again.shards] == [1, 2, 1]
    end(archive.db, again, "completed")


def test_a_plan_of_other_outlets_or_shards_is_another_plan(archive: Archive) -> None:
    plan = start_plan(archive.db, (), 2)
    end(archive.db, plan, "failed")
    assert not start_plan(archive.db, (), 3).continued
    assert not start_plan(archive.db, ("example",), 2).continued
    assert start_plan(archive.db, (), 2).shards == plan.shards


def test_a_plan_whose_process_died_is_continued(archive: Archive) -> None:
    plan = start_plan(archive.db, (), 2)
    assert {run.state for run in frontier.last_runs(archive.db)} == {"running", "completed"}
    assert start_plan(archive.db, (), 2).shards == plan.shards

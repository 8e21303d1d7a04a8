"""A worker takes one shard at a time, since each uses all cores; other runs it takes beside it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.workers.process import ProcessWorker

from flows.tags import SHARD
from flows.worker import DrainingWorker


def run(*tags: str) -> Any:
    return SimpleNamespace(flow_run=SimpleNamespace(id=uuid4(), tags=list(tags)))


def taken(busy_with: set[UUID], *found: Any) -> list[Any]:
    worker: Any = SimpleNamespace(_shards=busy_with)
    return list(DrainingWorker._without_second_shard(worker, found))


def test_of_several_shards_the_first_is_taken_and_every_other_run() -> None:
    first, other, second, last = run(SHARD), run("outlet:x"), run(SHARD, "more"), run()
    assert taken(set(), first, other, second, last) == [first, other, last]


def test_a_worker_that_has_a_shard_takes_no_other_one() -> None:
    other = run()
    assert taken({uuid4()}, run(SHARD), other, run(SHARD)) == [other]


def test_a_shard_that_another_worker_was_faster_to_take_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server refuses the second worker's Pending; the run never starts here."""
    worker = DrainingWorker(work_pool_name="pressrun", name="a worker")
    during: list[set[UUID]] = []

    async def refused(self: DrainingWorker, flow_run: Any) -> None:
        during.append(set(self._shards))

    monkeypatch.setattr(ProcessWorker, "_submit_run", refused)
    shard = run(SHARD).flow_run
    asyncio.run(worker._submit_run(shard))
    assert (during, worker._shards) == ([{shard.id}], set())

"""How the shards of a plan are watched while their flow runs extract."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest

from flows import reextract
from storage.errors import DatabaseUnreachableError

ANSWERS = (sqlite3.OperationalError("database is locked"), DatabaseUnreachableError("no answer"), 5)


class Keeper:
    """Looks that fail twice, and succeed from then on. `drawn`: what the bar was told."""

    def __init__(self) -> None:
        self.looks, self.drawn = 0, asyncio.Queue[float]()

    def look(self, plan: Any) -> int:
        answer = ANSWERS[min(self.looks, 2)]
        self.looks += 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def draw(self, percent: float) -> None:
        await self.drawn.put(percent)


def test_looks_that_fail_are_told_and_followed_by_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def first_drawn() -> float:
        keeper: Any = Keeper()
        monkeypatch.setattr(reextract, "Bar", lambda *_: keeper)
        plan: Any = SimpleNamespace(total=10)
        async with reextract._watched(keeper, plan):
            return await asyncio.wait_for(keeper.drawn.get(), 60)

    monkeypatch.setattr(reextract, "LOOK", 0.01)
    monkeypatch.setattr(reextract, "get_run_logger", lambda: logging.getLogger("shards"))
    assert asyncio.run(first_drawn()) == 50.0
    failed = [told for told in caplog.messages if told.startswith("cannot see how far the shards are: ")]
    assert [told.rpartition(": ")[2] for told in failed] == ["database is locked", "no answer"]

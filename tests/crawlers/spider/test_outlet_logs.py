"""Logs of outlets, and the edge of an outlet's run: nothing that goes wrong there leaves an outlet without an end."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawlers.current import CURRENT
from crawlers.environment import read_settings
from crawlers.group_order import GroupOrder, Instruction
from crawlers.messages import Ended, Message, OfOutlet
from crawlers.process import MessageStream, _Forward
from crawlers.spider.group_run import GroupRun
from crawlers.spider.outlet_logs import OutletLogs
from storage.errors import PressrunError


def record(text: str, value: str) -> logging.LogRecord:
    return logging.LogRecord("x", logging.WARNING, __file__, 1, text, (value,), None)


@pytest.fixture
def of_town() -> Iterator[None]:
    token = CURRENT.set("town")
    yield
    CURRENT.reset(token)


@pytest.mark.usefixtures("of_town")
def test_a_record_that_is_not_utf8_is_written_escaped(tmp_path: Path) -> None:
    handler = OutletLogs()
    with handler.written_to("town", tmp_path / "town.log") as unlogged:
        handler.handle(record("a title: %s", "\ud83d"))
    assert unlogged == ""
    assert "a title: \\ud83d\n" in (tmp_path / "town.log").read_text(encoding="utf-8")


@pytest.mark.usefixtures("of_town")
@pytest.mark.parametrize(("text", "value"), [("%d pages", "many"), ("%s", "x" * 100_000)])
def test_a_record_that_cannot_be_written_costs_no_more_than_itself(
    capsys: pytest.CaptureFixture[str], text: str, value: str
) -> None:
    handler = OutletLogs()
    with handler.written_to("town", Path("/dev/full")) as unlogged:
        handler.handle(record(text, value))
    assert unlogged == ""
    assert "Logging error" in capsys.readouterr().err


def test_a_record_that_cannot_be_sent_costs_no_more_than_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as out:
        handler = _Forward(MessageStream(out))
        handler.handle(record("%d pages", "many"))
    handler.handle(record("%s pages", "many"))  # to an output that is closed
    assert capsys.readouterr().err.count("Logging error") == 2


@pytest.mark.parametrize("name", ["nosuch/town.log", "no\0path"])
def test_a_log_that_cannot_be_opened_is_a_line_for_a_person(tmp_path: Path, name: str) -> None:
    with OutletLogs() as logs, logs.written_to("town", tmp_path / name) as unlogged:
        logs.handle(record("%s", "nobody hears this"))
    assert unlogged.startswith("no log can be written to")
    assert unlogged.endswith("; the log of the whole process has its lines")


class Catalog:
    """Stands for the outlet files; none can be had."""

    def __init__(self, fault: BaseException) -> None:
        self._fault = fault

    def get(self, _: str) -> Any:
        raise self._fault


@pytest.fixture
def ends_of(tmp_path: Path) -> Callable[[BaseException], list[Ended]]:
    """Runs a group of one outlet whose file cannot be had for this reason; returns the ends that are reported."""

    def run(fault: BaseException) -> list[Ended]:
        ends: list[Ended] = []

        def reported(message: Message) -> None:
            assert isinstance(message, OfOutlet)
            assert isinstance(message.message, Ended)
            ends.append(message.message)

        async def follow() -> None:
            instructions: asyncio.Queue[Instruction] = asyncio.Queue()
            order = GroupOrder(("town",), read_settings({}, db=f"sqlite:///{tmp_path}/x.db"))
            group = GroupRun(SimpleNamespace(), order, Catalog(fault), reported, instructions)  # type: ignore[arg-type]
            instructions.put_nowait(Instruction(start="town", log=tmp_path / "nosuch" / "town.log"))
            instructions.put_nowait(Instruction(finish=True))
            with OutletLogs() as logs:
                await group._follow(SimpleNamespace(), logs)  # type: ignore[arg-type]

        asyncio.run(follow())
        return ends

    return run


@pytest.mark.parametrize("fault", [PressrunError("gone"), RuntimeError("gone"), asyncio.CancelledError("gone")])
def test_an_outlet_ends_whatever_ends_its_run(
    ends_of: Callable[[BaseException], list[Ended]], fault: BaseException
) -> None:
    assert [(end.state, end.error) for end in ends_of(fault)] == [("failed", "gone")]

"""The two ways between a crawl process and whoever started it: its order, and its messages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from crawlers.environment import Settings
from crawlers.errors import CrawlOrderError, SettingError
from crawlers.group_order import GroupOrder, Instruction
from crawlers.job import CrawlOrder, Job
from crawlers.messages import Counts, Ended, LogLine, Message, MessageError, OfOutlet, Progress, Started, decode, encode

SETTINGS = Settings("sqlite:////srv/x.db", None, Path("/srv"), "desk@example.org")
COUNTS = Counts(stored=2, requests={"seed": 1}, ledger={"waiting": 3}, problems=("a seed is gone",))


@pytest.mark.parametrize(
    "job",
    [
        Job(),
        Job(kind="nightly", patience=0, flow_run_id="f"),
        Job(kind="backfill", first=date(2024, 2, 1), last=date(2024, 2, 29)),
        Job(since=date(2024, 2, 1), limit=5, refetch=True),
    ],
)
def test_an_order_comes_back_as_it_was_sent(job: Job) -> None:
    order = CrawlOrder("herald", SETTINGS, job)
    assert CrawlOrder.decode(order.encode().decode()) == order


def test_an_order_takes_the_places_it_leaves_out_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DB", "sqlite:////elsewhere/p.db")
    assert CrawlOrder.decode('{"outlet": "herald"}').settings.db == "sqlite:////elsewhere/p.db"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", "the job is not valid: job: Invalid JSON"),
        ("{}", "the job is not valid: outlet: Field required"),
        ('{"outlet": "x", "limit": 0}', "the job is not valid: limit: "),
        ('{"outlet": "x", "surprise": 1}', "the job is not valid: surprise: "),
        ('{"outlet": "x", "kind": "weekly"}', "the job is not valid: kind: "),
        ('{"outlet": "x", "kind": "backfill"}', "a backfill, and only a backfill, has `first` and `last`"),
    ],
)
def test_an_order_that_is_not_valid_names_its_fault(line: str, fault: str) -> None:
    with pytest.raises(CrawlOrderError) as raised:
        CrawlOrder.decode(line)
    assert fault in str(raised.value)


def test_an_order_with_a_wrong_place_names_the_setting() -> None:
    with pytest.raises(SettingError, match="PRESSRUN_CONTACT"):
        CrawlOrder.decode('{"outlet": "x", "contact": "nobody"}')


@pytest.mark.parametrize(
    "message",
    [
        Started(7, "herald", 4711, recovered=2),
        Progress("seeds", COUNTS, waiting=3),
        LogLine("warning", "növbəti səhifə"),
        Ended("completed", 7, COUNTS, seconds=1.5, exit_code=1),
        Ended("busy", error="it is held by run 3", exit_code=75),
    ],
)
def test_a_message_comes_back_as_it_was_sent(message: Message) -> None:
    line = encode(message)
    assert "\n" not in line
    assert decode(line.encode()) == message


def test_what_is_not_utf8_reaches_the_reader_as_a_question_mark() -> None:
    sent = Ended("failed", error="/data/\udcff.toml: no such outlet")
    assert decode(encode(sent).encode()) == Ended("failed", error="/data/?.toml: no such outlet")


def test_the_type_of_a_message_is_its_first_key() -> None:
    assert list(json.loads(encode(LogLine("error", "x")))) == ["type", "level", "message"]


@pytest.mark.parametrize(
    "line",
    [
        b"no JSON",
        b"[1]",
        b'{"level": "error"}',
        b'{"type": "shout"}',
        b'{"type": "log", "level": "error"}',
        b'{"type": "log", "level": "error", "message": "x", "surprise": 1}',
        b'{"type": "end", "state": "completed", "counts": [1]}',
        b'{"type": "end", "state": "completed", "counts": {"surprise": 1}}',
    ],
)
def test_a_line_that_is_no_message_is_an_error(line: bytes) -> None:
    with pytest.raises(MessageError):
        decode(line)


def test_the_order_of_a_group_and_its_instructions_come_back_as_they_were_sent() -> None:
    order = GroupOrder(("herald", "post"), SETTINGS, Job(kind="nightly", patience=0))
    assert GroupOrder.decode(order.encode().decode()) == order
    for told in (
        Instruction(start="herald", log=Path("/srv/a.log"), flow_run_id="f"),
        Instruction(stop="herald"),
        Instruction(finish=True),
    ):
        assert Instruction.decode(told.encode().decode()) == told


@pytest.mark.parametrize("line", ["", "{}", '{"start": "x", "stop": "y"}', '{"start": "x", "surprise": 1}'])
def test_an_instruction_that_is_not_valid_is_refused(line: str) -> None:
    with pytest.raises(CrawlOrderError):
        Instruction.decode(line)


def test_a_message_of_one_outlet_of_many_names_it() -> None:
    message = OfOutlet("herald", Ended("completed", 3, COUNTS))
    assert '"of": "herald"' in encode(message)
    assert decode(encode(message).encode()) == message

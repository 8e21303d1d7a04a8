"""A confined process that answers, does not, or dies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawlers.confined import ConfinedProcess, TooSlowError

ODD = """
import os
from crawlers.confined import serve

def answers(head, body):
    for number in range(head["times"]):
        yield {"number": number, "size": len(body)}
    if head.get("die"):
        os._exit(1)

serve(answers)
"""


@contextmanager
def odd(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConfinedProcess]:
    (folder / "odd_answers.py").write_text(ODD, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{Path(__file__).parents[3]}")
    process = ConfinedProcess("odd_answers")
    try:
        yield process
    finally:
        process.close()


def soon() -> float:
    return time.monotonic() + 120


def test_answers_come_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(tmp_path, monkeypatch) as process:
        for size in (0, 10, 3_000_000):
            process.ask({"times": 3}, b"x" * size, soon())
            assert [process.answer(soon()) for _ in range(3)] == [{"number": n, "size": size} for n in range(3)]


def test_a_job_without_an_answer_is_too_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(tmp_path, monkeypatch) as process:
        process.ask({"times": 1}, b"", soon())
        assert process.answer(soon()) is not None
        process.ask({"times": 0}, b"", soon())
        with pytest.raises(TooSlowError):
            process.answer(time.monotonic() + 0.2)


def test_a_process_that_was_aborted_is_not_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(tmp_path, monkeypatch) as process:
        process.abort()
        process.ask({"times": 1}, b"", soon())
        assert process.answer(soon()) is None


def test_a_process_that_dies_gives_no_answer_and_the_next_job_a_new_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with odd(tmp_path, monkeypatch) as process:
        process.ask({"times": 1, "die": True}, b"", soon())
        assert process.answer(soon()) == {"number": 0, "size": 0}
        assert process.answer(soon()) is None
        assert not process.was_killed
        process.ask({"times": 1}, b"x", soon())
        assert process.answer(soon()) == {"number": 0, "size": 1}

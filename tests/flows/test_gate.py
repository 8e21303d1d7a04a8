"""What reaches the Prefect UI is little enough to read."""

from __future__ import annotations

from flows.gate import LogGate


def test_a_message_passes_five_times() -> None:
    gate = LogGate()
    assert [gate.passes("the same") for _ in range(7)] == [True] * 5 + [False] * 2
    assert gate.held_back == 2


def test_a_run_has_two_hundred_lines_whatever_they_say() -> None:
    gate = LogGate()
    assert sum(gate.passes(f"line {number}") for number in range(1000)) == 200
    assert gate.held_back == 800

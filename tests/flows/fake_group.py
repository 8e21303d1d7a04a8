"""A process that speaks the protocol of a group; each outlet behaves as its name says, `_N` at its end left out.

What it was told stands in the data folder in told.jsonl, a line for each process and instruction.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

COUNTS = {"stored": 3, "copies": 1, "requests": {"seed": 1, "article": 4}, "ledger": {"discovered": 3, "stored": 3}}


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def end(outlet: str, state: str, error: str | None = None) -> None:
    say(type="end", of=outlet, state=state, run=7, counts=COUNTS, error=error, seconds=0.5)


class Fake:
    def __init__(self, order: dict[str, Any]) -> None:
        self._told = Path(order["data"]) / "told.jsonl"
        self._waiting: list[str] = []
        self._stopping = False

    def note(self, line: dict[str, Any]) -> None:
        with self._told.open("a") as file:
            file.write(json.dumps({"pid": os.getpid()} | line) + "\n")

    def starts(self, outlet: str) -> int:
        return sum(json.loads(line).get("start") == outlet for line in self._told.read_text().splitlines())

    def follow(self) -> None:
        for line in sys.stdin:
            told = json.loads(line)
            self.note(told)
            if told.get("finish"):
                break
            if stop := told.get("stop"):
                self._waiting.remove(stop)
                end(stop, "stopped")
            else:
                self.start(told["start"])
        for outlet in self._waiting:
            end(outlet, "stopped")
        say(
            type="end", state="stopped" if self._stopping else "completed", run=None, counts={}, error=None, seconds=1.0
        )

    def start(self, outlet: str) -> None:
        say(type="start", of=outlet, run=7, outlet=outlet, pid=os.getpid(), recovered=0)
        manner = outlet.rstrip("0123456789_")
        if manner in ("bad", "fails"):
            end(outlet, "failed", "none of its seeds could be read")
        elif manner == "busy" and self.starts(outlet) == 1:
            end(outlet, "busy", "it is held by run 3")
        elif manner == "kills" or (manner == "unlucky" and self.starts(outlet) == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        elif manner == "waits":
            self._waiting.append(outlet)
            say(type="progress", of=outlet, phase="pages", counts={}, waiting=0)
        else:
            say(type="progress", of=outlet, phase="pages", counts=COUNTS, waiting=2)
            end(outlet, "completed")


def main() -> int:
    order = json.loads(sys.stdin.readline())
    manner = sys.argv[1] if len(sys.argv) > 1 else ""
    fake = Fake(order)
    fake.note({"group": order["group"]})
    if manner == "dies":
        return 3
    if manner == "refuses":
        say(type="end", state="failed", run=None, counts={}, error="the database is away", exit_code=2)
        return 2

    def stop(*_: Any) -> None:
        fake._stopping = True
        os.close(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        fake.follow()
    except OSError:
        for outlet in fake._waiting:
            end(outlet, "stopped")
        say(type="end", state="stopped", run=None, counts={}, error=None, seconds=1.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())

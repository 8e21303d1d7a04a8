"""A child that speaks the crawl's protocol and behaves as its argument says; for tests of whoever listens to crawls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

COUNTS = {"stored": 3, "copies": 1, "requests": {"seed": 1, "article": 4}, "ledger": {"discovered": 3, "stored": 3}}


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def end(state: str, error: str | None = None, **counts: Any) -> None:
    say(type="end", state=state, run=7, counts=COUNTS | counts, error=error, seconds=0.5)


def main() -> int:
    order = json.loads(sys.stdin.readline())
    manner = sys.argv[1]
    print(f"log of {order['outlet']}", file=sys.stderr)
    if manner == "by-name":  # one manner for each outlet of a night
        manner = {"good": "completes", "bad": "fails"}[order["outlet"]]
    (Path(order["data"]) / "order.json").write_text(json.dumps(order))
    say(type="start", run=7, outlet=order["outlet"], pid=os.getpid(), recovered=0)
    return int(globals()[manner.replace("-", "_")](order) or 0)


def completes(_: Any) -> None:
    say(type="progress", phase="pages", counts=COUNTS, waiting=2)
    end("completed")


def fails(_: Any) -> int:
    end("failed", "none of its seeds could be read")
    return 1


def doubts(_: Any) -> int:
    end("completed", problems=["no seed announced a single article", "another"])
    return 1


def busy(_: Any) -> int:
    end("busy", "it is held by run 3")
    return 75


def dies(_: Any) -> int:
    print("out of memory, said the log", file=sys.stderr)
    return 3


def is_killed(_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def babbles(_: Any) -> None:
    print("no JSON at all", flush=True)
    print('["a list"]', flush=True)
    print("x" * 5_000_000, flush=True)
    end("completed")


def stops_when_asked(_: Any) -> int:
    """As the real one: until SIGTERM or the end of standard input, then a moment to write what it holds."""
    os.set_blocking(0, True)
    signal.signal(signal.SIGTERM, lambda *_: os.close(0))
    say(type="progress", phase="pages", counts={}, waiting=0)  # from now on, SIGTERM is heard
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    time.sleep(0.3)
    end("stopped")
    return 0


def ignores_sigterm(order: Any) -> None:
    """Deaf, and with a worker of its own, whose process id it leaves in the data folder."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (Path(order["data"]) / "worker.pid").write_text(str(worker.pid))
    say(type="progress", phase="pages", counts={}, waiting=0)
    time.sleep(600)


def ends_but_stays(_: Any) -> None:
    end("completed")
    time.sleep(600)


if __name__ == "__main__":
    sys.exit(main())

"""What runs in a confined process: it limits itself, and answers jobs from its input until that ends."""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from crawlers.confined.frames import read_frame, write_frame

FORKS = "forks"  # on the command line, in place of the bytes of memory: serve by forks
LAST_RESORT = 30  # seconds without an answer; whoever asked gives up earlier

Answers = Callable[[dict[str, Any], bytes], Iterator[dict[str, Any]]]


class ExhaustedError(Exception):
    """The memory did not suffice for a job. Its heap is fragmented now: the next job gets a fresh process."""


def serve(answers: Answers, warm_up: Callable[[], None] = lambda: None) -> NoReturn:
    """Answer jobs by `answers(head, body)`, and end the process when its input ends, or nobody reads any more.

    The first argument of the command line says how many bytes of address space it may take. If it is FORKS, this
    process does `warm_up`, answers nothing, and lets its forks serve: see `crawlers.confined.fork_server`. A process
    also ends itself when an answer takes too long, in case the process that should kill it is gone.
    """
    # Ctrl-C and SIGTERM reach the whole group; the crawl handles them and ends its workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.argv[1] == FORKS:
        from crawlers.confined.forking import fork_on_request

        warm_up()
        memory = fork_on_request()  # in each fork, when it is asked for
    else:
        memory = int(sys.argv[1])
    code = _serve(answers, memory)
    sys.stderr.flush()
    os._exit(code)  # nothing is open any more, and taking the heap apart costs as much as two pages


def _serve(answers: Answers, memory: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    gc.freeze()
    # A page makes and drops tens of thousands of small objects, hardly any in reference cycles.
    gc.set_threshold(50_000)
    gc.enable()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the frames
    try:
        while frame := read_frame(sys.stdin.buffer):
            signal.alarm(LAST_RESORT)
            for answer in answers(*frame):
                signal.alarm(0)  # whoever reads may take its time
                write_frame(out, answer)
                signal.alarm(LAST_RESORT)
            signal.alarm(0)
    except ExhaustedError:
        return 1
    except BrokenPipeError:  # whoever asked was killed
        return 0
    return 0

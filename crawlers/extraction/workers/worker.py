"""An extraction worker: `python -m crawlers.extraction.workers.worker BYTES`. Pages in on stdin, articles out.

It limits its own memory to BYTES of address space. It ends itself when a page takes too long and the process that
should kill it is gone.
"""

from __future__ import annotations

import gc
import gzip
import os
import resource
import signal
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawlers.extraction.containers.learner import ContainerLearner
from crawlers.extraction.containers.model import ContainerUpdate
from crawlers.extraction.context import PageSource
from crawlers.extraction.pipeline import extract_learning, extract_source
from crawlers.extraction.result import Reason, Rejected
from crawlers.extraction.workers.protocol import containers_from_json, outcome_to_json, read_frame, write_frame
from storage.codec import hints_from_json

if TYPE_CHECKING:
    from crawlers.outlet import Outlet

MOST_OUTLETS = 2_000  # whose learners are kept in memory
GZIP = b"\x1f\x8b"
LAST_RESORT = 30  # seconds for one page; whoever asked gives up earlier


def main() -> int:
    """Answer pages until the input ends. Returns 1 if the memory did not suffice, so that a fresh process follows."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Ctrl-C and SIGTERM reach the whole group; the crawl handles them and ends its workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(
        50_000
    )  # a page makes and drops tens of thousands of small objects, hardly any in reference cycles
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the frames
    outlets: dict[str, Outlet] = {}
    learners: dict[str, ContainerLearner] = {}
    while frame := read_frame(sys.stdin.buffer):
        head, body = frame
        signal.alarm(LAST_RESORT)
        found, update = _extracted(head, body, outlets, _learner_for(head, learners))
        signal.alarm(0)
        try:
            write_frame(out, outcome_to_json(found, update))
        except BrokenPipeError:  # whoever asked was killed
            return 0
        if isinstance(found, Rejected) and found.detail == "memory":
            return 1  # the heap is fragmented: the next page gets a fresh process
    return 0


def _learner_for(head: dict[str, Any], learners: dict[str, ContainerLearner]) -> ContainerLearner | None:
    """Return what is known of the containers of the page's outlet; None if nothing is to be learned."""
    if head["key"] is None:
        return None
    if head["key"] not in learners and len(learners) >= MOST_OUTLETS:
        learners.pop(next(iter(learners)))
    learner = learners.setdefault(head["key"], ContainerLearner())
    known = containers_from_json(head["known"])
    if known is not None:
        learner.set_known(known)
    return learner


def _extracted(
    head: dict[str, Any], body: bytes, outlets: dict[str, Outlet], learner: ContainerLearner | None
) -> tuple[Any, ContainerUpdate | None]:
    raw = head["outlet"]
    if raw is not None and raw not in outlets:
        # imported late: pydantic takes half of a start, and pages without an outlet do not need it
        from crawlers.outlet import Outlet

        outlets[raw] = Outlet.model_validate_json(raw)
    try:
        page = body if head["file"] is None else _saved(head["file"])
        if isinstance(page, Rejected):
            return page, None
        hints = hints_from_json(head["hints"])
        source = PageSource(page, head["url"], outlets.get(raw), hints, head["content_type"])
        return (extract_source(source), None) if learner is None else extract_learning(learner, source)
    except (MemoryError, RecursionError) as limit:
        return Rejected(Reason.HOSTILE, "memory" if isinstance(limit, MemoryError) else "depth"), None


def _saved(file: str) -> bytes | Rejected:
    """Read a saved page in this process, whose limit on memory also stops a gzip bomb."""
    try:
        html = Path(file).read_bytes()
        return gzip.decompress(html) if html.startswith(GZIP) else html
    except (OSError, EOFError, zlib.error, ValueError) as failure:
        return Rejected(Reason.EMPTY, f"{file}: {getattr(failure, 'strerror', None) or failure}")


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # nothing is open any more, and taking the heap apart costs as much as two pages

"""Profile an end-to-end night: CPU time by part of Pressrun and process, from samples of py-spy, as a table.

    python -m bench.profile [--pages FOLDER ...] [--only layouts|mixed] [--each N] [--flame FILE]

Needs py-spy (`pip install py-spy`), and on Linux the right to trace own processes. Rows are parts of Pressrun by the
process that does them: the command, the crawl, an extraction worker. Samples give the shares within a thread
alone; its CPU time is what the kernel counted. py-spy samples waiting threads as if they worked, and begins late with
forked processes.
`--flame FILE` keeps the stacks in the collapsed format that flame graph viewers read (speedscope.app, flamegraph.pl).
"""

from __future__ import annotations

import argparse
import contextlib
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.endtoend import Night, choose_files, forget_settings, options, sites
from bench.outlet_sites import write_outlet_files, write_site
from bench.web_server import WebServer

RATE = 200  # samples a second
EVERY = 0.05  # seconds between two polls of the CPU time of threads
THREAD = re.compile(r"thread \((\d+)\)")  # a frame of py-spy, with the thread id of the kernel
FORKED = "_run_child (flows/forked"  # in the stacks of a crawl process that has the command line of its command
PROCESSES = {"workers.worker": "worker", "crawlers.group": "crawl", "crawlers.crawl": "crawl", "flows.cli": "command"}
# The innermost frames of threads that wait, which py-spy takes for work.
WAITS = (
    "wait (threading", "_worker (concurrent/futures/thread", "lifeline", "_waited (", "select (selectors",
    "_do_waitpid", "readline", "read_frame", "getaddrinfo", "ready_within (", "recv_fds",
)  # fmt: skip
# The first that occurs in a stack, from the outside to the inside, names the part. Order: the more telling ones first.
PARTS = (
    ("imports", ("<frozen importlib", "_find_and_load")),
    ("archive: WARC record, gzip, fsync", ("storage/warc",)),
    ("deduplication", ("storage/dedup",)),
    ("store: prepare and write articles", ("storage/articles",)),
    ("ledger: ends of pages", ("storage/frontier/complete",)),
    ("ledger: leases", ("storage/frontier/leases",)),
    ("ledger: discovery", ("storage/frontier/discovery",)),
    ("ledger: the rest", ("storage/frontier", "storage/database")),
    ("health", ("storage/health", "crawlers/spider/health")),
    (
        "hand-over to workers",
        ("extraction/workers/pool", "crawlers/confined/", "extraction/workers/process", "extraction/workers/protocol"),
    ),
    ("extraction", ("crawlers/extraction",)),
    ("outlet files", ("crawlers/catalog", "crawlers/outlet")),
    ("seeds", ("crawlers/discovery", "crawlers/spider/seed")),
    ("robots, bodies and other middleware", ("crawlers/spider/robots", "crawlers/spider/bodies", "spider/host_pace")),
    ("pages: our part around the download", ("crawlers/spider/pages", "crawlers/spider/fetching", "spider/answers")),
    ("Scrapy: downloader, slots, middlewares", ("scrapy/",)),
    ("Twisted: sockets, HTTP", ("twisted/",)),
    ("the run: counts, progress, messages", ("crawlers/",)),
    ("command: following, output", ("flows/",)),
)


class CpuOfThreads(threading.Thread):
    """Polls the CPU seconds of all threads of a process's descendants, by thread id, until `over` is set."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self.over = threading.Event()
        self.seconds: dict[int, float] = {}

    def run(self) -> None:
        while not self.over.wait(EVERY):
            for process in self._descendants():
                self._note(process)

    def _descendants(self) -> list[psutil.Process]:
        try:
            return self._root.children(recursive=True)
        except psutil.Error:  # all have just ended
            return []

    def _note(self, process: psutil.Process) -> None:
        with contextlib.suppress(psutil.Error):  # it has just ended
            self.seconds |= {each.id: each.user_time + each.system_time for each in process.threads()}


def sampled(command: list[str], stacks: Path) -> dict[int, float]:
    """Run the command under py-spy, which writes collapsed stacks of it and of all processes that it starts.

    Returns the seconds of CPU of each thread.
    """
    spy = ["py-spy", "record", "--subprocesses", "--threads", "--rate", str(RATE), "--format", "raw"]
    spy += ["--output", str(stacks), "--", *command]
    running = subprocess.Popen(_found(spy), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    used = CpuOfThreads(running.pid)
    used.start()
    _, errors = running.communicate()
    used.over.set()
    used.join()
    if not stacks.exists():
        sys.exit(f"py-spy could not record: {(errors.strip().splitlines() or ['no message'])[-1]}")
    return used.seconds


def _found(spy: list[str]) -> list[str]:
    beside = Path(sys.executable).with_name("py-spy")
    return [str(beside), *spy[1:]] if beside.exists() else spy


@dataclass(frozen=True, slots=True)
class Stack:
    """A call stack of one thread, outermost frame first, and how often it was sampled. `process`: see PROCESSES."""

    process: str
    thread: int
    frames: list[str]
    samples: int


def _read(stacks: Path) -> Iterator[Stack]:
    """Yield the stacks of threads that did not wait."""
    lines = [line.rpartition(" ") for line in stacks.read_text(encoding="utf-8").splitlines()]
    crawls = {_innermost(stack.split(";")) for stack, _, _ in lines if FORKED in stack}
    for stack, _, samples in lines:
        frames = stack.split(";")
        thread = next((found for frame in reversed(frames) if (found := THREAD.match(frame))), None)
        if thread is None or any(wait in frames[-1] for wait in WAITS):
            continue
        process = _innermost(frames)
        label = "crawl" if process in crawls else _label(process)
        yield Stack(label, int(thread[1]), frames, int(samples))


def _label(process: str) -> str:
    return next((label for key, label in PROCESSES.items() if key in process), "command")


def _innermost(frames: list[str]) -> str:
    """Return the process that the frames are of: the last that is named, those before it started it."""
    return next((frame for frame in reversed(frames) if frame.startswith("process ")), "")


def _part(frames: list[str]) -> str:
    """Return the part of the innermost frame that belongs to one; imports wherever they happen."""
    if any("importlib" in frame for frame in frames):
        return "imports"
    for frame in reversed(frames):
        for part, places in PARTS[1:]:
            if any(place in frame for place in places):
                return part
    return "interpreter, event loop, the rest"


def table(stacks: Path, used: Mapping[int, float]) -> Counter[tuple[str, str]]:
    """Return CPU seconds by process and part: the CPU time of each thread, divided in proportion to its samples."""
    read = list(_read(stacks))
    samples: Counter[int] = Counter()
    for stack in read:
        samples[stack.thread] += stack.samples
    seconds: Counter[tuple[str, str]] = Counter()
    for stack in read:
        share = stack.samples / samples[stack.thread]
        seconds[stack.process, _part(stack.frames)] += share * used.get(stack.thread, 0.0)  # type: ignore[assignment]
    seconds["all", "threads that were never sampled"] = sum(  # type: ignore[assignment]
        spent for thread, spent in used.items() if thread not in samples
    )
    return seconds


def main() -> int:
    ask = options(__doc__)
    ask.add_argument("--flame", type=Path, metavar="FILE", help="keep the stacks")
    given = ask.parse_args()
    files = choose_files(ask, given.pages)
    forget_settings()
    for name in given.only:
        with tempfile.TemporaryDirectory(prefix="profile-") as folder:
            stacks = given.flame or Path(folder) / "stacks"
            pages, used = _sampled_night(name, files, Path(folder), given, stacks)
            _say(table(stacks, used), pages)
    return 0


def _sampled_night(
    name: str, files: list[Path], base: Path, given: argparse.Namespace, stacks: Path
) -> tuple[int, dict[int, float]]:
    outlets = sites(name, files, given.each)
    (base / "www").mkdir()
    with WebServer(base / "www", base) as server:
        sitemaps = write_site(outlets, base / "www", server.port)
        write_outlet_files(outlets, base / "outlets", server.port)
        night = Night(name, name, outlets, base, sitemaps, given.db or f"sqlite:///{base}/night.db")
        night.make_store()
        used = sampled(night.pressrun(), stacks)
    print(f"\n{name}: {night.pages} pages")
    return night.pages, used


def _say(seconds: Counter[tuple[str, str]], pages: int) -> None:
    whole = sum(seconds.values())
    print(f"{'process':9}{'part':44}{'s':>8}{'ms a page':>11}{'share':>8}")
    for (process, part), each in seconds.most_common():
        if each >= whole / 400:
            print(f"{process:9}{part:44}{each:8.2f}{1000 * each / pages:11.2f}{each / whole:8.1%}")
    print(f"{'':9}{'all':44}{whole:8.2f}{1000 * whole / pages:11.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

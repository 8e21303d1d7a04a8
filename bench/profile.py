"""Where each millisecond of an end-to-end night goes: all processes sampled by py-spy, as a table.

    python -m bench.profile [--pages FOLDER ...] [--only layouts|mixed] [--each N] [--flame FILE]

Needs py-spy (`pip install py-spy`), and on Linux the right to trace own processes. Rows are parts of Pressrun by the
process that does them: the command, the crawl, an extraction worker. Sampling adds little; look at the shares.
`--flame FILE` keeps the stacks in the collapsed format that flame graph viewers read (speedscope.app, flamegraph.pl).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.endtoend import Night, choose_files, forget_settings, options, sites
from bench.outlet_sites import write_outlet_files, write_site
from bench.web_server import WebServer

RATE = 200  # samples a second
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


def sampled(command: list[str], stacks: Path) -> None:
    """Run the command under py-spy, which writes collapsed stacks of it and of all processes that it starts."""
    spy = ["py-spy", "record", "--subprocesses", "--rate", str(RATE), "--format", "raw", "--output", str(stacks)]
    done = subprocess.run([*_found(spy), "--", *command], capture_output=True, text=True)
    if not stacks.exists():
        sys.exit(f"py-spy could not record: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")


def _found(spy: list[str]) -> list[str]:
    beside = Path(sys.executable).with_name("py-spy")
    return [str(beside), *spy[1:]] if beside.exists() else spy


def _lines(stacks: Path) -> Iterator[tuple[str, list[str], int]]:
    """Yield (process, frames from the outside to the inside, samples)."""
    lines = [line.rpartition(" ") for line in stacks.read_text(encoding="utf-8").splitlines()]
    crawls = {_innermost(stack.split(";")) for stack, _, _ in lines if FORKED in stack}
    for stack, _, samples in lines:
        frames = stack.split(";")
        if frames[-1].startswith("process ") or any(wait in frames[-1] for wait in WAITS):
            continue
        process = _innermost(frames)
        yield "crawl" if process in crawls else _label(process), frames, int(samples)


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


def table(stacks: Path) -> Counter[tuple[str, str]]:
    """Return the seconds by process and part."""
    seconds: Counter[tuple[str, str]] = Counter()
    for process, frames, samples in _lines(stacks):
        seconds[process, _part(frames)] += samples  # type: ignore[assignment]
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
            pages = _sampled_night(name, files, Path(folder), given, stacks)
            _say(table(stacks), pages)
    return 0


def _sampled_night(name: str, files: list[Path], base: Path, given: argparse.Namespace, stacks: Path) -> int:
    outlets = sites(name, files, given.each)
    (base / "www").mkdir()
    with WebServer(base / "www", base) as server:
        sitemaps = write_site(outlets, base / "www", server.port)
        write_outlet_files(outlets, base / "outlets", server.port)
        night = Night(name, name, outlets, base, sitemaps, given.db or f"sqlite:///{base}/night.db")
        night.make_store()
        sampled(night.pressrun(), stacks)
    print(f"\n{name}: {night.pages} pages")
    return night.pages


def _say(samples: Counter[tuple[str, str]], pages: int) -> None:
    whole = sum(samples.values())
    print(f"{'process':9}{'part':44}{'s':>8}{'ms a page':>11}{'share':>8}")
    for (process, part), count in samples.most_common():
        if count >= whole / 400:
            print(f"{process:9}{part:44}{count / RATE:8.2f}{1000 * count / RATE / pages:11.2f}{count / whole:8.1%}")
    print(f"{'':9}{'all':44}{whole / RATE:8.2f}{1000 * whole / RATE / pages:11.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

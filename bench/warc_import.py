"""What an import of a WARC file costs: records a minute, against warcio's plain iteration over the same file.

    python -m bench.warc_import [--records 20000] [--ours 10] [--bytes 40000] [--db URL]

A file like those of CC-NEWS is made: a gzip member for each record, pages of about --bytes, one in --ours of an outlet
that is asked for (1: all). Three measurements in one run: warcio iterating, our reader passing over everything, and an
import with `--outlets`. Figures are wall time, with the CPU time beside it, since machines are shared; memory is the
peak of the importing process.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from bench.streams import NAMES, NOUNS, VERBS
from crawlers.catalog import load_outlets
from crawlers.warc_import import import_warc
from storage.database import open_database
from storage.warc import FileSource, WarcReader

OUTLET = """
name = "Bench"
home = "https://news.example/"
country = "ge"
languages = ["en"]
timezone = "Asia/Tbilisi"
[urls]
article = '^https://news\\.example/story/\\d+$'
[[seeds]]
kind = "feed"
url = "https://news.example/rss"
"""


def main() -> None:
    options = _options()
    if options.one:
        _import(Path(options.one), options.db)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "outlets").mkdir()
        (folder / "outlets" / "bench.toml").write_text(OUTLET)
        file = folder / "news.warc.gz"
        _write(file, options.records, options.ours, options.bytes)
        print(f"{options.records} records, {file.stat().st_size / 1e6:.0f} MB, one in {options.ours} is ours")
        theirs = _timed("warcio, iterating", options.records, lambda: _warcio(file))
        ours = _timed("reader, passing over", options.records, lambda: _read(file))
        print(f"{'':24}{ours / theirs:.2f} times the CPU of warcio")
        db = options.db or f"sqlite:///{folder}/bench.db"
        words = [sys.executable, "-m", "bench.warc_import", "--one", str(file), "--db", db]
        whole = _timed("import --outlets bench", options.records, lambda: subprocess.run(words, check=True))
        print(f"{'':24}{whole / theirs:.2f} times the CPU of warcio")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--ours", type=int, default=10)
    parser.add_argument("--bytes", type=int, default=40_000)
    parser.add_argument("--db")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


def _timed(name: str, records: int, work: Callable[[], object]) -> float:
    begun, cpu = time.perf_counter(), _cpu()
    work()
    seconds, cpu = time.perf_counter() - begun, _cpu() - cpu
    rate = f"{records / seconds * 60:12,.0f} records a minute"
    print(f"{name:24}{seconds:8.1f} s {rate}, {cpu / records * 1000:.2f} ms CPU a record", flush=True)
    return cpu


def _cpu() -> float:
    """Return the CPU seconds of this process and of the children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in both)


def _warcio(file: Path) -> int:
    from warcio.archiveiterator import ArchiveIterator

    with file.open("rb") as stream:
        return sum(1 for _ in ArchiveIterator(stream))


def _read(file: Path) -> int:
    with closing(FileSource(file)) as source:
        return sum(1 for _ in WarcReader(source, lambda _: "other"))


def _import(file: Path, db_url: str) -> None:
    db = open_database(db_url)
    done = import_warc(db, file, load_outlets(file.parent / "outlets"), ["bench"])
    db.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'':24}{dict(done.states)}, skipped {dict(done.skipped)}; peak {peak:.0f} MB")


def _write(file: Path, records: int, ours: int, size: int) -> None:
    chance = random.Random(1)
    frame = _frame(chance, size)
    with file.open("wb") as out:
        for number in range(records):
            host = "news.example" if number % ours == 0 else f"other{number % 97}.example"
            body = frame.replace(b"@STORY@", _story(chance, number).encode())
            out.write(gzip.compress(_record(f"https://{host}/story/{number}", body), 6, mtime=0))


def _record(url: str, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body)
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2025-03-05T12:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http) + len(body)}\r\n\r\n"
    )
    return head.encode() + http + body + b"\r\n\r\n"


def _story(chance: random.Random, number: int) -> str:
    paragraphs = "".join(f"<p>{' '.join(_sentences(chance))}</p>" for _ in range(6))
    title = f"The {chance.choice(NOUNS)} {chance.choice(VERBS)} again: report {number}"
    return f"<article><h1>{title}</h1><time>5 March 2025</time>{paragraphs}</article>"


def _sentences(chance: random.Random) -> Iterator[str]:
    for _ in range(4):
        who, verb, what = chance.choice(NAMES), chance.choice(VERBS), chance.choice(NOUNS)
        yield f"{who} {verb} the {what} of {chance.choice(NAMES)}'s {chance.choice(NOUNS)} {chance.randrange(9999)}."


def _frame(chance: random.Random, size: int) -> bytes:
    """The rest of a page: navigation and scripts, which compress as those of the web do."""
    links = []
    while sum(map(len, links)) < size:
        slug = f"{chance.choice(NOUNS)}-{chance.randrange(10**9)}"
        links.append(f'<li class="nav-item"><a href="/{slug}">{chance.choice(NOUNS)}</a></li>')
    nav = "".join(links)
    return f"<html><head><title>News</title></head><body><nav><ul>{nav}</ul></nav>@STORY@</body></html>".encode()


if __name__ == "__main__":
    main()

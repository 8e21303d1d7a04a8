"""How well copies are found, beside other methods on the same work, and what it costs as the archive grows.

    python -m bench.dedup [--stream FOLDER] [--methods NAME ...] [--sizes 10000 100000 1000000] [--db URL]

Without --stream the stories are our own (bench/streams.py says what such a folder holds). The second table is the cost
of an article of 500 words, one in five of which has copies among those measured, in an index filled up to each size
with made-up fingerprints: CPU milliseconds, since machines differ and are noisy; look at the ratios. --sizes 10000000
takes some minutes and 3 GB on SQLite, 12 GB on PostgreSQL. Prints tables.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bench import streams
from bench.dedup_cost import cost
from bench.dedup_methods import METHODS, NotInstalledError
from bench.dedup_scores import by_kind, scores

BASELINE = "exact"


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--stream", type=Path, help="a folder with a labelled stream; without it, one of our own")
    ask.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    ask.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000], help="of the index")
    ask.add_argument("--db", help="an empty database to measure the cost on; a temporary SQLite file without it")
    given = ask.parse_args()
    try:
        stream = streams.read(given.stream) if given.stream else streams.own()
    except OSError as missing:
        ask.error(f"--stream {given.stream} holds no stream: {missing.strerror}: {missing.filename}")
    try:
        _compare(stream, given.methods)
    except NotInstalledError as missing_package:
        ask.error(str(missing_package))
    if given.sizes:
        _costs(sorted(given.sizes), given.db)
    return 0


def _compare(stream: streams.Stream, methods: list[str]) -> None:
    print(f"{stream.name}: {len(stream.rows)} articles, {len({row['story'] for row in stream.stories})} stories")
    table, kinds, spent = {}, {}, {}
    for name in methods:
        began = time.process_time()
        roots = METHODS[name](stream)
        spent[name] = 1000 * (time.process_time() - began) / len(stream.rows)
        table[name], kinds[name] = scores(stream, roots), by_kind(stream, roots)
    print(f"\n{'':34}" + "".join(f"{name:>12}" for name in methods))
    for measure in table[methods[0]]:
        print(f"{measure:34}" + "".join(f"{table[name][measure]:12.4f}" for name in methods))
    print(f"{'CPU ms an article':34}" + "".join(f"{spent[name]:12.2f}" for name in methods))
    for key in sorted(kinds[methods[0]], key=str):
        n = kinds[methods[0]][key][0]
        label = {1: "copies", 0: "apart", None: "either"}[key[0]]
        print(f"{f'{label} {key[1]}, {n}':34.34}" + "".join(f"{kinds[m][key][1] / n:12.3f}" for m in methods))


def _costs(sizes: list[int], db: str | None) -> None:
    print("\nCPU ms an article, by step, and index bytes an article")
    columns = ("signature", "look-up", "verify", "write", "first 3", "ratio", "bytes")
    print(f"{'articles':>12}" + "".join(f"{name:>11}" for name in columns))
    first = None
    for row in cost(sizes, db):
        sum3 = row.signature + row.lookup + row.verify
        first = first or sum3
        print(
            f"{row.articles:12,}{row.signature:11.3f}{row.lookup:11.3f}{row.verify:11.3f}{row.write:11.3f}"
            f"{sum3:11.3f}{sum3 / first:11.2f}{row.index_bytes:11.0f}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())

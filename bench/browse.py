"""How fast pages and API answer at a million articles.

python -m bench.browse [--articles N] [--db URL] [--keep] [--rounds N]

Builds the store of bench.search (synthetic articles of 40 outlets over 500 days, one in ten a copy), adds the pages of
the ledger, and asks a server in a process of its own over loopback, one request at a time. The figures: milliseconds
from request to the last byte, and of CPU of the server. Each address is asked `--rounds` times, and its median counts,
since the machine may be shared; p95 is over the addresses. On a machine without other work the first is about the
second. With `--keep` the store is left, and used if it is there.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
from sqlalchemy import text

from bench.search import LANGUAGES, LAST, OUTLETS, build, language
from storage.database import Database, open_database

EACH = 12  # addresses of a kind
_KEY = {
    "sqlite": "CAST(printf('%016d', id) AS BLOB)",
    "postgresql": "decode(lpad(CAST(id AS text), 16, '0'), 'hex')",
}


def add_pages(db: Database) -> None:
    """Give each article its page, as a crawl would have left it."""
    false = "0" if db.dialect == "sqlite" else "false"
    statement = f"""
        INSERT INTO pages (id, outlet_id, url_key, url, canonical_url, state, lane, seed_kind, seed_url, discovered_at,
            discovered_run_id, seen_run_id, hints, dated_at, attempts, looks, lease_alone, deaths, solo_deaths,
            fetched_at, http_status, article_id)
        SELECT id, outlet_id, {_KEY[db.dialect]}, url, url, 'stored', 'news', 'feed', 'https://example.org/rss',
            first_seen_at, 1, 1, '{{}}', published_at, 0, 1, {false}, 0, 0, first_seen_at, 200, id
        FROM articles
    """
    with db.begin() as c:
        c.execute(text(statement))
        c.execute(text("INSERT INTO article_changes (article_id) SELECT id FROM articles WHERE true"
                       " ON CONFLICT (article_id) DO NOTHING"))  # fmt: skip
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT", pressrun_reads=True) as c:
        c.execute(text("ANALYZE"))


def addresses(articles: int) -> dict[str, list[str]]:
    """Return addresses by kind: what readers ask for, with words from the most frequent to rare ones."""
    chance = random.Random(3)
    spoken = [language(code).words for code in LANGUAGES]
    words = [chance.choice(spoken)[round(10 ** chance.uniform(0.7, 4))] for _ in range(EACH)]
    ids = [chance.randint(1, articles) for _ in range(EACH)]
    days = [(LAST - timedelta(days=chance.randint(0, 400))).date() for _ in range(EACH)]
    outlets = [f"outlet{chance.randrange(OUTLETS)}" for _ in range(EACH)]
    last = LAST.date()
    return {
        "start": [f"/?day={day}" for day in days],
        "search": [f"/search?q={word}" for word in words],
        "search, filters": [f"/search?q={w}&outlet={o}&from={d}" for w, o, d in zip(words, outlets, days, strict=True)],
        "list": [f"/search?outlet={each}&to={day}" for each, day in zip(outlets, days, strict=True)],
        "article": [f"/articles/{each}" for each in ids],
        "outlet": [f"/outlets/{each}" for each in outlets],
        "trend, 6 outlets": [f"/trend?q={word}&to={last}" for word in words],
        "api articles": [f"/api/v1/articles?to={day}" for day in days],
        "api changes": [f"/api/v1/changes?since={each}" for each in ids],
    }


@contextmanager
def server(url: str) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the store in a process of its own; yields the address, and the process."""
    command = [sys.executable, "-u", "-m", "flows.cli", "browse", "--db", url, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().split()[4], psutil.Process(process.pid)
        process.terminate()


def measure(
    base: str, process: psutil.Process, wanted: dict[str, list[str]], rounds: int
) -> dict[str, dict[str, float]]:
    """Return median and p95 of each kind in milliseconds: of the wall and of the CPU."""
    figures = {}
    with httpx.Client(base_url=base, timeout=600) as client:
        for kind, paths in wanted.items():
            asked = [[_asked(client, process, path) for _ in range(rounds)] for path in paths]
            figures[kind] = {}
            for n, name in enumerate(("wall", "cpu")):
                taken = sorted(statistics.median(each[n] for each in times) for times in asked)
                figures[kind][name] = statistics.median(taken)
                figures[kind][f"{name}_p95"] = taken[min(len(taken) - 1, round(0.95 * len(taken)))]
            told = "  ".join(f"{name} {value:7.1f}" for name, value in figures[kind].items())
            print(f"  {kind:18} {told} ms", flush=True)
    return figures


def _asked(client: httpx.Client, process: psutil.Process, path: str) -> tuple[float, float]:
    start, cpu = time.perf_counter(), sum(process.cpu_times()[:2])
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text[:500])
    return 1000 * (time.perf_counter() - start), 1000 * (sum(process.cpu_times()[:2]) - cpu)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=1_000_000)
    options.add_argument("--db")
    options.add_argument("--keep", action="store_true")
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.db or f"sqlite:///{Path(folder)}/browse.db"
        db = open_database(url)
        with db.read() as c:
            there = c.execute(text("SELECT count(*) FROM articles")).scalar_one()
        if not there:
            build(db, given.articles)
            add_pages(db)
        db.close()
        with server(url) as (base, process):
            print(json.dumps(measure(base, process, addresses(there or given.articles), given.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

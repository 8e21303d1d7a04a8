"""What finding copies costs an article, by step, in an index of a given size."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from bench.streams import START, edited, row_of, text_of
from storage.articles import prepare
from storage.database import Database, open_database
from storage.dedup import article_cache, assign, similar
from storage.dedup.article_cache import ArticleCache
from storage.dedup.tokens import FINGERPRINTS, TokenizedText
from storage.jobs import import_rows

MEASURED, WARM = 1200, 400  # articles; every fifth has a copy of another among them
FAR = 1 << 30  # ids of articles that are not there: a row that is found there would be looked for in vain
ORDINARY = 200_000  # articles up to which rows go in as they would come; more are sorted first, which is faster
SLICE = 250_000  # articles filled in at a time


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds an article; bytes of the fingerprints' table with its index, an article."""

    articles: int
    signature: float
    lookup: float
    verify: float
    write: float
    index_bytes: float


def cost(sizes: list[int], db_url: str | None) -> Iterator[Cost]:
    """Measure at each size, ascending, in one database that is filled up in between."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(db_url or f"sqlite:///{folder}/cost.db")
        filled = 0
        for turn, size in enumerate(sizes):
            fill(db, filled, size)
            filled = size
            spent = measure(db, turn)
            yield Cost(
                size, spent["signature"], spent["lookup"], spent["verify"], spent["write"], index_bytes(db) / size
            )
        db.close()


def fill(db: Database, have: int, want: int) -> None:
    """Made-up fingerprints of articles that are not there: what a look-up meets depends on their number alone."""
    chance = np.random.default_rng(want)
    for begin in range(have, want, SLICE):
        count = min(SLICE, want - begin)
        hashes = chance.integers(1 << 47, size=count * FINGERPRINTS)
        ids = np.repeat(np.arange(FAR + begin, FAR + begin + count), FINGERPRINTS)
        if want > ORDINARY:
            order = np.argsort(hashes)
            hashes, ids = hashes[order], ids[order]
        _insert(db, hashes, ids)
    with db.begin() as c:
        c.exec_driver_sql("ANALYZE fingerprints")


def _insert(db: Database, hashes: Any, ids: Any) -> None:
    with db.begin() as c:
        raw = c.connection.driver_connection
        pairs = zip(hashes.tolist(), ids.tolist(), strict=True)
        if db.dialect == "sqlite":
            raw.executemany("INSERT INTO fingerprints (hash, article_id) VALUES (?, ?)", pairs)
        else:
            with raw.cursor() as cursor, cursor.copy("COPY fingerprints (hash, article_id) FROM STDIN") as out:
                for pair in pairs:
                    out.write_row(pair)


def index_bytes(db: Database) -> float:
    """The size of the table and its index."""
    with db.begin() as c:
        if db.dialect == "postgresql":
            return float(c.execute(text("SELECT pg_total_relation_size('fingerprints')")).scalar_one())
        try:
            return float(c.execute(text("SELECT sum(pgsize) FROM dbstat WHERE name = 'fingerprints'")).scalar_one())
        except Exception:  # noqa: BLE001 - SQLite may be built without dbstat: then the file says nearly the same
            return float(Path(str(db.url.database)).stat().st_size)


def measure(db: Database, turn: int) -> Counter[str]:
    """Import articles, and share their CPU time among the steps."""
    articles = [
        row_of(f"outlet{n % 40}", f"{turn}-{n}", _text(turn, n), START + timedelta(minutes=n)) for n in range(MEASURED)
    ]
    import_rows(db, enumerate(articles[:WARM], 1))
    spent: Counter[str] = Counter()
    with _metered(spent):
        import_rows(db, enumerate(articles[WARM:], 1))
    return Counter({step: 1000 * seconds / (MEASURED - WARM) for step, seconds in spent.items()})


def _text(turn: int, n: int) -> str:
    of = n - 3 if n % 5 == 4 else n
    words = text_of(f"{turn} {of}", 480)
    return edited(words, ("words_10", "cut_to_70", "tail", "exact")[n % 4], random.Random(n)) if of != n else words


@contextmanager
def _metered(spent: Counter[str]) -> Iterator[None]:
    """Wrap the steps. What a step does within another counts for the outer one alone."""
    steps: list[tuple[Any, str, str]] = [
        (prepare, "tokenize", "signature"), (assign, "count_passages", "write"), (similar, "find_neighbours", "lookup"),
        (similar, "add_fingerprints", "write"), (ArticleCache, "fetch", "verify"),
        (ArticleCache, "fetch_earlier", "verify"), (ArticleCache, "verdict", "verify"),
        (ArticleCache, "joinable", "verify"), (article_cache, "recurring_passages", "lookup"),
        (assign, "save_evidence", "write"), (ArticleCache, "compared_text", "signature"),
    ]  # fmt: skip
    depth = [0]
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in steps]
    plain = TokenizedText.__dict__["fingerprints"]
    for owner, name, step in steps:
        setattr(owner, name, _timed(getattr(owner, name), step, spent, depth))
    timed = _timed(plain.func, "signature", spent, depth)
    TokenizedText.fingerprints = property(timed)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        TokenizedText.fingerprints = plain  # type: ignore[method-assign]
        for owner, name, before in kept:
            setattr(owner, name, before)


def _timed(work: Callable[..., Any], step: str, spent: Counter[str], depth: list[int]) -> Callable[..., Any]:
    def run(*args: Any, **more: Any) -> Any:
        depth[0] += 1
        began = time.process_time()
        try:
            return work(*args, **more)
        finally:
            depth[0] -= 1
            if depth[0] == 0:
                spent[step] += time.process_time() - began

    return run

"""What full-text search costs at a million articles: time of a search, size of the index, time to keep it.

python -m bench.search [--articles N] [--db URL] [--keep] [--searches N]

Builds a store of N synthetic articles in three languages (Azerbaijani, Russian, English by their letters and lengths
of words), and searches it. Words follow Zipf's law over 120,000 words a language, articles have a log-normal number of
words (median 260), one in ten is a copy; 40 outlets publish them over 500 days. Without --db, a file in a temporary
folder; with --db, an empty store, such as one on PostgreSQL. `--keep` leaves the store, and uses it if it is there.

To be fast, the build writes rows without pages, and takes the terms of the vocabulary from a table instead of analysing
every text. Everything that is measured goes the usual way: searches through `search_articles`, the cost of keeping the
index through `analyse` and `add_documents` in transactions of fifty.

The figures: milliseconds of a first page of 20 results, with snippets and copies (the connection is warm; the median of
three runs of each query counts, since the machine is shared), and CPU of this process for SQLite.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert, text

from storage.articles import Selection, Which, search_articles
from storage.database import Database, open_database
from storage.schema.tables import Article, Outlet, SearchLanguage
from storage.search import AnalysedText, Document, add_documents, analyse, document_of, terms_of
from storage.search.index import _INSERT

LANGUAGES = ("az", "ru", "en")
VOCABULARY, OUTLETS, DAYS = 120_000, 40, 500
LAST = datetime(2026, 11, 29, tzinfo=UTC)
BATCH = 2000
_LETTERS = {
    "az": ("bcçdfgğhxjklmnpqrsştvyz", "aəeıioöuü"),
    "ru": ("бвгджзклмнпрстфхцчшщ", "аеиоуыэюя"),
    "en": ("bcdfghjklmnprstvwz", "aeiou"),
}


@dataclass(frozen=True)
class Language:
    """A vocabulary, most frequent first, with the terms of its words and the chance of each."""

    code: str
    words: list[str]
    terms: list[str]
    upto: Any  # cumulated chances

    def draw(self, rng: np.random.Generator, size: int) -> list[int]:
        """Return the numbers of so many words."""
        return np.searchsorted(self.upto, rng.random(size)).tolist()  # type: ignore[no-any-return]


def language(code: str) -> Language:
    """Make up a language. Frequent words are short, as in any language."""
    chance = random.Random(code)
    consonants, vowels = _LETTERS[code]
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = min(6, max(1, round(chance.gauss(1 + np.log10(len(words) + 1) * 0.62, 0.7))))
        word = "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(syllables))
        words.setdefault(word + (chance.choice(consonants) if chance.random() < 0.5 else ""))
    chances = 1 / (np.arange(VOCABULARY) + 2.7)
    listed = list(words)
    terms = ["".join(terms_of(word, code)) for word in listed]
    return Language(code, listed, terms, np.cumsum(chances / chances.sum()))


def build(db: Database, articles: int) -> int:
    """Fill an empty store. Returns the bytes of all texts and titles."""
    rng = np.random.default_rng(7)
    languages = [language(code) for code in LANGUAGES]
    _without_checks(db)
    with db.begin() as c:
        names = [
            {"id": f"outlet{n}", "name": f"Outlet {n}", "first_seen_at": LAST, "articles": 0} for n in range(OUTLETS)
        ]
        c.execute(insert(Outlet), names)
        c.execute(insert(SearchLanguage), [{"language": code} for code in LANGUAGES])
    size = 0
    with db.engine.connect() as c:
        raw: Any = c.connection.driver_connection
        for first in range(1, articles + 1, BATCH):
            ids = range(first, min(first + BATCH, articles + 1))
            made = [_article(rng, languages, n, articles) for n in ids]
            size += sum(len(row["title"].encode()) + len(row["text"].encode()) for row, _ in made)
            _load(raw, db.dialect, made)
            if first % 100_000 == 1:
                print(f"  {first - 1:,} articles", flush=True)
    _finish(db)
    return size


def _load(raw: Any, dialect: str, made: list[tuple[dict[str, Any], Document]]) -> None:
    """Write rows by the driver alone: SQLAlchemy would take longer than the database."""
    names = list(made[0][0])
    articles = [tuple(map(_plain if dialect == "sqlite" else _as_copied, row.values())) for row, _ in made]
    index = [document.parameters(dialect) for _, document in made]
    documents = [(document.article_id, document.at, document.day) for _, document in made]
    if dialect == "postgresql":
        with raw.cursor() as cursor:
            for table, rows in (
                (f"articles ({', '.join(names)})", articles),
                ("search_index (article_id, tokens)", [tuple(each.values()) for each in index]),
                ("search_documents (article_id, at, day)", documents),
            ):
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        raw.commit()
        return
    raw.execute("BEGIN")
    places = ", ".join("?" * len(names))
    raw.executemany(f"INSERT INTO articles ({', '.join(names)}) VALUES ({places})", articles)
    raw.executemany(str(_INSERT["sqlite"]), index)
    raw.executemany("INSERT INTO search_documents (article_id, at, day) VALUES (?, ?, ?)", documents)
    raw.execute("COMMIT")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return "[]" if value == [] else value


def _as_copied(value: Any) -> Any:
    return "[]" if value == [] else value


def _article(rng: np.random.Generator, languages: list[Language], n: int, of: int) -> tuple[dict[str, Any], Document]:
    spoken = languages[int(rng.integers(len(languages)))]
    length = int(min(4000, max(30, rng.lognormal(np.log(260), 0.6))))
    numbers = spoken.draw(rng, length + 9)
    words = list(map(spoken.words.__getitem__, numbers))
    at = LAST - timedelta(days=DAYS * (1 - n / of)) + timedelta(minutes=int(rng.integers(600)))
    row = {
        "id": n, "page_id": n, "outlet_id": f"outlet{rng.integers(OUTLETS)}", "url": f"https://example.org/{n}",
        "title": " ".join(words[:9]), "text": _paragraphs(words[9:]), "authors": [],
        "credit": None, "section": None, "language": spoken.code, "published_at": at, "published_offset": 240,
        "published_precision": "minute", "published_source": "meta", "published_raw": "", "words": length,
        "text_hash": n.to_bytes(16, "big"), "first_seen_at": at, "changed_at": at,
        "duplicate_of": n - 1 - int(rng.integers(50)) if n % 10 == 0 and n > 60 else None, "relation": None,
        "similarity": None,
    }  # fmt: skip
    terms = list(map(spoken.terms.__getitem__, numbers))
    return row, document_of(_Row(row), AnalysedText(terms[:9], terms[9:]))


class _Row:
    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def _paragraphs(words: list[str]) -> str:
    return "\n\n".join(" ".join(words[n : n + 60]).capitalize() + "." for n in range(0, len(words), 60))


def _without_checks(db: Database) -> None:
    """Prepare a bulk load: no foreign keys, since articles come without pages, and PostgreSQL's index at the end."""
    from storage.search.index import is_current

    with db.begin() as c:
        is_current(c)
        if db.dialect == "postgresql":
            c.execute(text("DROP INDEX search_index_tokens"))
    if db.dialect == "sqlite":
        with db.engine.connect() as c:
            raw: Any = c.connection.driver_connection
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
                raw.execute(f"PRAGMA {pragma}")
            raw.execute("INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 33554432)")
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            name = c.execute(text("SELECT current_database()")).scalar_one()
            c.execute(text(f'ALTER DATABASE "{name}" SET session_replication_role = replica'))
            c.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        db.close()


def _finish(db: Database) -> None:
    if db.dialect == "sqlite":
        with db.engine.connect() as c:
            raw: Any = c.connection.driver_connection
            raw.execute("INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 1048576)")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("ANALYZE")
        db.close()
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        c.execute(text("SET maintenance_work_mem = '512MB'"))
        c.execute(text("CREATE INDEX search_index_tokens ON search_index USING gin (tokens)"))
        c.execute(text("VACUUM (ANALYZE)"))


def index_bytes(db: Database) -> int:
    """Return the bytes of the index and of what belongs to it."""
    with db.read() as c:
        if db.dialect == "postgresql":
            names = ("search_index", "search_documents", "search_state", "search_languages")
            return sum(c.execute(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one() for name in names)
        try:
            return int(c.execute(text("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_%'")).scalar_one())
        except Exception:  # noqa: BLE001 - not every SQLite has dbstat
            blocks = c.execute(text("SELECT sum(length(block)) FROM search_index_data")).scalar_one()
            idx = c.execute(text("SELECT sum(length(term) + 12) FROM search_index_idx")).scalar_one()
            return (
                int(blocks) + int(idx) + 50 * int(c.execute(text("SELECT count(*) FROM search_documents")).scalar_one())
            )


def queries() -> dict[str, Selection]:
    """Return a mix of queries: frequent, usual and rare words, several of them, phrases, exclusions, filters."""
    spoken = {code: language(code).words for code in LANGUAGES}
    az, ru, en = (spoken[code] for code in LANGUAGES)
    every: dict[str, str] = {
        "most frequent word": en[0], "frequent word": az[30], "usual word": ru[1_000], "rare word": en[30_000],
        "two frequent words": f"{ru[10]} {ru[20]}", "two usual words": f"{az[400]} {az[900]}",
        "frequent and rare word": f"{en[5]} {en[20_000]}", "three words": f"{ru[50]} {ru[300]} {ru[2_000]}",
        "phrase of frequent words": f'"{en[3]} {en[8]}"', "phrase of usual words": f'"{az[200]} {az[350]}"',
        "exclusion": f"{ru[100]} -{ru[3]}", "beginning": f"{en[5_000][:5]}*", "short beginning": f"{en[500][:3]}*",
        "word of the title": f"title:{az[100]}", "either of two": f"{en[200]} OR {az[200]}",
        "no match": "zzqqxx",
    }  # fmt: skip
    mix = {name: Selection(query=query) for name, query in every.items()}
    frequent = en[12]
    mix["frequent, one outlet"] = Selection(query=frequent, outlets=("outlet7",))
    mix["frequent, one language, all copies"] = Selection(query=frequent, languages=("en",), which=Which.ALL)
    mix["usual, one month of last year"] = Selection(
        query=ru[700], first=datetime(2025, 10, 1).date(), last=datetime(2025, 10, 31).date()  # noqa: DTZ001
    )  # fmt: skip
    mix["frequent, half a year"] = Selection(
        query=az[15], first=datetime(2026, 1, 1).date(), last=datetime(2026, 6, 30).date()  # noqa: DTZ001
    )  # fmt: skip
    return mix


def measure_searches(db: Database, rounds: int) -> dict[str, dict[str, float]]:
    """Return for each query the median wall time and CPU in milliseconds, and the number of results."""
    taken: dict[str, list[tuple[float, float]]] = {}
    found: dict[str, int] = {}
    now = LAST.timestamp()
    for _ in range(rounds + 1):
        for name, wanted in queries_cached().items():
            start, cpu = time.perf_counter(), time.process_time()
            page = search_articles(db, wanted, now=now)
            taken.setdefault(name, []).append((time.perf_counter() - start, time.process_time() - cpu))
            found[name] = page.found
    return {
        name: {
            "ms": 1000 * statistics.median(wall for wall, _ in times[1:]),
            "best": 1000 * min(wall for wall, _ in times[1:]),
            "cpu": 1000 * statistics.median(cpu for _, cpu in times[1:]),
            "first": 1000 * times[0][0],
            "found": found[name],
        }
        for name, times in taken.items()
    }


_MIX: dict[str, Selection] = {}


def queries_cached() -> dict[str, Selection]:
    """Return the mix of queries, made once."""
    if not _MIX:
        _MIX.update(queries())
    return _MIX


def measure_keeping(db: Database, articles: int = 2000) -> dict[str, float]:
    """Return what it costs to analyse an article and to put it into the index: CPU and wall, in milliseconds."""
    rng = np.random.default_rng(11)
    languages = [language(code) for code in LANGUAGES]
    start = 100_000_000
    rows = [_article(rng, languages, start + n, start + articles)[0] for n in range(articles)]
    cpu = time.process_time()
    analysed = [analyse(row["title"], row["text"], row["language"]) for row in rows[:200]]
    warm = time.process_time() - cpu  # fills the memory of words
    cpu = time.process_time()
    analysed += [analyse(row["title"], row["text"], row["language"]) for row in rows[200:]]
    analysing = (time.process_time() - cpu) / (articles - 200)
    documents = [document_of(_Row(row), each) for row, each in zip(rows, analysed, strict=True)]
    spent = wall = 0.0
    for first in range(0, articles, 50):
        with _rows_only(db, rows[first : first + 50]) as c:
            cpu, clock = time.process_time(), time.perf_counter()
            add_documents(c, documents[first : first + 50])
            spent, wall = spent + time.process_time() - cpu, wall + time.perf_counter() - clock
    return {
        "analyse_cpu_ms": 1000 * analysing, "first_words_cpu_ms": 1000 * warm / 200,
        "add_cpu_ms": 1000 * spent / articles, "add_wall_ms": 1000 * wall / articles,
    }  # fmt: skip


@contextmanager
def _rows_only(db: Database, rows: list[dict[str, Any]]) -> Iterator[Any]:
    """A transaction in which the articles are stored. Foreign keys to pages are not checked."""
    with db.begin() as c:
        c.execute(text("PRAGMA defer_foreign_keys=ON")) if db.dialect == "sqlite" else None
        c.execute(insert(Article), rows)
        yield c
        c.rollback()


def main() -> None:
    """Build or open the store, and print the figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--articles", type=int, default=1_000_000)
    options.add_argument("--db", help="an empty store, or one that an earlier run kept")
    options.add_argument("--searches", type=int, default=3)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(chosen.db or f"sqlite:///{folder}/search.db")
        with db.read() as c:
            held = c.execute(text("SELECT count(*) FROM search_documents")).scalar_one()
        if not held:
            start, cpu = time.perf_counter(), time.process_time()
            size = build(db, chosen.articles)
            print(f"built in {time.perf_counter() - start:.0f} s, CPU {time.process_time() - cpu:.0f} s")
        else:
            with db.read() as c:
                length = (
                    "octet_length(title) + octet_length(text)"
                    if db.dialect == "postgresql"
                    else ("length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))")
                )
                size = int(c.execute(text(f"SELECT sum({length}) FROM articles")).scalar_one())
        report(db, size, chosen.searches)
        db.close()


def report(db: Database, size: int, rounds: int) -> None:
    """Print the figures."""
    index = index_bytes(db)
    print(f"text {size / 1e6:,.0f} MB, index {index / 1e6:,.0f} MB: {index / size:.0%} of the text")
    figures = measure_searches(db, rounds)
    for name, each in figures.items():
        print(f"  {name:<36}" + "".join(f"{key} {value:8.1f}  " for key, value in each.items()))
    walls = sorted(each["ms"] for each in figures.values())
    cpus = sorted(each["cpu"] for each in figures.values())
    rank = max(0, int(np.ceil(0.95 * len(walls))) - 1)
    print(
        f"p95 {walls[rank]:.0f} ms wall, {cpus[rank]:.0f} ms CPU of this process;"
        f" median {statistics.median(walls):.0f} ms wall"
    )
    print(json.dumps(measure_keeping(db)))


if __name__ == "__main__":
    main()

"""A store of many articles, made by SQL: invented rows with the sizes, indexes and spread of real ones.

Hashes lie evenly over their range, so that what is looked up later meets any part of an index. Rows go in by the order
of their keys, which is the only way to have millions within minutes.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.database import Database
from storage.dedup.tokens import FINGERPRINT_VERSION, FINGERPRINTS

OUTLETS = 200
SLICE = 500_000  # articles at a time
DAYS = 3650  # that the archive reaches back
KEYS = 1 << 32  # the first four bytes of a key spread over this range

_SERIES = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last}) ",
    "postgresql": "WITH series(n) AS (SELECT generate_series(CAST({first} AS bigint), CAST({last} AS bigint))) ",
}
# What the two databases write differently.
_SQLITE = {
    "key": "CAST(printf('%08x%08x', n * {step}, n) AS BLOB)",
    "hash": "randomblob(16)",
    "day": "datetime(1451606400 + ((n * 7919) % {days}) * 86400 + n % 86400, 'unixepoch') || '.000000'",
    "seen": "datetime('2026-01-01') || '.000000'",
    "outlet": "printf('outlet_%d', n % {outlets})",
    "false": "0",
    "print": "abs(random()) >> 16",
    "pad": "substr(hex(randomblob({bytes} / 2)), 1, {bytes})",
}
_POSTGRESQL = {
    "key": "convert_to(lpad(to_hex(n * {step}), 8, '0') || lpad(to_hex(n), 8, '0'), 'LATIN1')",
    "hash": "uuid_send(gen_random_uuid())",
    "day": "to_timestamp(1451606400 + ((n * 7919) % {days}) * 86400 + n % 86400)",
    "seen": "timestamptz '2026-01-01 UTC'",
    "outlet": "'outlet_' || (n % {outlets})",
    "false": "false",
    "print": "(random() * 140737488355327)::bigint",
    "pad": "repeat(md5(n::text), {bytes} / 32)",
}
_PAGES = """
    INSERT INTO pages (id, outlet_id, url_key, url, canonical_url, state, lane, seed_kind, seed_url, discovered_at,
        discovered_run_id, seen_run_id, hints, dated_at, attempts, next_at, looks, lease_alone, deaths, solo_deaths,
        fetched_at, http_status, final_url, article_id, warc_file, warc_offset, warc_length)
    SELECT n, {outlet}, {key}, {url}, {url}, 'stored', 'news', 'sitemap', 'https://news.example/sitemap.xml', {seen},
        1, 1, '{{"title": "A headline of some ten words, as sitemaps give them to readers"}}', {day}, 0, NULL, 2,
        {false}, 0, 0, {seen}, 200, {url}, n, '20260101-000000-outlet-abcdef-1.warc.gz', n * 20000, 20000
    FROM series
"""
_ADDRESSES = "INSERT INTO page_addresses (url_key, page_id, declared) SELECT {key}, n, {false} FROM series"
_ARTICLES = """
    INSERT INTO articles (id, page_id, outlet_id, url, title, text, authors, published_at, published_offset,
        published_precision, published_source, language, section, words, text_hash, first_seen_at, changed_at,
        fingerprint_version)
    SELECT n, n, {outlet}, {url}, 'A headline of some ten words, number ' || n, {pad}, '["A Reporter"]', {day}, 240,
        'minute', 'json-ld', 'en', 'politics', {words}, {hash}, {seen}, {seen}, {version}
    FROM series
"""
_PRINTS = """
    INSERT INTO fingerprints (hash, article_id)
    SELECT {print}, n FROM series, (VALUES {prints}) AS copies ORDER BY 1
"""


def fill(db: Database, size: int, words: int) -> None:
    """Fill an empty store with articles that have texts of so many words."""
    with db.begin() as c:
        kept = _drop_indexes(c)
    for first in range(1, size + 1, SLICE):
        with db.begin() as c:
            _fill_slice(c, first, min(size, first + SLICE - 1), size, words)
    with db.begin() as c:
        for statement in kept:
            c.execute(text(statement))
        _raise_sequences(c)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        c.exec_driver_sql("ANALYZE")


def _drop_indexes(c: Connection) -> list[str]:
    """Drop what indexes can be dropped, and return the statements that make them again: sorted, not row by row."""
    tables = "('pages', 'page_addresses', 'articles', 'fingerprints')"
    if c.dialect.name == "sqlite":
        query = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {tables}"
    else:
        query = (
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN {tables} AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)"
        )
    found = [(row[0], row[1]) for row in c.execute(text(query))]
    for name, _ in found:
        c.execute(text(f"DROP INDEX {name}"))
    return [statement for _, statement in found]


def _fill_slice(c: Connection, first: int, last: int, size: int, words: int) -> None:
    given = {
        "step": KEYS // (size + 1), "days": DAYS, "outlets": OUTLETS, "bytes": 6 * words, "first": first, "last": last,
        "words": words, "version": FINGERPRINT_VERSION, "prints": ", ".join(f"({n})" for n in range(FINGERPRINTS)),
    }  # fmt: skip
    own = {name: sql.format(**given) for name, sql in (_SQLITE if c.dialect.name == "sqlite" else _POSTGRESQL).items()}
    own["url"] = "'https://news.example/2026/01/an-address-with-a-headline-' || n"
    if first == 1:
        _first_rows(c, own["seen"])
    series = _SERIES[c.dialect.name].format(**given)
    for statement in (_PAGES, _ADDRESSES, _ARTICLES, _PRINTS):
        c.execute(text(_with_series(series, statement.format(**own, **given))))


def _with_series(series: str, statement: str) -> str:
    """Put the series before the SELECT of an INSERT: both databases take it there."""
    into, select, rest = statement.partition("SELECT")
    return f"{into}{series}{select}{rest}"


def _first_rows(c: Connection, seen: str) -> None:
    for number in range(OUTLETS):
        c.execute(text(f"INSERT INTO outlets (id, name, first_seen_at) VALUES ('outlet_{number}', 'Outlet', {seen})"))


def _raise_sequences(c: Connection) -> None:
    if c.dialect.name == "postgresql":
        for table in ("pages", "articles"):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            c.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))"))

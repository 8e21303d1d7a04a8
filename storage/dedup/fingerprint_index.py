"""The index of fingerprints: finds the articles that a text may be a copy of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from storage.dedup.tokens import tokenize

NEIGHBOURS = 10  # articles compared with a new one at most: those that share the most fingerprints
HOT = 60  # rows read for one fingerprint at most; of a story with hundreds of copies, a few suffice

_INSERT = {
    "sqlite": """
        INSERT OR IGNORE INTO fingerprints (hash, article_id)
        SELECT json_extract(value, '$[1]'), json_extract(value, '$[0]') FROM json_each(:pairs)
    """,
    "postgresql": """
        INSERT INTO fingerprints (hash, article_id)
        SELECT pair.hash, pair.id FROM unnest(CAST(:ids AS bigint[]), CAST(:hashes AS bigint[])) AS pair(id, hash)
    """,
}
_NOT_YET = """
        WHERE NOT EXISTS (
            SELECT 1 FROM fingerprints AS known WHERE known.hash = pair.hash AND known.article_id = pair.id)
"""
_NEAR = {
    "sqlite": """
        SELECT json_extract(pair.value, '$[0]') AS asker, near.article_id AS id, count(*) AS shared
        FROM json_each(:pairs) AS pair
        JOIN fingerprints AS near ON near.hash = json_extract(pair.value, '$[1]')
        WHERE near.article_id IN (
            SELECT newest.article_id FROM fingerprints AS newest
            WHERE newest.hash = json_extract(pair.value, '$[1]') ORDER BY newest.article_id DESC LIMIT :hot)
        GROUP BY 1, 2
    """,
    "postgresql": """
        SELECT pair.id AS asker, near.article_id AS id, count(*) AS shared
        FROM unnest(CAST(:ids AS bigint[]), CAST(:hashes AS bigint[])) AS pair(id, hash)
        CROSS JOIN LATERAL (SELECT article_id FROM fingerprints WHERE hash = pair.hash LIMIT :hot) AS near
        GROUP BY 1, 2
    """,
}


def add_fingerprints(c: Connection, prints: Mapping[int, Sequence[int]], *, again: bool = False) -> None:
    """Add the fingerprints of articles, by article id. `again`: some of them may be in the index already."""
    if any(prints.values()):
        statement = _INSERT[c.dialect.name]
        if again and c.dialect.name == "postgresql":
            statement += _NOT_YET
        c.execute(text(statement), _pairs(c, prints))


def find_neighbours(c: Connection, prints: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Return for each article up to ten others that share fingerprints with it, most shared and nearest id first.

    Of a daily series all issues may share as many, and a copy mostly comes soon after its original.
    """
    if not any(prints.values()):
        return {}
    by_asker: dict[int, list[tuple[int, int, int]]] = {}
    for row in c.execute(text(_NEAR[c.dialect.name]), _pairs(c, prints) | {"hot": HOT}):
        if row.id != row.asker:
            by_asker.setdefault(row.asker, []).append((-row.shared, abs(row.asker - row.id), row.id))
    return {asker: [other for _, _, other in sorted(others)[:NEIGHBOURS]] for asker, others in by_asker.items()}


def articles_like(c: Connection, article_id: int, words: str) -> list[int]:
    """Return up to ten articles whose texts share passages with an article's, most shared first. Reads only."""
    prints = {article_id: tokenize(words).fingerprints}
    return find_neighbours(c, prints).get(article_id, [])


def _pairs(c: Connection, prints: Mapping[int, Sequence[int]]) -> dict[str, Any]:
    pairs = [(article, print_) for article, hashes in prints.items() for print_ in hashes]
    if c.dialect.name == "sqlite":
        return {"pairs": json.dumps(pairs)}
    return {"ids": [article for article, _ in pairs], "hashes": [print_ for _, print_ in pairs]}

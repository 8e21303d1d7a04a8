"""Finding the articles that a text may be a copy of, by the fingerprints that they share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

NEIGHBOURS = 10  # are compared at most: those that share the most fingerprints
HOT = 60  # rows that one fingerprint brings at most; a story that hundreds of outlets print needs no more of itself

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


def note(c: Connection, prints: Mapping[int, Sequence[int]], *, again: bool = False) -> None:
    """Keep the fingerprints of articles, by their ids. `again`: some of them may be kept already."""
    if any(prints.values()):
        statement = _INSERT[c.dialect.name]
        if again and c.dialect.name == "postgresql":
            statement += _NOT_YET
        c.execute(text(statement), _pairs(c, prints))


def near(c: Connection, prints: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Of each article, the others that share fingerprints, most shared and earliest first; at most ten."""
    if not any(prints.values()):
        return {}
    found: dict[int, list[tuple[int, int]]] = {}
    for row in c.execute(text(_NEAR[c.dialect.name]), _pairs(c, prints) | {"hot": HOT}):
        if row.id != row.asker:
            found.setdefault(row.asker, []).append((-row.shared, row.id))
    return {asker: [one for _, one in sorted(others)[:NEIGHBOURS]] for asker, others in found.items()}


def _pairs(c: Connection, prints: Mapping[int, Sequence[int]]) -> dict[str, Any]:
    pairs = [(article, one) for article, hashes in prints.items() for one in hashes]
    if c.dialect.name == "sqlite":
        return {"pairs": json.dumps(pairs)}
    return {"ids": [article for article, _ in pairs], "hashes": [one for _, one in pairs]}

"""Ways to find copies, Pressrun's among them, on the same stream: each says which article every article belongs to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from bench.streams import Stream

Roots = dict[str, str]  # the address of each article's original, by its own


class NotInstalledError(Exception):
    """A method needs a package that is not there."""


def pressrun(stream: Stream, db_url: str | None = None) -> Roots:
    """Through `pressrun import`, into an empty store."""
    from storage.articles import iter_articles
    from storage.database import open_database
    from storage.jobs import import_rows

    with tempfile.TemporaryDirectory() as folder:
        db = open_database(db_url or f"sqlite:///{folder}/bench.db")
        import_rows(db, enumerate(stream.rows, 1))
        kept = {row.id: row for row in iter_articles(db, copies=True)}
        db.close()
    return {row.url: kept[row.duplicate_of or row.id].url for row in kept.values()}


def exact(stream: Stream) -> Roots:
    """A hash of the normalised words."""
    from storage.text import normalised_tokens, text_hash

    seen: dict[bytes, str] = {}
    return {row["url"]: seen.setdefault(text_hash(normalised_tokens(row["text"])), row["url"]) for row in stream.rows}


def simhash(stream: Stream, distance: int = 6) -> Roots:
    """trafilatura's Simhash of 64 bits; two texts whose hashes differ in at most six are one."""
    from trafilatura.deduplication import Simhash

    hashes: list[tuple[int, str]] = []
    roots: Roots = {}
    for row in stream.rows:
        mine = Simhash(row["text"]).hash
        near = [root for other, root in hashes if (mine ^ other).bit_count() <= distance]
        roots.setdefault(row["url"], near[0] if near else row["url"])
        hashes.append((mine, roots[row["url"]]))
    return roots


def minhash(stream: Stream, threshold: float = 0.5, perms: int = 128) -> Roots:
    """datasketch's MinHash-LSH over three-word shingles, estimates verified against the threshold."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        raise NotInstalledError("datasketch is not installed: pip install datasketch") from None
    from storage.text import normalised_tokens

    index, sketches, roots = MinHashLSH(threshold=threshold, num_perm=perms), {}, {}
    for number, row in enumerate(stream.rows):
        tokens = normalised_tokens(row["text"])
        sketch = MinHash(num_perm=perms)
        sketch.update_batch([" ".join(tokens[i : i + 3]).encode() for i in range(max(1, len(tokens) - 2))])
        near = [other for other in index.query(sketch) if sketches[other].jaccard(sketch) >= threshold]
        best = min(near, default=None)
        roots.setdefault(row["url"], row["url"] if best is None else roots[stream.rows[best]["url"]])
        index.insert(number, sketch)
        sketches[number] = sketch
    return roots


METHODS: dict[str, Callable[..., Any]] = {
    "pressrun": pressrun, "exact": exact, "simhash": simhash, "minhash": minhash,
}  # fmt: skip

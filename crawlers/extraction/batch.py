"""Many saved pages at once: rows in, one JSON object out for each, in the order of the rows."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from crawlers.extraction.outcome import Reason, Rejected
from crawlers.extraction.pool import ExtractionPool
from storage.records import Article


def run_batch(lines: Iterable[str], out: IO[str], workers: int | None = None, outlets: Path | None = None) -> None:
    from crawlers.extraction import extract
    for line in lines:
        if not line.strip():
            continue
        row = json.loads(line)
        html = Path(row["file"]).read_bytes()
        if html[:2] == b"\x1f\x8b":
            html = gzip.decompress(html)
        out.write(json.dumps(as_row(row["id"], extract(html, row.get("url") or "")), ensure_ascii=False) + "\n")


def as_row(row_id: Any, found: Article | Rejected) -> dict[str, Any]:
    if isinstance(found, Rejected):
        return {"id": row_id, "outcome": "rejected", "reason": str(found.reason), "detail": found.detail}
    published = found.published
    return {
        "id": row_id, "outcome": "article", "reason": None, "title": found.title, "text": found.text, "authors": list(found.authors),
        "published_at": published.at.isoformat() if published else None,
        "published_precision": str(published.precision) if published else None,
        "published_source": str(published.source) if published else None,
        "language": found.language, "section": found.section, "credit": found.credit, "canonical_url": found.canonical_url, "image": found.image, "url": found.url,
    }


if __name__ == "__main__":
    run_batch(sys.stdin, sys.stdout)

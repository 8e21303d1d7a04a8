"""trafilatura by itself, with its own metadata. Rows {"id", "url", "file"} in, one JSON object out for each."""

import gzip
import json
import sys

from trafilatura import bare_extraction


def read(path):
    with open(path, "rb") as stream:
        data = stream.read()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


for line in sys.stdin:
    row = json.loads(line)
    try:
        found = bare_extraction(read(row["file"]), url=row["url"], include_comments=False, with_metadata=True)
    except Exception:  # a page that a system fails on is a page without an answer
        found = None
    found = found.as_dict() if found is not None else {}
    authors = [name for name in (found.get("author") or "").split("; ") if name]
    print(
        json.dumps(
            {
                "id": row["id"],
                "title": found.get("title"),
                "text": found.get("text"),
                "authors": authors,
                "published_at": found.get("date"),
            }
        ),
        flush=True,
    )

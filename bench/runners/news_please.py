"""news-please on pages that are there already. Rows {"id", "url", "file"} in, one JSON object out for each."""

import gzip
import json
import sys

from newsplease import NewsPlease


def read(path):
    with open(path, "rb") as stream:
        data = stream.read()
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    return data.decode("utf-8", "replace")


for line in sys.stdin:
    row = json.loads(line)
    try:
        article = NewsPlease.from_html(read(row["file"]), url=row["url"], fetch_images=False)
        at = article.date_publish
        found = {
            "title": article.title,
            "text": article.maintext,
            "authors": list(article.authors or []),
            "published_at": at.isoformat() if at else None,
        }
    except Exception:  # a page that a system fails on is a page without an answer
        found = {"title": None, "text": None, "authors": [], "published_at": None}
    print(json.dumps({"id": row["id"], **found}, default=str), flush=True)

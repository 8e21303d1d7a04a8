"""newspaper4k on pages that are there already. Rows {"id", "url", "file"} in, one JSON object out for each."""

import gzip
import json
import sys

import newspaper


def read(path):
    with open(path, "rb") as stream:
        data = stream.read()
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    return data.decode("utf-8", "replace")


for line in sys.stdin:
    row = json.loads(line)
    try:
        article = newspaper.Article(row["url"], fetch_images=False)
        article.download(input_html=read(row["file"]))
        article.parse()
        at = article.publish_date
        found = {
            "title": article.title,
            "text": article.text,
            "authors": list(article.authors),
            "published_at": at.isoformat() if hasattr(at, "isoformat") else at,
        }
    except Exception:  # a page that a system fails on is a page without an answer
        found = {"title": None, "text": None, "authors": [], "published_at": None}
    print(json.dumps({"id": row["id"], **found}, default=str), flush=True)

"""trafilatura by itself, with its own metadata, on pages that are there already."""

from pages import NO_ANSWER, answer
from trafilatura import bare_extraction


def extract(page, url):
    document = bare_extraction(page, url=url, include_comments=False, with_metadata=True)
    if document is None:
        return NO_ANSWER
    found = document.as_dict()
    return {
        "title": found.get("title"),
        "text": found.get("text"),
        "authors": [name for name in (found.get("author") or "").split("; ") if name],
        "published_at": found.get("date"),
    }


answer(extract)

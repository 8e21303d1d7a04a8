"""A page of a lake town's paper around a body that a test gives."""

from __future__ import annotations

from crawlers.extraction import extract
from storage.model import Article

URL = "https://www.courier.example.com/lake/a.html"
TITLE = "Ferry resumes service after the storm"
PROSE = "The council of the town said on Monday that the ferry across the lake would run again from the first of May."
MORE = "".join(
    f"<p>In year {year} of the ferry, it said, the boats had been late on {year - 1900} days.</p>"
    for year in (1950, 1960, 1970)
)


def text_of(body: str, url: str = URL) -> str:
    """The text that is extracted from the page."""
    head = f"<title>{TITLE}</title><meta property='og:type' content='article'>"
    html = f"<html><head>{head}</head><body><article><h1>{TITLE}</h1>{body}</article></body></html>"
    found = extract(html.encode(), url)
    assert isinstance(found, Article), found
    return found.text

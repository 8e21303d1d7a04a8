"""Lines and the blocks that they come from."""

from __future__ import annotations

from crawlers.extraction import extract
from storage.model import Article

URL = "https://www.courier.example.com/lake/a.html"


PROSE = "The council of the town said on Monday that the ferry across the lake would run again from the first of May."


def text_of(body: str, url: str = URL) -> str:
    title = "Ferry resumes service after the storm"
    html = f"<html><head><title>{title}</title><meta property='og:type' content='article'></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    found = extract(html.encode(), url)
    assert isinstance(found, Article), found
    return found.text


def test_paragraphs_that_begin_alike_are_each_judged_by_their_own_block() -> None:
    start = "The Ministry of Foreign Affairs of Lakeland"
    kept = [f"{start} said on day {day} that {PROSE}" for day in range(4)]
    related = f"<p><a href='/other'>{start} on another matter of the lake</a></p>"
    text = text_of(f"<p>{kept[0]}</p><p>{kept[1]}</p>{related}{related}<p>{kept[2]}</p><p>{kept[3]}</p>")
    assert text.split("\n\n") == kept


def test_ten_thousand_paragraphs_that_begin_alike_are_read() -> None:
    """Within the time that the runner of these tests gives one; comparing each with each would take minutes."""
    body = "".join(
        f"<p>The Ministry of Foreign Affairs of Lakeland said in note {n}: {PROSE}</p>" for n in range(10_000)
    )
    assert len(text_of(body).split("\n\n")) == 10_000

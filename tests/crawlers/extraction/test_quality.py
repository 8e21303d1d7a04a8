"""The quality of an article: what lowers it, and what does not."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from storage.model import Article
from tests.crawlers.extraction.pier import TEXT, article, page

LONG = [f"{line} So it was told on day {n} of the vote." for n in range(4) for line in TEXT]
URL = "https://www.pier.example/news/pier-1"


def quality(html: bytes) -> float:
    found = article(html)
    assert found.quality is not None
    return found.quality


def body(text: list[str]) -> dict[str, object]:
    return {"headline": "Council votes for a second pier", "articleBody": "\n".join(text)}


GOOD = quality(page(ld=body(LONG), text=LONG))


def test_a_plain_article_is_nearly_sure() -> None:
    assert GOOD > 0.95
    assert quality(page(ld={}, text=LONG)) > 0.95


def test_a_text_that_only_the_declared_body_completes_is_less_sure() -> None:
    completed = article(page(ld=body(LONG), text=LONG[:3]))
    assert completed.text.count("\n\n") == len(LONG) - 1
    assert completed.quality is not None
    assert completed.quality < GOOD - 0.05


def test_so_does_one_of_other_words() -> None:
    other = [" ".join(reversed(line.replace("pier", "bridge").split())) + " elsewhere" for line in LONG]
    assert quality(page(ld=body([f"x{n} y{n} {line[:40]}" for n, line in enumerate(other)]), text=LONG)) < GOOD


@pytest.mark.parametrize(
    "after",
    [
        "".join(f"<p>Short line {n}</p>" for n in range(12)),
        "".join(
            f"<p>Ferries <a href='/n/{n}'>and of what they carry to the islands {n}</a> go out</p>" for n in range(8)
        ),
    ],
)
def test_short_lines_and_links_lower_it(after: str) -> None:
    assert quality(page(ld={}, text=LONG, after=after)) <= quality(page(ld={}, text=LONG))


def test_a_page_that_breaks_off_has_half_of_it() -> None:
    html = page(ld={}, text=LONG)
    broken = extract(html.replace(b"</body></html>", b""), URL)
    assert isinstance(broken, Article)
    assert broken.quality is not None
    assert broken.quality < 0.6


def test_so_does_a_page_without_a_date_a_little() -> None:
    undated = page(ld={"datePublished": None}, text=LONG)
    assert GOOD - 0.1 < quality(undated) < GOOD


def test_it_is_a_number_from_0_to_1_whatever_the_page() -> None:
    assert all(0 <= quality(html) <= 1 for html in (page(ld={}), page(text=LONG), page(ld={}, text=TEXT[:2])))

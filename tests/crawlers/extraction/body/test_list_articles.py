"""Articles that are made of lists."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from crawlers.extraction.result import Rejected
from tests.crawlers.extraction.news import ALL, News, items, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)


def points(news: News, count: int) -> list[list[str]]:
    """Short items for each of some lists; none comes twice."""
    return [[f"{point} {number}" for point in news.points] for number in range(1, count + 1)]


@LANGUAGES
@pytest.mark.parametrize(
    "form", ["<h2>{}</h2>{}", "<div><h2>{}</h2></div><div>{}</div>", "<section><h2>{}</h2><div>{}</div></section>"]
)
@pytest.mark.parametrize("intro", [True, False])
def test_headings_with_lists_are_the_text(news: News, form: str, intro: bool) -> None:
    heads, lists = [f"{head} {place}" for place, head in enumerate(news.heads * 2)], points(news, 6)
    story = "".join(form.format(head, items(*listed)) for head, listed in zip(heads, lists, strict=True))
    first = [news.text[0]] if intro else []
    body = f"<nav>{items('<a href=/>Orrin</a>')}</nav><main><h1>{news.title}</h1>{paragraphs(*first)}{story}</main>"
    expected = [line for head, listed in zip(heads, lists, strict=True) for line in (head, *listed)]
    assert read(page(news, body)) == [*first, *expected]


@LANGUAGES
@pytest.mark.parametrize(
    "item",
    [
        "<li><input type=checkbox> {}</li>",
        "<li><div class=check></div><div>{}</div></li>",
        "<li><strong>{}</strong></li>",
        "<li><p>{}</p></li>",
    ],
)
def test_a_list_of_things_to_do_is(news: News, item: str) -> None:
    listed = [line for some in points(news, 5) for line in some]
    body = f"<article><h1>{news.title}</h1><ul>{''.join(map(item.format, listed))}</ul></article>"
    assert read(page(news, body)) == listed


@LANGUAGES
@pytest.mark.parametrize(
    "form", ["{}", "<div class=key-points>{}</div>", "<div class=box><div class=points>{}</div></div>"]
)
def test_key_points_above_the_text_are_part_of_it(news: News, form: str) -> None:
    key = items(*news.points)
    body = f"<article><h1>{news.title}</h1>{form.format(key)}<div class=copy>{paragraphs(*news.text)}</div></article>"
    assert read(page(news, body)) == [*news.points, *news.text]


@LANGUAGES
@pytest.mark.parametrize("name", ["related", "tags", "share", "breadcrumbs"])
def test_other_lists_are_not(news: News, name: str) -> None:
    links = items(*(f"<a href=/{place}>{point}</a>" for place, point in enumerate(news.points)))
    plain = items(*news.points)
    body = (
        f"<div class={name}>{plain}</div><article><h1>{news.title}</h1>{links}<div class=copy>{paragraphs(*news.text)}</div>"
        f"<div class={name}>{plain}</div>{links}</article>"
    )
    assert read(page(news, body)) == list(news.text)


@LANGUAGES
def test_a_menu_alone_is_still_no_article(news: News) -> None:
    menu = items(*(f"<a href=/{place}>{point}</a>" for place, point in enumerate(news.points * 8)))
    found = extract(page(news, f"<h1>{news.title}</h1><div>{menu}</div>").encode(), "https://www.lake.example/news/a-1")
    assert isinstance(found, Rejected)

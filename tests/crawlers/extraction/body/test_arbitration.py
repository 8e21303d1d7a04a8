"""Where the reading of a page has far less text than the page declares or shows, another reading decides."""

from __future__ import annotations

import json

import pytest

from tests.crawlers.extraction.news import ALL, News, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)


def declared(news: News, *texts: str, between: str = "\n") -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": news.title,
        "articleBody": between.join(texts),
    }
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@LANGUAGES
@pytest.mark.parametrize(
    "form",
    [
        "<p>{}</p><div class=hidden-part style='display:none'>{}</div>",
        "<p>{}</p><div class=paywall-overlay><div>{}</div></div>",
        "<p>{}</p><div class=teaser-widget>{}</div>",
    ],
)
def test_blocks_that_the_declared_text_has_are_the_article(news: News, form: str) -> None:
    rest = paragraphs(*news.text[1:])
    body = f"<main><h1>{news.title}</h1><div>{form.format(news.text[0], rest)}</div></main>"
    beside = "".join(f"<div><p>{news.other} {number}</p></div>" for number in range(2))
    assert read(page(news, f"{body}<aside>{beside}</aside>", declared(news, *news.text))) == list(news.text)


@LANGUAGES
@pytest.mark.parametrize("between", ["\n", "\n\n", "\r\n"])
def test_the_declared_text_is_the_article_where_the_page_shows_next_to_nothing_of_it(news: News, between: str) -> None:
    body = f"<main><h1>{news.title}</h1><div id=app></div><p>{news.text[0]}</p></main>"
    assert read(page(news, body, declared(news, *news.text, between=between))) == list(news.text)


@LANGUAGES
def test_a_declared_text_that_is_another_one_is_not(news: News) -> None:
    body = f"<main><h1>{news.title}</h1><div>{paragraphs(*news.text)}</div></main>"
    assert read(page(news, body, declared(news, *([news.other] * 12)))) == list(news.text)


@LANGUAGES
def test_a_declared_text_that_is_not_free_is_not_taken(news: News) -> None:
    head = declared(news, *news.text).replace('"@type"', '"isAccessibleForFree": "False", "@type"')
    body = f"<main><h1>{news.title}</h1><div id=app></div>{paragraphs(*news.text[:2])}</main>"
    assert read(page(news, body, head)) == list(news.text[:2])


@LANGUAGES
def test_another_text_on_the_page_gives_way_to_the_declared_one_if_the_page_shows_that(news: News) -> None:
    boxes = "".join(f"<div class=b><div class=promo>{text}</div></div>" for text in news.text)
    other = paragraphs(*(f"{news.other} {number}." for number in range(12)))
    body = f"<h1>{news.title}</h1><div class=menu>{boxes}</div><div class=main>{other}</div>"
    assert read(page(news, body, declared(news, *news.text))) == list(news.text)


@LANGUAGES
def test_a_declared_beginning_does_not_cut_the_text(news: News) -> None:
    body = f"<main><h1>{news.title}</h1><div>{paragraphs(*news.text)}</div></main>"
    assert read(page(news, body, declared(news, *news.text[:2]))) == list(news.text)

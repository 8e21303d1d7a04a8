"""Links that are an article's content: products, sources, prices."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.news import ALL, News, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)


def story(news: News, inserted: str) -> str:
    text = paragraphs(*news.text[:3]) + inserted + paragraphs(*news.text[3:])
    return page(news, f"<main><h1>{news.title}</h1><div class=copy>{text}</div></main>")


@LANGUAGES
@pytest.mark.parametrize(
    "form",
    [
        "<ul><li><a href='{}'>{}</a></li></ul>",
        "<ul><li><a href='{}'>{}</a>, 9</li></ul>",
        "<ol><li><span>1</span> <a href='{}'>{}</a></li></ol>",
        "<div><ul><li><p><a href='{}'>{}</a></p></li></ul></div>",
    ],
)
def test_a_list_of_links_to_other_sites_between_paragraphs_is_kept(news: News, form: str) -> None:
    opening, closing = form.split("<li>")[0], form.split("</li>")[1]
    item = form[len(opening) : len(form) - len(closing)]
    links = "".join(item.format(f"https://shop{n}.example/p/{n}", text) for n, text in enumerate(news.points))
    found = read(story(news, opening + links + closing))
    assert [line for line in found if any(point in line for point in news.points)] == found[3:7]
    assert [*found[:3], *found[7:]] == list(news.text)


@LANGUAGES
def test_lines_that_are_links_to_other_sites_between_paragraphs_are(news: News) -> None:
    links = "".join(f"<p><a href='https://shop{n}.example/p/{n}'>{text}</a></p>" for n, text in enumerate(news.points))
    assert read(story(news, links)) == [*news.text[:3], *news.points, *news.text[3:]]


@LANGUAGES
def test_links_of_a_list_within_the_site_are_not(news: News) -> None:
    links = "".join(f"<li><a href='/news/{n}'>{text}</a></li>" for n, text in enumerate(news.points))
    assert read(story(news, f"<ul>{links}</ul>")) == list(news.text)


@LANGUAGES
@pytest.mark.parametrize("href", ["https://shop.example/p/{}", "/go/{}", "#entry-{}"])
@pytest.mark.parametrize("form", ["<h2><a href='{}'>{}</a></h2>", "<div class=name><h3><a href='{}'>{}</a></h3></div>"])
def test_headings_that_link_and_are_followed_by_text_are_kept(news: News, href: str, form: str) -> None:
    text, expected = "", []
    for n, head in enumerate(news.heads):
        pair = news.text[2 * n : 2 * n + 2]
        text += form.format(href.format(n), head) + f"<div class=why>{paragraphs(*pair)}<p>{news.other} ({n})</p></div>"
        expected += [head, *pair, f"{news.other} ({n})"]
    assert read(page(news, f"<main><h1>{news.title}</h1><div class=copy>{text}</div></main>")) == expected


@LANGUAGES
def test_cards_for_other_articles_are_not(news: News) -> None:
    cards = "".join(
        f"<div class=card><h3><a href='/news/{n}'>{head}</a></h3><p>{news.other} {n}.</p></div>"
        for n, head in enumerate(news.heads)
    )
    assert read(story(news, cards)) == list(news.text)


@LANGUAGES
def test_a_row_of_partners_below_the_text_is_not(news: News) -> None:
    links = "".join(f"<li><a href='https://shop{n}.example'>{text}</a></li>" for n, text in enumerate(news.points))
    body = (
        f"<main><h1>{news.title}</h1><div class=copy>{paragraphs(*news.text)}</div><div><ul>{links}</ul></div></main>"
    )
    assert read(page(news, body)) == list(news.text)

"""Headings in boxes of their own, cells of tables, and texts that fold out."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.news import ALL, News, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)


def in_parts(news: News, head: str, text: str) -> tuple[str, list[str]]:
    """A story of headings with two paragraphs each, in the given forms, and its lines."""
    story, lines = f"<div class=copy>{paragraphs(news.other)}</div>", [news.other]
    for n, heading in enumerate(news.heads):
        pair = news.text[2 * n : 2 * n + 2]
        story += head.format(heading, n=n) + text.format(paragraphs(*pair), n=n)
        lines += [heading, *pair]
    return story, lines


@LANGUAGES
@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("<div class=w><div class=c><h2>{}</h2></div></div>", "<div class=w><div class=c>{}</div></div>"),
        (
            "<div class='elementor-element elementor-widget elementor-widget-heading'><div class=elementor-widget-container>"
            "<h2 class='elementor-heading-title'>{}</h2></div></div>",
            "<div class='elementor-element elementor-widget elementor-widget-text-editor'><div class=elementor-widget-container>"
            "{}</div></div>",
        ),
        (
            "<div class=row><div class=col><div class=t><h3>{}</h3></div></div></div>",
            "<div class=row><div class=col>{}</div></div>",
        ),
        (
            "<section><div><div><div><h2><span>{}</span></h2></div></div></div></section>",
            "<section><div><div><div>{}</div></div></div></section>",
        ),
    ],
)
def test_a_heading_in_a_box_of_its_own_comes_with_its_text(news: News, head: str, text: str) -> None:
    story, lines = in_parts(news, head, text)
    assert read(page(news, f"<main><h1>{news.title}</h1>{story}</main>")) == lines


@LANGUAGES
@pytest.mark.parametrize(
    ("head", "text"),
    [
        (
            "<h3 class=a><button aria-expanded=false aria-controls=p{n}>{}</button></h3>",
            "<div id=p{n} role=region hidden>{}</div>",
        ),
        ("<details><summary>{}</summary>", "<div>{}</div></details>"),
        (
            "<div class=accordion-item><h2 class=accordion-header><button class=accordion-button type=button>{}</button></h2>",
            "<div class='accordion-collapse collapse'><div class=accordion-body>{}</div></div></div>",
        ),
        (
            "<div class=toggle><h4 class=tab-title id=t{n} role=tab aria-controls=c{n}>{}</h4>",
            "<div class=tab-content id=c{n} role=tabpanel aria-hidden=true style='display: none'>{}</div></div>",
        ),
        (
            "<div class=item><button aria-controls=x{n}><h3>{}</h3></button>",
            "<div id=x{n} aria-hidden=true>{}</div></div>",
        ),
    ],
)
def test_texts_that_fold_out_are_read_with_their_headings(news: News, head: str, text: str) -> None:
    story, lines = in_parts(news, head, text)
    assert read(page(news, f"<main><h1>{news.title}</h1>{story}</main>")) == lines


@LANGUAGES
@pytest.mark.parametrize(
    "form",
    [
        "<table><tr><td>{0}</td><td>{1}</td></tr><tr><td>{2}</td><td>{3}</td></tr></table>",
        "<div class=tbl><table><thead><tr><th>{0}</th><th>{1}</th></tr></thead><tbody><tr><td>{2}</td><td>{3}</td></tr></tbody></table></div>",
        "<figure class=wp-block-table><table><tbody><tr><td>{0}</td><td>{1}</td></tr><tr><td>{2}</td><td>{3}</td></tr></tbody></table></figure>",
        "<table><tr><td><p>{0}</p></td><td><p>{1}</p></td></tr><tr><td><strong>{2}</strong></td><td>{3}</td></tr></table>",
    ],
)
def test_the_cells_of_a_table_between_paragraphs_are_kept(news: News, form: str) -> None:
    story = paragraphs(*news.text[:3]) + form.format(*news.points) + paragraphs(*news.text[3:])
    found = read(page(news, f"<main><h1>{news.title}</h1><div class=copy>{story}</div></main>"))
    assert found == [*news.text[:3], *news.points, *news.text[3:]]


@LANGUAGES
@pytest.mark.parametrize(
    "other",
    [
        "<div class=menu aria-hidden=true><h3>{head}</h3><p>{other}</p></div>",
        "<figure><img src=a.jpg><figcaption>{other}</figcaption></figure>",
        "<div class=subscribe><div><h2>{head}</h2></div><div><p>{other}</p></div></div>",
    ],
)
def test_other_boxes_are_not(news: News, other: str) -> None:
    box = other.format(head=news.heads[0], other=news.other)
    text = [*news.text, *(f"{line} ({place})" for place, line in enumerate(news.text))]
    story = paragraphs(*text[:3]) + box + paragraphs(*text[3:])
    assert read(page(news, f"<main><h1>{news.title}</h1><div class=copy>{story}</div></main>")) == text

"""Words of class names that hold most of a page's prose say nothing on that page."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.news import ALL, News, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)
BUILDERS = {  # what a page builder puts around each paragraph
    "elementor": (
        '<div class="elementor-element elementor-element-3ab1 elementor-widget elementor-widget-text-editor" '
        'data-widget_type="text-editor.default"><div class="elementor-widget-container"><p>{}</p></div></div>'
    ),
    "x-widget": '<section class="x-section"><div class="x-widget x-text"><p>{}</p></div></section>',
    "banner": '<div class="row"><div class="text-banner"><p>{}</p></div></div>',
    "promo": '<div class="promo-block"><div><div>{}</div></div></div>',
    "module": '<div class="et_pb_module et_pb_text social-text"><div class="et_pb_text_inner"><p>{}</p></div></div>',
}


@LANGUAGES
@pytest.mark.parametrize("builder", BUILDERS)
def test_a_builder_may_wrap_each_paragraph(news: News, builder: str) -> None:
    story = "".join(BUILDERS[builder].format(text) for text in news.text)
    body = f"<div class=page><div class=head><h1>{news.title}</h1></div><div class=content-area>{story}</div></div>"
    assert read(page(news, body)) == list(news.text)


@LANGUAGES
@pytest.mark.parametrize("builder", BUILDERS)
def test_beside_a_sidebar_of_the_same_boxes(news: News, builder: str) -> None:
    story = "".join(BUILDERS[builder].format(text) for text in news.text)
    side = "".join(BUILDERS[builder].format(news.other) for _ in range(2))
    body = (
        f"<div class=page><div class=main-col><h1>{news.title}</h1>{story}</div>"
        f"<div class=sidebar>{side}</div><footer>{news.other}</footer></div>"
    )
    assert read(page(news, body)) == list(news.text)


@LANGUAGES
@pytest.mark.parametrize(
    "names",
    [
        "post-7112 post type-post status-publish format-standard hentry category-social tag-economy tag-banner",
        "post-9 post type-post category-newsletter-en tag-cookie tag-related-parties hentry",
        "type-news status-publish hentry news_cat-popular category-poll tag-widget",
    ],
)
def test_tags_and_sections_of_a_post_are_none_of_its_boxes(news: News, names: str) -> None:
    comments = "".join(f"<div class=comment-body><p>{text} {news.other}</p></div>" for text in news.text * 4)
    body = (
        f'<div id=main><div class="{names}"><h1>{news.title}</h1><div>{paragraphs(*news.text)}</div></div>'
        f"<div id=comments class=comments>{comments}</div></div>"
    )
    assert read(page(news, body)) == list(news.text)


@LANGUAGES
@pytest.mark.parametrize("word", ["widget", "social", "newsletter", "related", "sidebar-box"])
@pytest.mark.parametrize("times", [1, 3, 7])
def test_boxes_between_the_paragraphs_keep_their_meaning(news: News, word: str, times: int) -> None:
    box = f'<div class="{word}"><h3>{news.heads[0]}</h3><p>{news.other}</p></div>'
    pieces = [f"<p>{text}</p>{box if times > place else ''}" for place, text in enumerate(news.text[:5])]
    story = "".join([*pieces, f"<p>{news.text[5]}</p>"])
    body = f"<main><h1>{news.title}</h1><div class=copy>{story}</div></main>"
    assert read(page(news, body)) == list(news.text)


@LANGUAGES
@pytest.mark.parametrize("word", ["widget", "promo", "teaser"])
def test_boxes_beside_a_short_text_keep_theirs(news: News, word: str) -> None:
    """The boxes hold most of the page's prose, but none of them stands with the title."""
    boxes = "".join(f'<div class="{word}"><p>{news.other} {number}.</p></div>' for number in range(12))
    body = (
        f"<div class=page><div class=main-col><h1>{news.title}</h1>{paragraphs(*news.text)}</div>"
        f"<div class=right-col>{boxes}</div></div>"
    )
    assert read(page(news, body)) == list(news.text)

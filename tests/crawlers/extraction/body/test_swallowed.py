"""Elements that are never read, such as buttons, hold the article where they were not closed, and noscript may too."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from crawlers.extraction.result import Reason, Rejected
from tests.crawlers.extraction.news import ALL, ENGLISH, GERMAN, News, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)


@LANGUAGES
@pytest.mark.parametrize(
    "opening",
    [
        "<header><button class='menu'><div><div></button></header>",
        "<div class=top><button type=button aria-label=search><div class=icon></button></div>",
        "<select name=edition><option>A<div></select>",
        "<object data=a.swf><div></object>",
        "<video src=a.mp4><div><p></video>",
        "<canvas id=chart><table><tr><td></canvas>",
        "<noscript><div><img src=pixel.gif></noscript>",
        "<nav><ul><li><a href=/>Orrin</a><div></nav>",
        "<audio src=a.mp3><div></audio>",
    ],
)
def test_what_an_unclosed_element_holds_is_read(news: News, opening: str) -> None:
    body = f"{opening}<div class=layout><h1>{news.title}</h1><div class=copy>{paragraphs(*news.text)}</div></div>"
    assert read(page(news, body)) == list(news.text)


@LANGUAGES
def test_one_that_begins_below_the_headline_gives_back_its_paragraphs(news: News) -> None:
    story = f"<p>{news.text[0]}</p><button class=share><div></button>{paragraphs(*news.text[1:])}"
    assert read(page(news, f"<main><h1>{news.title}</h1><div>{story}</div></main>")) == list(news.text)


@LANGUAGES
@pytest.mark.parametrize(
    "inserted",
    [
        "<button>{other}</button>",
        "<button><span>{other}</span><p>{other}</p></button>",
        "<select><option>{other}</option></select>",
        "<video><p>{other}</p></video>",
        "<object><p>{other}</p><p><a href=/plugin>{other}</a></p></object>",
    ],
)
def test_a_button_or_a_fallback_with_words_of_its_own_is_not(news: News, inserted: str) -> None:
    story = paragraphs(*news.text[:3]) + inserted.format(other=news.other) + paragraphs(*news.text[3:])
    assert read(page(news, f"<main><h1>{news.title}</h1><div>{story}</div></main>")) == list(news.text)


class TestNoscript:
    @LANGUAGES
    @pytest.mark.parametrize(
        "form",
        [
            "<div id=app></div><noscript>{story}</noscript>",
            "<div id=__next><h1>{title}</h1><div class=spinner></div></div><noscript><div class=text>{story}</div></noscript>",
            "<main><h1>{title}</h1><p>{first}</p><div id=more></div><noscript>{rest}</noscript></main>",
            "<main><h1>{title}</h1><noscript><section><article>{story}</article></section></noscript></main>",
        ],
    )
    def test_paragraphs_that_are_nowhere_else_are_read(self, news: News, form: str) -> None:
        body = form.format(
            title=news.title, story=paragraphs(*news.text), first=news.text[0], rest=paragraphs(*news.text[1:])
        )
        assert read(page(news, body)) == list(news.text)

    @LANGUAGES
    def test_lines_parted_by_breaks_are_read_too(self, news: News) -> None:
        story = "<br><br>".join(news.text)
        assert read(page(news, f"<h1>{news.title}</h1><noscript>{story}</noscript>")) == list(news.text)

    @LANGUAGES
    def test_what_the_page_shows_anyway_does_not_come_twice(self, news: News) -> None:
        story = paragraphs(*news.text)
        body = f"<main><h1>{news.title}</h1><div>{story}</div><noscript><div>{story}</div></noscript></main>"
        assert read(page(news, body)) == list(news.text)

    @LANGUAGES
    @pytest.mark.parametrize(
        "fallback",
        [
            "<noscript><img src=a.jpg alt='{other}'></noscript>",
            "<noscript><figure><img src=a.jpg><figcaption>{other}</figcaption></figure></noscript>",
            "<noscript><p>{other}</p></noscript>",
            "<noscript><p><a href=/a>{other}</a></p><p><a href=/b>{other}</a></p><p><a href=/c>{other}</a></p></noscript>",
            "<noscript><iframe src=https://tags.example/ns.html></iframe></noscript>",
        ],
    )
    def test_fallbacks_of_pictures_and_notes_stay_out(self, news: News, fallback: str) -> None:
        one = fallback.format(other=news.other)
        story = one.join(f"<p>{text}</p>" for text in news.text)
        assert read(page(news, f"{one}<main><h1>{news.title}</h1><div>{story}</div></main>{one}")) == list(news.text)

    @pytest.mark.parametrize("news", [ENGLISH, GERMAN], ids=lambda news: news.lang)
    def test_a_page_that_only_asks_for_scripts_is_still_refused_as_such(self, news: News) -> None:
        asking = (
            "Please enable JavaScript to read this page in your browser, since it cannot be shown without it.",
            "Open the settings of your browser, look for the part that is about the content of sites, and allow it.",
            "After that come back to this page and load it again, and it will be shown as it should be shown to you.",
        )
        found = extract(
            page(news, f"<div id=app></div><noscript>{paragraphs(*asking)}</noscript>").encode(),
            "https://a.example/b/c-1",
        )
        assert isinstance(found, Rejected)
        assert found.reason is Reason.NEEDS_SCRIPT

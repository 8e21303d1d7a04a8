"""Articles of many sections, each in boxes of its own."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.news import ALL, News, items, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)
COUNT = 9


def texts(news: News, place: int) -> tuple[str, str, str]:
    """A heading, a paragraph and another for one of the sections; none comes twice."""
    return (
        f"{place + 1}. {news.heads[place % 3]}",
        f"{news.text[place % 6]} ({place + 1})",
        f"{news.text[(place + 2) % 6]} [{place + 1}]",
    )


@LANGUAGES
@pytest.mark.parametrize(
    "form",
    [
        "<section><div><div><h2>{0}</h2><p>{1}</p><p>{2}</p></div></div></section>",
        "<section class='s s{n}'><div class=inner><div class=cell><h2>{0}</h2><div><p>{1}</p></div><p>{2}</p></div></div></section>",
        "<div class=w-layout><div class=wrap><div class=rich><div class=block><h2>{0}</h2><p>{1}</p><p>{2}</p></div></div></div></div>",
        "<section><div><div class='h h{n}'><h2>{0}</h2></div><div class='t t{n}'><p>{1}</p></div><div><p>{2}</p></div></div></section>",
    ],
)
@pytest.mark.parametrize("title", ["<header><div><h1>{}</h1></div></header>", "<h1>{}</h1>"])
def test_sections_that_are_siblings_are_one_text(news: News, form: str, title: str) -> None:
    sections = [texts(news, place) for place in range(COUNT)]
    story = "".join(form.format(*section, n=place) for place, section in enumerate(sections))
    body = f"<nav><a href=/>Orrin</a></nav>{title.format(news.title)}<div class=page>{story}</div><footer>{news.other}</footer>"
    assert read(page(news, body)) == [line for section in sections for line in section]


@LANGUAGES
@pytest.mark.parametrize(
    "form",
    [
        "<div class=entry><div class=num>{n}</div><h2>{0}</h2><div class=spec>{point}</div><p>{1}</p></div>",
        "<div class=entry><h3>{0}</h3><div class=desc>{1}</div><div class=facts><span>{point}</span></div></div>",
        "<li class=rank><span class=place>{n}</span><h3>{0}</h3><p class=spec>{point}</p><div class=why>{1}</div></li>",
        "<div class=item><div class=name>{0}</div><div class=text>{1}</div><div class=more>{2}</div></div>",
    ],
)
def test_ranked_entries_are(news: News, form: str) -> None:
    entries = [texts(news, place) for place in range(COUNT)]
    story = "".join(
        form.format(*entry, n=place + 1, point=f"{news.points[place % 4]} {place}")
        for place, entry in enumerate(entries)
    )
    body = f"<main><h1>{news.title}</h1><p>{news.other}</p><div class=list>{story}</div></main>"
    found = read(page(news, body))
    for entry in entries:
        assert entry[0] in found
        assert entry[1] in found


@LANGUAGES
@pytest.mark.parametrize(
    "form",
    [
        "<h3>{0}?</h3><div>{1}</div>",
        "<div class=faq-item><h3>{0}?</h3><div class=faq-answer><p>{1}</p></div></div>",
        "<dt>{0}?</dt><dd>{1}</dd>",
        "<div itemscope><div class=q><h3>{0}?</h3></div><div class=a><div>{1}</div></div></div>",
    ],
)
def test_questions_with_their_answers_are(news: News, form: str) -> None:
    entries = [texts(news, place) for place in range(COUNT)]
    story = "".join(form.format(*entry) for entry in entries)
    story = f"<dl>{story}</dl>" if "<dt>" in form else f"<div class=faq>{story}</div>"
    body = f"<main><h1>{news.title}</h1><p>{news.other}</p>{story}</main>"
    found = read(page(news, body))
    assert found == [news.other, *(line for entry in entries for line in (f"{entry[0]}?", entry[1]))]


@LANGUAGES
@pytest.mark.parametrize(
    "inserted",
    [
        "<section class=newsletter><div><div><h2>{head}</h2><p>{other}</p><form><input><button>OK</button></form></div></div></section>",
        "<section class=related><div><div><h2>{head}</h2><p><a href=/a>{other}</a></p></div></div></section>",
        "<aside><div><div><h2>{head}</h2><p>{other}</p></div></div></aside>",
        "<div class=more-on><div><div><a href=/b><h3>{head}</h3></a><a href=/b>{other}</a></div></div></div>",
    ],
)
def test_what_is_inserted_between_sections_is_not(news: News, inserted: str) -> None:
    sections = [texts(news, place) for place in range(COUNT)]
    form = "<section><div><div><h2>{}</h2><p>{}</p><p>{}</p></div></div></section>"
    pieces = [form.format(*section) for section in sections]
    pieces[3] += inserted.format(head=news.points[0], other=news.other)
    pieces[6] += inserted.format(head=news.points[1], other=news.other)
    body = f"<h1>{news.title}</h1><div class=page>{''.join(pieces)}</div>"
    assert read(page(news, body)) == [line for section in sections for line in section]


@LANGUAGES
def test_cards_that_follow_the_text_are_not(news: News) -> None:
    cards = "".join(
        f"<div class=card><a href=/news/{place}><h3>{news.heads[place]}, {news.title}</h3></a><p>{news.other[:60]}</p></div>"
        for place in range(3)
    )
    body = (
        f"<main><h1>{news.title}</h1><div>{paragraphs(*news.text)}{items(*news.points)}</div><div>{cards}</div></main>"
    )
    assert read(page(news, body)) == [*news.text, *news.points]


@LANGUAGES
def test_a_first_paragraph_beside_the_others_is_read_where_no_title_is_shown(news: News) -> None:
    first, *rest = (f'<p class="css-3zk">{text}</p>' for text in news.text)
    lead = f"<section><div><div><h2>{news.heads[0]}</h2></div></div><div><div>{first}</div></div></section>"
    body = f"<div class=page>{lead}<div class=rest>{''.join(rest)}</div></div>"
    assert read(page(news, body))[-6:] == list(news.text)

"""What stands beside a short text and may be longer than it: comments, boxes of other news; and articles called alike."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.pier import TEXT, article, page

READERS = (
    "Ten years we waited for this pier, and now they have voted at last; I hope that they will be quick about it.",
    "Nobody says who will pay for it, but we all know: the same people as ever, and it will be late all the same.",
    "I take the ferry every day, and nine a day are a great thing, though the tickets will be dearer; write of that too.",
)
OTHERS = "".join(
    f"<div class=item><a href=/n/{n}><b>What the islanders think of the pier number {n}</b></a><p>{READERS[n % 3]}</p></div>"
    for n in range(2)
)
BRIEF = TEXT[:2]


def comments(times: int) -> str:
    entry = "<div class=c-item><b>Reader {}</b><i>12.05.2024 10:{:02}</i><p>{} {}</p></div>"
    return "".join(entry.format(n, n, READERS[n % 3], n) for n in range(times))


def text_with(box: str, inside: bool, story: list[str] = BRIEF) -> list[str]:
    html = page(text=story, after=box).decode() if inside else page(text=story).decode().replace("</article>", box)
    return article(html.encode()).text.split("\n\n")


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("times", [3, 12])
@pytest.mark.parametrize(
    "names",
    [
        "id=comments", "class=comment-list", "id=disqus_thread", "id=respond", "class=fb-comments", "id=kommentarii",
        "class=yorumlar", "id=serhler", "class=izohlar", "class='block commentlist'",
    ],
)  # fmt: skip
def test_what_readers_wrote_is_no_text_however_much_it_is(names: str, times: int, inside: bool) -> None:
    box = f"<div {names}><h3>Comments</h3>{comments(times)}</div>"
    assert text_with(box, inside) == BRIEF
    assert text_with(box, inside, TEXT * 2) == TEXT


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    "name", ["related", "similar-news", "ilgili-haberler", "oxsar-xeberler", "pohozhie", "po-teme"]
)
def test_nor_are_the_texts_in_a_box_of_other_news(name: str, inside: bool) -> None:
    assert text_with(f'<div class="{name}"><h3>More</h3>{OTHERS}</div>', inside) == BRIEF


@pytest.mark.parametrize(
    "names",
    [
        "class='post comments-enabled'", "class='has-comments'", "class='story comment-open'",
        "id=what-the-related-comments-of-the-mayor-mean",
    ],
)  # fmt: skip
def test_an_article_that_may_be_commented_is_one(names: str) -> None:
    html = page(text=TEXT).decode().replace("<div class=story>", f"<div {names}>")
    beside = f"<div class=more><p>{READERS[0]}</p></div>"
    assert article(html.replace("</article>", f"</article>{beside}").encode()).text.split("\n\n")[:3] == TEXT


def test_so_is_one_in_a_box_that_is_called_comments_and_holds_the_title() -> None:
    html = page(text=TEXT).decode().replace("<article>", "<div class=comment>").replace("</article>", "</div>")
    assert article(html.encode()).text.split("\n\n") == TEXT


def test_a_teaser_right_under_the_title_is_the_standfirst() -> None:
    html = page(text=TEXT, byline=f"<div class=teaser_text>{READERS[0]}</div>")
    assert article(html).text.split("\n\n") == [READERS[0], *TEXT]


@pytest.mark.parametrize("line", ["<p>Müəllif: Elçin Muradov</p>", "<div>Автор: Иван Петров</div>"])
def test_a_line_right_behind_the_text_names_its_author_and_is_none_of_it(line: str) -> None:
    found = article(page(text=[f"{text} {text}" for text in TEXT], after=line))
    assert found.authors == (line.split(": ")[1].split("<")[0],)
    assert found.text.split("\n\n") == [f"{text} {text}" for text in TEXT]

"""Lines that look like text and are none, and the other way round."""

from __future__ import annotations

from tests.crawlers.extraction.pier import TEXT, article, page


class TestBodies:
    def test_headlines_in_a_row_that_are_links_are_none_of_the_text(self) -> None:
        links = "".join(f'<li><a href="/{n}">Another story of the coast, number {n}</a></li>' for n in range(3))
        assert article(page(ld={}, after=f"<ul>{links}</ul><p>{TEXT[0].replace('Tuesday', 'Friday')}</p>")).text.split("\n\n") == [
            *TEXT, TEXT[0].replace("Tuesday", "Friday"),
        ]  # fmt: skip

    def test_a_list_that_is_not_of_links_stays(self) -> None:
        items = "".join(f"<li>The pier number {n} is for boats of another size</li>" for n in range(3))
        assert "The pier number 2" in article(page(ld={}, after=f"<ul>{items}</ul>")).text

    def test_a_labelled_byline_is_none_of_the_text(self) -> None:
        found = article(page(text=["Von Katrin Vogel", *TEXT]))
        assert found.text == "\n\n".join(TEXT)
        assert found.authors == ("Katrin Vogel",)

    def test_a_menu_that_was_never_closed_does_not_swallow_the_article(self) -> None:
        html = page(ld={}, before='<nav class="menu"><a href="/a">News</a>')
        assert article(html).text == "\n\n".join(TEXT)

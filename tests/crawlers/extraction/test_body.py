"""What of a page becomes its text: what stands beside the article goes, what trafilatura loses comes back."""

from __future__ import annotations

import pytest
from lxml import html

from crawlers.extraction import extract
from crawlers.extraction.body.asides import is_aside
from crawlers.extraction.body.recover import find_lost
from crawlers.extraction.body.region import Region, find_region
from crawlers.extraction.body.related_links import is_related
from crawlers.extraction.page.blocks import read_blocks
from crawlers.extraction.text_norm import letters
from storage.model import Article

FIRST = "The council of the harbour town voted on Tuesday to build a second pier for the ferries to the outer islands."
SECOND = (
    "The first stone is to be laid in spring, and the pier is to be finished before the summer of next year begins."
)
THIRD = "Fishermen had asked for it for a decade, since the old pier is too short for boats of the size in use today."
FOURTH = (
    "The harbour master expects nine ferries a day from then on, three more than in the best of the last ten years."
)
TITLE = "Council votes for a second pier"
SUMMARY = "After ten years of talk the harbour gets what its fishermen have always asked for, and the islands gain too."


def text_of(story: str, *, head: str = "", header: str = "", after: str = "", holder: str = "story") -> list[str]:
    page = (
        f'<!doctype html><html lang="en"><head><title>{TITLE}</title>{head}</head><body><article><header><h1>{TITLE}</h1>'
        f'{header}</header><div class="{holder}">{story}</div>{after}</article></body></html>'
    )
    found = extract(page.encode(), "https://www.pier.example/news/pier-1")
    assert isinstance(found, Article), found
    return found.text.split("\n\n")


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


BASE = paragraphs(FIRST, SECOND, THIRD)
LONG_LINE = (
    "Seen from the lighthouse: the old pier of the harbour town on a day in March, with two boats of the islanders"
)


class TestAsides:
    @pytest.mark.parametrize(
        "aside",
        [
            f'<div class="fact-box"><h3>The pier</h3><p>{LONG_LINE}.</p></div>',
            f'<div class="story__faktaboks"><ul><li>{LONG_LINE}.</li></ul></div>',
            f"<figure><img src=a.jpg><figcaption><p>{LONG_LINE}</p></figcaption></figure>",
            f'<div><img src=a.jpg><p class="imageCaption">{LONG_LINE}</p></div>',
            f'<div class="image-description"><p>{LONG_LINE}.</p></div>',
            f'<p class="article-disclaimer">{LONG_LINE}.</p>',
            f'<p class="obfuscated">{LONG_LINE}.</p>',
            f'<div class="d-none"><p>{LONG_LINE}.</p></div>',
            f'<section id="sources"><p>{LONG_LINE}.</p></section>',
        ],
    )
    def test_what_has_a_box_of_its_own_is_no_text(self, aside: str) -> None:
        assert text_of(paragraphs(FIRST, SECOND) + aside + paragraphs(THIRD, FOURTH)) == [FIRST, SECOND, THIRD, FOURTH]

    @pytest.mark.parametrize(
        "name",
        [
            "d-none d-md-block",
            "d-md-block d-none",
            "d-none d-md-grid",
            "d-none d-lg-table-cell",
            "disclosure-panel",
            "accordion disclosure",
            "no-boilerplate",
        ],
    )
    def test_what_is_shown_at_some_width_or_folds_out_is_text(self, name: str) -> None:
        story = f'{paragraphs(FIRST, SECOND)}<div class="{name}">{paragraphs(THIRD)}</div>{paragraphs(FOURTH)}'
        assert text_of(story) == [FIRST, SECOND, THIRD, FOURTH]

    @pytest.mark.parametrize("name", ["d-none d-md-none", "d-none d-print-block", "affiliate-disclosure", "scrambled"])
    def test_what_is_shown_at_none_is_not(self, name: str) -> None:
        story = f'{paragraphs(FIRST, SECOND)}<div class="{name}">{paragraphs(THIRD)}</div>{paragraphs(FOURTH)}'
        assert text_of(story) == [FIRST, SECOND, FOURTH]

    @pytest.mark.parametrize(("around", "aside"), [("blockquote", False), ("div", True)])
    def test_a_quotation_is_no_box_wherever_it_stands(self, around: str, aside: bool) -> None:
        root = html.fromstring(f'<div><div class="fact-box"><{around}><p>{THIRD}</p></{around}></div></div>')
        (block,) = read_blocks(root).blocks
        assert is_aside(block, root) is aside

    def test_a_name_without_end_is_read(self) -> None:
        """Within the time that the runner of these tests gives one; a search that goes back takes hours."""
        story = f'{paragraphs(FIRST, SECOND)}<p class="{"image" * 200_000}">{THIRD}</p>'
        assert text_of(story) == [FIRST, SECOND, THIRD]

    @pytest.mark.parametrize("name", ["infobox", "story hasCaption", "d-none d-md-block", "image-info"])
    def test_but_what_holds_the_paragraphs_is_no_box_whatever_it_is_called(self, name: str) -> None:
        assert text_of(BASE, holder=name) == [FIRST, SECOND, THIRD]


def items(*texts: str, href: str) -> str:
    return "<ul>" + "".join(f'<li>Islands and harbours: <a href="{href}">{text}</a></li>' for text in texts) + "</ul>"


class TestRelated:
    HEADLINES = (
        "What the islanders of the outer ring think of the second pier today",
        "How the old pier of the town came to be too short for its own boats",
        "Who pays for the stones that the harbour needs, and who for the rest",
    )

    @pytest.mark.parametrize("href", ["/news/pier-2", "https://pier.example/news/2", "//sport.pier.example/2"])
    def test_a_list_of_the_outlets_own_headlines_goes(self, href: str) -> None:
        story = paragraphs(FIRST, SECOND) + items(*self.HEADLINES, href=href) + paragraphs(THIRD)
        assert text_of(story) == [FIRST, SECOND, THIRD]

    def test_one_that_leads_elsewhere_is_content(self) -> None:
        story = (
            paragraphs(FIRST, SECOND) + items(*self.HEADLINES, href="https://boats.example/offer") + paragraphs(THIRD)
        )
        assert [f"Islands and harbours: {line}" for line in self.HEADLINES] == text_of(story)[2:5]

    @pytest.mark.parametrize("href", ["/news/2", "https://pier.example/news/2", "//pier.example/news/2"])
    def test_linked_headlines_in_a_row_go(self, href: str) -> None:
        assert related(*(f'<h3><a href="{href}">{line}</a></h3>' for line in self.HEADLINES)) == [True] * 3

    @pytest.mark.parametrize(
        "href", ["https://boats.example/2", "mailto:a@pier.example", "tel:123", "/topics/boats/", "/tags/pier?page=2"]
    )
    def test_what_leads_to_no_article_of_the_outlet_does_not(self, href: str) -> None:
        assert related(*(f'<h3><a href="{href}">{line}</a></h3>' for line in self.HEADLINES)) == [False] * 3

    def test_two_are_no_row(self) -> None:
        lines = [f'<h3><a href="/news/2">{line}</a></h3>' for line in self.HEADLINES]
        assert related(*lines[:2], paragraphs(FIRST), lines[2]) == [False] * 4

    def test_each_of_several_lines_of_an_element_has_its_own_link(self) -> None:
        hrefs = "/news/2", "https://boats.example/2", "/news/3"
        lines = [f'<a href="{href}">{line}</a><br>' for href, line in zip(hrefs, self.HEADLINES, strict=True)]
        assert related(f"<div>{''.join(lines)}</div>") == [True, False, True]

    def test_people_linked_to_what_is_known_of_them_are_content(self) -> None:
        people = "Jane Doe, mayor of the harbour town", "John Roe, master of the harbour", "Ann Poe, who built the pier"
        entries = "".join(f'<li><a href="/people/{number}">{line}</a></li>' for number, line in enumerate(people))
        assert related(f"<ul>{entries}</ul>") == [False] * 3

    @pytest.mark.parametrize("href", ["/people/2023/04/pier", "/people/what-they-think-of-the-pier-today"])
    def test_but_not_articles_of_a_section_called_so(self, href: str) -> None:
        assert related(items(*self.HEADLINES, href=href)) == [True] * 3

    def test_headlines_beside_the_article_need_less_of_a_link(self) -> None:
        entry = '<li><div><p>The long and stormy story <a href="/news/3">of a pier and its lights</a></p></div></li>'
        found = text_of(BASE, after=f'<div class="stack"><h2>From the archive</h2><ul>{entry * 3}</ul></div>')
        assert found == [FIRST, SECOND, THIRD]


def cards(count: int, inner: str = "") -> str:
    line = '<h3><a href="/news/{0}">How the old pier number {0} came to be too short</a></h3><p>{1} {0}.</p>'
    entries = (line.format(number, inner or LONG_LINE) for number in range(count))
    return "".join(f'<div class="card"><div>{entry}</div></div>' for entry in entries)


class TestOthers:
    @pytest.mark.parametrize("times", [1, 6])
    def test_an_article_that_an_endless_page_puts_into_the_first_ones_element_goes(self, times: int) -> None:
        other = (
            f"<article><h1>Another story</h1>{paragraphs(*(f'{LONG_LINE} {n}.' for n in range(4 * times)))}</article>"
        )
        page = (
            f"<html><head><title>{TITLE}</title></head><body><main><h1>{TITLE}</h1>{BASE}{paragraphs(FOURTH)}{other * 2}"
            "</main></body></html>"
        )
        found = extract(page.encode(), "https://www.pier.example/news/pier-1")
        assert isinstance(found, Article), found
        assert found.text.split("\n\n") == [FIRST, SECOND, THIRD, FOURTH]

    def test_the_texts_of_cards_beside_the_article_go(self) -> None:
        page = (
            f'<html><head><title>{TITLE}</title></head><body><div class="row"><div class="c8"><h1>{TITLE}</h1>'
            f'{BASE}{paragraphs(FOURTH)}</div><div class="c4">{cards(3)}</div></div></body></html>'
        )
        found = extract(page.encode(), "https://www.pier.example/news/pier-1")
        assert isinstance(found, Article), found
        assert found.text.split("\n\n") == [FIRST, SECOND, THIRD, FOURTH]

    @pytest.mark.parametrize("name", ["item", "similar-news", "oxsar-xeberler", "pohozhie-novosti", "row"])
    @pytest.mark.parametrize("headline", ["<a href=/n/{0}><span>{1}</span></a>", "<p><a href=/n/{0}>{1}</a></p>"])
    def test_so_do_those_whose_headline_is_no_heading(self, name: str, headline: str) -> None:
        card = f"<div class=card>{headline}<p>{{2}}</p></div>"
        title = "How the old pier number {} came to be"
        box = "".join(card.format(number, title.format(number), f"{SECOND[:60]} {number}.") for number in range(4))
        box = f'<div class="{name}">{box}</div>'
        assert text_of(BASE + paragraphs(FOURTH) + box) == [FIRST, SECOND, THIRD, FOURTH]
        assert text_of(paragraphs(FIRST, SECOND) + box + paragraphs(THIRD, FOURTH)) == [FIRST, SECOND, THIRD, FOURTH]

    def test_but_a_section_of_the_text_stays_whatever_it_announces(self) -> None:
        link = "<p><a href=/n/{0}>How the old pier number {0} came to be</a></p>"
        part = "<div class=part>{}" + paragraphs("{} {}.", "{} {}.", "{} {}.") + "</div>"
        story = [(link.format(n), FIRST[:-1], n, SECOND[:-1], n, THIRD[:-1], n) for n in range(4)]
        text = text_of("".join(part.format(*one) for one in story) + paragraphs(FOURTH))
        assert all(f"{line[:-1]} {number}." in text for line in (FIRST, SECOND, THIRD) for number in range(4))

    def test_but_a_digest_is_made_of_them(self) -> None:
        story = paragraphs(FIRST) + cards(5, SECOND[:-1])
        assert [line for line in text_of(story) if line.startswith(SECOND[:-1])] == [
            f"{SECOND[:-1]} {number}." for number in range(5)
        ]

    def test_and_two_are_no_row(self) -> None:
        assert f"{LONG_LINE} 1." in text_of(BASE + cards(2) + paragraphs(FOURTH))


def related(*lines: str) -> list[bool]:
    """Which lines between the paragraphs of a page of pier.example announce other articles."""
    root = html.fromstring(f"<div><h1>{TITLE}</h1><div>{paragraphs(FIRST, SECOND)}{''.join(lines)}{BASE}</div></div>")
    region = find_region(read_blocks(root).blocks, TITLE)
    region.site = "pier.example"
    return [is_related(region, place) for place in range(3, len(region.blocks) - 3)]


def lost(story: str, kept: list[str], header: str = "", summary: str = "", title: str = TITLE) -> list[str]:
    """The blocks that are added to what trafilatura is said to have kept."""
    root = html.fromstring(f"<div><h1>{TITLE}</h1>{header}<div class=story>{story}</div></div>")
    blocks = read_blocks(root).blocks
    region: Region = find_region(blocks, title)
    region.summaries = [letters(summary)] if summary else []
    folded = [letters(block.text) for block in blocks]
    places = [folded.index(letters(line)) for line in kept]
    return [blocks[place].text for place in find_lost(region, folded, "\n".join(map(letters, kept)), places)]


class TestStandfirst:
    HALVES = "After ten years of talk the harbour gets its pier.", "The islands of the outer ring gain from it too."

    @pytest.mark.parametrize("shown", [SUMMARY, f"Harbour. {SUMMARY}", SUMMARY[:-26]])
    def test_it_is_what_the_page_declares_as_its_summary(self, shown: str) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], f"<div><div class=x1>{shown}</div></div>", SUMMARY) == [shown]

    def test_it_may_be_of_several_paragraphs(self) -> None:
        header = f"<div class=x1>{paragraphs(*self.HALVES)}</div>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, " ".join(self.HALVES)) == list(self.HALVES)

    def test_it_is_known_where_the_title_is_not(self) -> None:
        header = f"<div><div class=x1>{SUMMARY}</div></div>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY, title="All about the harbour") == [SUMMARY]

    def test_where_the_title_is_not_it_is_looked_for_from_the_text_upwards(self) -> None:
        header = "".join(f"<div>Pier {number}</div>" for number in range(40)) + f"<div class=x1>{SUMMARY}</div>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY, title="All about the harbour") == [SUMMARY]

    @pytest.mark.parametrize("name", ["standfirst", "article__lead", "storyLead", "sub-title"])
    def test_it_may_be_called_so(self, name: str) -> None:
        header = f'<div><div class="x1">Harbour</div><div class="{name}">{FOURTH}</div></div>'
        assert lost(BASE, [FIRST, SECOND, THIRD], header) == [FOURTH]

    @pytest.mark.parametrize("name", ["leading-6", "leaderboard", "misleading", "valid", "solid", "mobile-solid"])
    def test_but_other_words_that_begin_or_end_alike_say_nothing(self, name: str) -> None:
        header = f'<div><div class="x1">Harbour</div><div class="{name}">{FOURTH}</div></div>'
        assert lost(BASE, [FIRST, SECOND, THIRD], header) == []

    @pytest.mark.parametrize(
        ("header", "found"),
        [
            (f"<h2>{FOURTH}</h2>", FOURTH),
            (f"<div><div class=x1>{FOURTH}</div></div>", FOURTH),
            (f"<h2>{FOURTH[:-1]}</h2>", FOURTH[:-1]),
            (f"<p>{FOURTH[:-1]}</p>", FOURTH[:-1]),
            (
                "<h2>What The Harbour Master And The Town Council Said</h2>",
                "What The Harbour Master And The Town Council Said",
            ),
            ("<div><p>Nine ferries from Monday on.</p></div>", "Nine ferries from Monday on."),
        ],
    )
    def test_a_sentence_a_clause_or_a_heading_right_under_the_title_is_it(self, header: str, found: str) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY) == [found]

    @pytest.mark.parametrize(
        "header",
        [
            f"<div>Harbour</div><div>{FOURTH}</div>",
            f"<div class=share>{FOURTH}</div>",
            "<div>What The Harbour Master And The Town Council Said</div>",
            "<div>By Jane Doe and Richard Roe in the old harbour</div>",
            "<div>Monday-morning, 22 May 2024, at 10 past 8 o'clock, by one of the staff of the desk</div>",
            "<h3>The ferries</h3>",
            "<p>Nine ferries from Monday on</p>",
        ],
    )
    def test_other_lines_there_are_none(self, header: str) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY) == []

    def test_a_digest_of_the_text_in_its_own_words_is_none(self) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], f"<div>{FIRST} {THIRD}</div>", f"{FIRST} {THIRD}") == []

    def test_it_stands_above_a_text_that_trafilatura_found_elsewhere_than_we(self) -> None:
        """Where the wrong element was taken for the article's, what was kept tells where the text begins."""
        story = f"<div class=a>{paragraphs(FIRST)}</div><div class=b>{paragraphs(*[LONG_LINE + '.'] * 6)}</div>"
        assert SUMMARY in lost(story, [FIRST], f"<div class=x1>{SUMMARY}</div>", SUMMARY)

    @pytest.mark.parametrize(("shown", "found"), [(SUMMARY, [SUMMARY]), (f"{SUMMARY} Photograph of March", [])])
    def test_in_a_caption_it_must_be_all_there_is(self, shown: str, found: list[str]) -> None:
        header = f"<figure><figcaption>{shown}</figcaption></figure>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY) == found


class TestLost:
    def test_a_heading_comes_back_with_its_paragraph(self) -> None:
        story = paragraphs(FIRST) + "<h2>A decade of talk</h2>" + paragraphs(SECOND) + "<h2>More of this</h2>"
        assert lost(story, [FIRST, SECOND]) == ["A decade of talk"]

    def test_a_list_comes_back_beside_its_paragraph(self) -> None:
        story = paragraphs(FIRST) + "<ul><li>nine ferries</li><li>two piers</li></ul>" + paragraphs(SECOND)
        assert lost(story, [FIRST, SECOND]) == ["nine ferries", "two piers"]

    @pytest.mark.parametrize(
        "heading",
        [
            '<h2><a href="#a-decade">A decade of talk</a></h2>',
            '<h2>A decade of talk <a href="#a-decade">¶</a></h2>',
            '<div class="story__subheadline">A decade of talk</div>',
            '<p class="Zwischentitel">A decade of talk</p>',
            "<h1>A decade of talk</h1>",
        ],
    )
    def test_so_does_one_that_links_to_itself_or_is_only_called_a_heading(self, heading: str) -> None:
        story = paragraphs(FIRST) + heading + paragraphs(SECOND, THIRD)
        assert text_of(story)[1].removesuffix(" ¶") == "A decade of talk"

    @pytest.mark.parametrize(
        "story",
        [
            "<div>{first}</div><div><h2>{line}</h2></div><div>{rest}</div>",
            "<div>{first}</div><div><h2>{line}</h2><div>{rest}</div></div>",
            "{first}<div><ul><li>{line}</li></ul></div>{rest}",
            "<div>{first}</div><div><div><ul><li>{line}</li></ul></div></div><div>{rest}</div>",
        ],
    )
    def test_paragraph_heading_and_list_may_be_in_boxes_of_their_own(self, story: str) -> None:
        page = story.format(first=paragraphs(FIRST), line="A decade of talk", rest=paragraphs(SECOND))
        assert lost(page, [FIRST, SECOND]) == ["A decade of talk"]

    @pytest.mark.parametrize(
        "line",
        [
            '<div class="note">A decade of talk</div>',
            '<div class="subheadline"><a href="/talk">A decade of talk</a></div>',
            '<ul><li><a href="#talk">A decade of talk</a></li></ul>',
            "<aside><ul><li>A decade of talk</li></ul></aside>",
        ],
    )
    def test_other_lines_between_two_paragraphs_do_not(self, line: str) -> None:
        assert lost(paragraphs(FIRST) + line + paragraphs(SECOND), [FIRST, SECOND]) == []

    def test_a_list_of_links_within_the_site_does_not(self) -> None:
        story = paragraphs(FIRST) + "<ul><li><a href=/a>nine ferries</a></li></ul>" + paragraphs(SECOND)
        assert lost(story, [FIRST, SECOND]) == []

    def test_what_is_named_like_furniture_comes_back_if_it_is_a_paragraph_like_the_others(self) -> None:
        classed = [f'<p class="graf">{text}</p>' for text in (FIRST, SECOND, THIRD, FOURTH)]
        story = f'<div class="teaser"><div class="story">{classed[0]}</div></div>' + "".join(classed[1:])
        assert lost(story, [SECOND, THIRD, FOURTH]) == [FIRST]

    @pytest.mark.parametrize(
        "stray",
        [
            "{}",
            "{}<br><br>",
            "<span>{}</span>",
            "<b>{}</b><br>",
            "<div>{}</div>",
            "<section>{}</section>",
            "<center>{}</center>",
        ],
    )
    def test_a_paragraph_marked_up_unlike_the_others_comes_back(self, stray: str) -> None:
        for place in range(4):
            forms = [*["<p>{}</p>"] * place, stray, *["<p>{}</p>"] * (3 - place)]
            texts = FIRST, SECOND, THIRD, FOURTH
            assert text_of("".join(form.format(text) for form, text in zip(forms, texts, strict=True))) == list(texts)

    @pytest.mark.parametrize(
        "other",
        [
            f'<div class="card">{THIRD}</div>',  # named
            f'<span class="note">{THIRD}</span>',
            f"<div>{THIRD[:-1]}</div>",  # no sentence
            f'<div><a href="/news/2">{THIRD}</a></div>',
            f"<div><div>{THIRD}</div></div>",  # not beside them
        ],
    )
    def test_but_not_what_has_a_name_or_is_no_sentence(self, other: str) -> None:
        assert lost(paragraphs(FIRST) + other + paragraphs(SECOND), [FIRST, SECOND]) == []

    def test_all_of_it_comes_back_where_little_was_kept(self) -> None:
        story = "".join(f'<div class="graf">{text}</div>' for text in (FIRST, SECOND, THIRD, FOURTH))
        assert lost(f"<p>{SUMMARY}</p>{story}", [SUMMARY]) == [FIRST, SECOND, THIRD, FOURTH]

    def test_but_not_where_the_article_was_found_beside_it(self) -> None:
        others = THIRD, FOURTH, SUMMARY, f"{LONG_LINE}."
        story = "".join(f'<p class="graf">{text}</p>' for text in others)
        header = f"<div><div><div>Harbour{paragraphs(FIRST, SECOND)}</div></div></div>"
        assert lost(story, [FIRST, SECOND], header) == []
        assert lost(story, ["Harbour"], header) == list(others)

    @pytest.mark.parametrize(("times", "found"), [(200, []), (20, [FIRST, SECOND, THIRD, FOURTH])])
    def test_nor_where_enough_was_kept(self, times: int, found: list[str]) -> None:
        kept = "All about piers " * times
        story = "".join(f'<div class="graf">{text}</div>' for text in (FIRST, SECOND, THIRD, FOURTH))
        assert lost(f"<p><a href=/piers>{kept}</a></p>{story}", [kept]) == found

    @pytest.mark.parametrize("tag", ["li", "h2"])
    def test_lists_without_end_are_read(self, tag: str) -> None:
        """Within the time that the runner of these tests gives one; comparing each line with each takes far longer."""
        lines = "".join(f"<{tag}>Pier {number}</{tag}>" for number in range(60_000))
        lines = f"<ul>{lines}</ul>" if tag == "li" else lines
        assert len(lost(paragraphs(FIRST) + lines + paragraphs(SECOND), [FIRST, SECOND])) > 50_000


class TestEnds:
    def test_the_title_goes_from_the_top_with_what_stands_above_it(self) -> None:
        assert text_of(f"<h2>Harbour: {TITLE}</h2>" + BASE) == [FIRST, SECOND, THIRD]

    def test_the_time_of_publication_goes_below_a_standfirst_too(self) -> None:
        stamp = "<p>Uppdaterad 12.30 | Publicerad 11.05</p>"
        assert text_of(paragraphs(SUMMARY) + stamp + BASE) == [SUMMARY, FIRST, SECOND, THIRD]

    def test_a_heading_with_nothing_under_it_goes(self) -> None:
        story = BASE + "<h2>More from the harbour</h2>" + items(*TestRelated.HEADLINES, href="/news/2")
        assert text_of(story) == [FIRST, SECOND, THIRD]

    def test_a_table_beside_the_article_goes(self) -> None:
        rows = "".join(f"<tr><td>Pier {number} in metres</td><td>{90 + number}</td></tr>" for number in range(9))
        assert text_of(BASE, after=f"<div><table>{rows}</table></div>") == [FIRST, SECOND, THIRD]

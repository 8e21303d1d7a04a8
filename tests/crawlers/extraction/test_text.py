"""What of a page becomes its text: what stands beside the article goes, what trafilatura loses comes back."""

from __future__ import annotations

import pytest
from lxml import html

from crawlers.extraction import extract
from crawlers.extraction.blocks import read_blocks
from crawlers.extraction.lines import is_closing, is_preamble, is_promotion, is_stamp, letters
from crawlers.extraction.lost import find_lost
from crawlers.extraction.region import Region, find_region
from storage.records import Article

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

    def test_headlines_beside_the_article_need_less_of_a_link(self) -> None:
        entry = '<li><div><p>The long and stormy story <a href="/news/3">of a pier and its lights</a></p></div></li>'
        found = text_of(BASE, after=f'<div class="stack"><h2>From the archive</h2><ul>{entry * 3}</ul></div>')
        assert found == [FIRST, SECOND, THIRD]


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

    def test_other_lines_there_are_none(self) -> None:
        header = f"<div><div class=x1>{FOURTH}</div></div>"
        assert lost(BASE, [FIRST, SECOND, THIRD], header, SUMMARY) == []

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

    def test_a_list_of_links_within_the_site_does_not(self) -> None:
        story = paragraphs(FIRST) + "<ul><li><a href=/a>nine ferries</a></li></ul>" + paragraphs(SECOND)
        assert lost(story, [FIRST, SECOND]) == []

    def test_what_is_named_like_furniture_comes_back_if_it_is_a_paragraph_like_the_others(self) -> None:
        classed = [f'<p class="graf">{text}</p>' for text in (FIRST, SECOND, THIRD, FOURTH)]
        story = f'<div class="teaser"><div class="story">{classed[0]}</div></div>' + "".join(classed[1:])
        assert lost(story, [SECOND, THIRD, FOURTH]) == [FIRST]

    def test_all_of_it_comes_back_where_little_was_kept(self) -> None:
        story = "".join(f'<div class="graf">{text}</div>' for text in (FIRST, SECOND, THIRD, FOURTH))
        assert lost(f"<p>{SUMMARY}</p>{story}", [SUMMARY]) == [FIRST, SECOND, THIRD, FOURTH]

    def test_but_not_where_the_article_was_found_beside_it(self) -> None:
        story = "".join(f'<div class="graf">{text}</div>' for text in (FIRST, SECOND, THIRD, FOURTH))
        assert lost(f"{paragraphs(FIRST, SECOND)}<section>{story}</section>", [FIRST, SECOND]) == []


class TestEnds:
    def test_the_title_goes_from_the_top_with_what_stands_above_it(self) -> None:
        assert text_of(f"<h2>Harbour: {TITLE}</h2>" + BASE) == [FIRST, SECOND, THIRD]

    def test_the_time_of_publication_goes_below_a_standfirst_too(self) -> None:
        stamp = "<p>Uppdaterad 15.59 | Publicerad 14.14</p>"
        assert text_of(paragraphs(SUMMARY) + stamp + BASE) == [SUMMARY, FIRST, SECOND, THIRD]

    def test_a_heading_with_nothing_under_it_goes(self) -> None:
        story = BASE + "<h2>More from the harbour</h2>" + items(*TestRelated.HEADLINES, href="/news/2")
        assert text_of(story) == [FIRST, SECOND, THIRD]

    def test_a_table_beside_the_article_goes(self) -> None:
        rows = "".join(f"<tr><td>Pier {number} in metres</td><td>{90 + number}</td></tr>" for number in range(9))
        assert text_of(BASE, after=f"<div><table>{rows}</table></div>") == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "line",
    [
        "Thank you for subscribing to our letters from the islands.",
        "Our weekly newsletter has all of it: get it delivered every Friday.",
        "Join the harbour on our WhatsApp channel",
        "Jane Doe can be reached at jane@pier.example.",
        "We independently select what we write about. Buying through us may earn us a commission.",
        "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
        "Hat Ihnen dieser Artikel gefallen? Dann empfehlen Sie ihn weiter.",
        "Follow @pierpost on Instagram",
    ],
)
def test_an_invitation_is_no_text(line: str) -> None:
    assert is_promotion(line)


@pytest.mark.parametrize(
    "line",
    [
        "The mayor wrote on his Telegram channel that the pier is to be built before the summer.",
        "The European Commission will pay for half of it.",
        "The islands need your support, he told the council on Tuesday.",
        "The court found that the harbour had acted independently of the council.",
    ],
)
def test_the_same_words_in_the_news_are(line: str) -> None:
    assert not is_promotion(line)


@pytest.mark.parametrize(
    "line",
    ["Uppdaterad 15.59 | Publicerad 14.14", "9/26/2023 8:59 AM PT", "Updated Nov. 19, 2019 8:21 am ET"],
)
def test_a_stamp_is_told_by_its_words(line: str) -> None:
    assert is_stamp(line)


def test_a_few_words_with_a_month_are_a_date_only_at_the_very_top() -> None:
    assert is_preamble("Seit Mai 2022 Lotse")
    assert not is_stamp("Seit Mai 2022 Lotse")


@pytest.mark.parametrize(
    "line",
    [
        "This story was originally published by the Island Courier.",
        "Contributing: Jane Doe and John Roe",
        "Jane Doe contributed to this report.",
    ],
)
def test_where_a_text_comes_from_closes_it(line: str) -> None:
    assert is_closing(line)

"""Which of a page's many titles is its title: the breadcrumb, the kicker, the majority, the site's name."""

from __future__ import annotations

import json

import pytest

from crawlers.extraction.fields.title import shown_title, weigh_title, without_site
from crawlers.extraction.page.html import parse
from crawlers.extraction.page.metadata import Page, read_page

ADDRESS = "https://www.courier.example.com/a"
FERRY = "Ferry resumes service after the storm"
SEARCHED = "Lake ferry: timetable and prices for the summer"


def page_of(body: str = "", url: str = ADDRESS, **declared: str) -> Page:
    """Return a page with this body and these declarations: headline, og, twitter, tag, site, section."""
    names = {"og": "og:title", "twitter": "twitter:title", "site": "og:site_name", "section": "article:section"}
    head = "".join(f'<meta property="{names[key]}" content="{text}">' for key, text in declared.items() if key in names)
    if "headline" in declared:
        node = {"@type": "NewsArticle", "headline": declared["headline"]}
        head += f'<script type="application/ld+json">{json.dumps(node)}</script>'
    tree = parse(
        f"<html><head><title>{declared.get('tag', '')}</title>{head}</head><body>{body}</body></html>".encode()
    )
    assert tree is not None
    return read_page(tree, url)


def title_of(page: Page) -> str:
    return weigh_title(page, shown_title(page))


TRAILS = [
    f"<nav><ul><li><a href='/'>Home</a></li><li><h1>{SEARCHED}</h1></li></ul></nav>",
    f"<ol class='c-Breadcrumbs'><li><h1>{SEARCHED}</h1></li></ol>",
    f"<h1 class='breadcrumb__last'>{SEARCHED}</h1>",
    f"<div aria-label='breadcrumb'><span><h1>{SEARCHED}</h1></span></div>",
]


@pytest.mark.parametrize("trail", TRAILS)
@pytest.mark.parametrize(
    "heading",
    [
        f"<h2>{FERRY}</h2>",
        f"<h2><span class='over'>On the lake</span> <span>{FERRY}</span></h2>",
        f"<h2><div>On the lake</div>{FERRY}</h2>",
        f"<h2><span><small>On the lake</small><span>{FERRY}</span></span></h2>",
        "<h2>Ferry <em>resumes</em> service after the storm</h2>",
    ],
)
def test_an_h1_that_ends_a_breadcrumb_gives_way_to_the_heading_over_the_article(trail: str, heading: str) -> None:
    page = page_of(f"{trail}<article>{heading}<p>Text</p></article>", headline=SEARCHED, og=FERRY, tag=SEARCHED)
    assert shown_title(page) == FERRY
    assert title_of(page) == FERRY


@pytest.mark.parametrize(
    "body",
    [
        f"{TRAILS[0]}<h2>Most read this week</h2>",
        f"<article class='with-breadcrumb'><h1>{SEARCHED}</h1><h2>{FERRY}</h2></article>",
        f"<main aria-label='breadcrumb and article'><h1>{SEARCHED}</h1><h2>{FERRY}</h2></main>",
        f"{TRAILS[0]}<h1>{SEARCHED}</h1><h2>{FERRY}</h2>",
    ],
)
def test_the_h1_stands_where_no_heading_contests_it_or_it_is_more_than_a_breadcrumb(body: str) -> None:
    assert title_of(page_of(body, headline=SEARCHED, og=FERRY, tag=SEARCHED)) == SEARCHED


def test_a_declared_name_of_the_site_is_no_title_over_an_article() -> None:
    page = page_of(f"{TRAILS[0]}<h2>Lake Courier</h2>", headline=SEARCHED, og="Lake Courier", site="Lake Courier")
    assert title_of(page) == SEARCHED


def test_of_several_h1_none_of_which_is_declared_the_articles_own_is_shown() -> None:
    boxes = (
        "<aside><h1>More of this week's news</h1></aside><div><h1><a href='/lake'>All about the lake</a></h1></div>"
        "<a href='/b'><h1>Mayor opens the new market</h1></a>"
    )
    page = page_of(
        f"<h1>{FERRY}</h1>{boxes}", headline="Boats are back", og="Boats are back", tag="Timetable and prices"
    )
    assert title_of(page) == FERRY


def test_three_declared_titles_outweigh_the_shown_one_unless_a_fourth_disagrees() -> None:
    agreed = {"headline": "Boats are back", "og": "Boats are back", "twitter": "Boats are back"}
    body = f"<h1>{FERRY}</h1>"
    assert title_of(page_of(body, **agreed)) == "Boats are back"
    assert (
        title_of(page_of(body, **agreed, tag="Boats are back - Lake Courier", site="Lake Courier")) == "Boats are back"
    )
    assert title_of(page_of(body, **agreed, tag=FERRY)) == "Boats are back"
    assert title_of(page_of(body, **agreed, tag="Timetable and prices")) == FERRY


@pytest.mark.parametrize(
    ("headline", "og", "tag", "title"),
    [
        ("On the lake - Ferry is back", "On the lake: Ferry is back", "On the lake: Ferry is back", "On the lake: Ferry is back"),
        ("On the lake Ferry is back", "On the lake / Ferry is back", "On the lake Ferry is back", "On the lake / Ferry is back"),
    ],
)  # fmt: skip
def test_a_declared_title_is_spelled_as_most_do_that_part_its_kicker(
    headline: str, og: str, tag: str, title: str
) -> None:
    assert title_of(page_of("<h1>Ferry is back</h1>", headline=headline, og=og, tag=tag)) == title


KICKER = f"<h1><span>Storm</span><span> - </span><span>{FERRY}</span></h1>"


@pytest.mark.parametrize(
    ("og", "title"),
    [
        (f"Weather: {FERRY}", FERRY),
        (f"Storm: {FERRY}", f"Storm - {FERRY}"),
        (FERRY, FERRY),
        (f"{FERRY} again", f"Storm - {FERRY}"),
    ],
)
def test_a_kicker_is_no_part_of_the_title_where_what_is_declared_has_another(og: str, title: str) -> None:
    assert title_of(page_of(KICKER, og=og, tag=og)) == title


@pytest.mark.parametrize("cut", ["Ferry resumes service…", "Ferry resumes ...", "Ferry resumes service after the..."])
def test_a_shortened_title_is_given_whole_where_another_has_it(cut: str) -> None:
    assert title_of(page_of(headline=cut, tag=f"{FERRY} | Lake Courier", site="Lake Courier")) == FERRY
    assert title_of(page_of(headline=cut, tag="Boats are back")) == cut


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        (f"{FERRY} - Transport - Lake Courier", FERRY),
        (f"{FERRY} | Transport", FERRY),
        (f"{FERRY} * Lake Courier *", FERRY),
        (f"{FERRY}｜Lake Courier", FERRY),
        (f"{FERRY}：Lake Courier", FERRY),
        (f"{FERRY} – Lake Courier – 3.11.2026", FERRY),
        (f"{FERRY} | Lake Courier |", FERRY),
        (f"{FERRY} - courier.example", FERRY),
        (f"{FERRY} - Sport", f"{FERRY} - Sport"),
        (f"{FERRY} - 2026", f"{FERRY} - 2026"),
        (f"{FERRY}：all boats", f"{FERRY}：all boats"),
        ("Who pays for the ferry: ???", "Who pays for the ferry: ???"),
    ],
)
def test_what_a_title_names_besides_is_stripped_by_evidence(text: str, stripped: str) -> None:
    page = page_of(site="Lake Courier", section="Transport")
    assert without_site(text, page) == stripped


@pytest.mark.parametrize(
    ("url", "tag"),
    [
        ("https://www.abc.example/a", "ABC News"),
        ("https://news.abc.co.uk/a", "The ABC"),
        ("https://www.lakecourier.co.uk/a", "Lake Courier"),
        ("https://www.courier.co.uk/a", "The Courier Online"),
    ],
)
def test_a_site_is_named_by_its_host_whatever_the_ending(url: str, tag: str) -> None:
    assert without_site(f"{FERRY} | {tag}", page_of(url=url)) == FERRY


def test_initials_of_a_host_are_not_found_within_words() -> None:
    page = page_of(url="https://www.art.example/a")
    assert "art" in page.site_names
    assert without_site(f"{FERRY} - party", page) == f"{FERRY} - party"
    assert without_site(f"{FERRY} - the art of going slow", page) == f"{FERRY} - the art of going slow"


@pytest.mark.parametrize(
    ("title", "url", "section"),
    [
        ("Welle im Hafen – Bote schweigt", "https://www.bote.example/a", ""),
        ("Interview - Der Bote der Seele", "https://www.bote.example/a", ""),
        ("Courier - where it goes", "https://courier.example/a", ""),
        ("Lakeland - Westport", ADDRESS, "Westport"),
        ("Harbour：Lakeland, Westport", ADDRESS, "Lakeland, Westport"),
        ("Novak beats Olsen | 6 4 6", ADDRESS, ""),
    ],
)
def test_a_title_that_a_heading_shows_as_it_is_declared_loses_nothing(title: str, url: str, section: str) -> None:
    page = page_of(
        f"<h1>{title}</h1>", url, headline=title, og=title, twitter=title, tag=title, site="Bote", section=section
    )
    assert title_of(page) == title


@pytest.mark.parametrize(
    ("tag", "url"),
    [
        ("Who ruled the lakes - king", "https://www.kingston.example/a"),
        ("What the hills hold - iron", "https://www.environment.example/a"),
        ("Novak beats Olsen | 6-4-6", ADDRESS),
    ],
)
def test_what_only_looks_like_a_site_or_a_day_stays(tag: str, url: str) -> None:
    assert title_of(page_of(url=url, tag=tag)) == tag


def test_titles_of_any_length_are_read_in_no_time() -> None:
    long = "Ferry" + " -" * 50_000
    assert title_of(page_of("<h1>Ferry</h1>", og=long, twitter=long, tag=long)).startswith("Ferry")


@pytest.mark.parametrize("label", ["[Watch]", "(VIDEO)", "[FOTO / VİDEO]"])
def test_a_label_at_the_end_goes_if_a_declared_title_is_without_it(label: str) -> None:
    assert title_of(page_of(f"<h1>{FERRY} {label}</h1>", tag=FERRY, og=f"WATCH: {FERRY}")) == FERRY
    assert title_of(page_of(f"<h1>{FERRY} {label}</h1>", tag=f"{FERRY} {label}")) == f"{FERRY} {label}"


def test_figures_in_brackets_are_the_titles_own() -> None:
    assert title_of(page_of(f"<h1>{FERRY} (3-3)</h1>", tag=FERRY)) == f"{FERRY} (3-3)"


HOUSE = "News House"


class TestWithoutH1:
    """Older sites show the title in a lesser heading or a box, and declare no name of theirs."""

    @pytest.mark.parametrize("tag", [f"{FERRY} - {HOUSE}", f"{HOUSE} | {FERRY}", f"{FERRY} :: Lakes :: {HOUSE}"])
    @pytest.mark.parametrize("shown", ["<h2>{}</h2>", "<h3>{}</h3>", "<div class='t'>{}</div>", "<td><b>{}</b></td>"])
    def test_the_part_of_the_declared_title_that_the_page_shows_is_it(self, tag: str, shown: str) -> None:
        assert title_of(page_of(f"<h1>Lakes</h1>{shown.format(FERRY)}<p>Text</p>", tag=tag)) == FERRY
        assert title_of(page_of(f"{shown.format(FERRY)}<p>Text</p>", og=tag, tag=tag)) == FERRY

    def test_the_longest_run_of_parts_that_is_shown_is_it(self) -> None:
        whole = f"{FERRY} - and it stays"
        page = page_of(f"<p>{FERRY}</p><h2>{whole}</h2>", tag=f"{whole} | {HOUSE}")
        assert title_of(page) == whole

    @pytest.mark.parametrize("link", [f"<a href='/'>{HOUSE}</a>", f"<a href='/'><img src=a.png alt='{HOUSE}'></a>"])
    @pytest.mark.parametrize("tag", [f"{FERRY} - {HOUSE}", f"{HOUSE} - {FERRY}"])
    def test_the_link_to_the_sites_home_tells_its_name(self, link: str, tag: str) -> None:
        assert title_of(page_of(f"{link}<p>Text</p>", tag=tag)) == FERRY

    def test_a_link_on_the_title_is_another_articles(self) -> None:
        other = "The lake in winter is frozen"
        page = page_of(f"<a href='/'>{HOUSE}</a><h2><a href='/b'>{other}</a></h2>", tag=f"{FERRY} | {other}")
        assert title_of(page) != other

    def test_where_only_the_site_is_named_the_first_heading_that_leads_nowhere_is_it(self) -> None:
        body = f"<a href='/'>{HOUSE}</a><h2><a href='/b'>The lake in winter</a></h2><h2>{FERRY}</h2><h2>More of the lake</h2>"
        assert title_of(page_of(body, tag=HOUSE)) == FERRY
        assert title_of(page_of(f"<h1>{HOUSE}</h1>{body}", tag=HOUSE)) == HOUSE

    def test_without_any_sign_the_declared_title_stays_whole(self) -> None:
        assert title_of(page_of("<p>Text</p>", tag=f"{FERRY} - {HOUSE}")) == f"{FERRY} - {HOUSE}"

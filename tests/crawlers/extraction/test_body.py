"""What of a page becomes its text: what stands beside the article goes, what trafilatura loses comes back."""

from __future__ import annotations

import time

import pytest
from lxml import html

from crawlers.extraction import extract
from crawlers.extraction.asides import is_aside
from crawlers.extraction.blocks import read_blocks
from crawlers.extraction.folding import letters
from crawlers.extraction.lines import is_caption, is_closing, is_preamble, is_promotion, is_stamp
from crawlers.extraction.lost import find_lost
from crawlers.extraction.region import Region, find_region
from crawlers.extraction.related import is_related
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

    def test_a_name_without_end_costs_nothing(self) -> None:
        began = time.perf_counter()
        assert text_of(f'{paragraphs(FIRST, SECOND)}<p class="{"image" * 8_000}">{THIRD}</p>') == [FIRST, SECOND, THIRD]
        assert time.perf_counter() - began < 5

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

    def test_the_sentence_under_the_title_is_it(self) -> None:
        assert lost(BASE, [FIRST, SECOND, THIRD], f"<h2>{FOURTH}</h2>") == [FOURTH]
        assert lost(BASE, [FIRST, SECOND, THIRD], f"<h2>{FOURTH[:-1]}</h2>") == []

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
    def test_long_lists_take_no_longer_than_others(self, tag: str) -> None:
        lines = "".join(f"<{tag}>Pier {number}</{tag}>" for number in range(10_000))
        lines = f"<ul>{lines}</ul>" if tag == "li" else lines
        began = time.perf_counter()
        assert len(lost(paragraphs(FIRST) + lines + paragraphs(SECOND), [FIRST, SECOND])) > 9_000
        assert time.perf_counter() - began < 5


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


NEWS = (
    "Les plus de 65 ans seront vaccinés en priorité",
    "Les plus de 65 ans seront vaccinés en priorité, a annoncé le ministre.",
    "Les plus grands incendies ont été maîtrisés.",
    "Please subscribe to the peace plan, the envoy urged both sides.",
    "Подпишитесь на мирный договор, призвал посол обе стороны.",
    "Abunə olun, deyə nazirlik vətəndaşları elektron xidmətə çağırıb.",
    "Abone olun kampanyası dolandırıcılık çıktı",
    "An dieser Stelle finden Sie nur Trümmer, sagte der Bürgermeister.",
    "Our standards: high, our patience: short, the coach joked.",
    "We independently reviewed the footage and found no trace of manipulation, the BBC said.",
    "Stay informed with radio, the authorities advised the residents of Kharkiv.",
    "Thank you for signing the treaty, the president told his guest.",
    "Contact between leaders at the summit was limited.",
    "Contact lens sales at a chain of opticians rose.",
    "More from Moscow than from Kyiv is not to be expected, the diplomat said.",
    "More stories of abuse emerged on Friday, prosecutors said.",
    "Most read newspapers in the country belong to two families.",
    "Loading of grain at the port of Poti resumed on Monday, the ministry said.",
    "Advertisement spending fell by 12 percent last year.",
    "Write to parliament, activists urged the residents of Tbilisi.",
    "Follow reports of shelling, residents fled to the border.",
    "Sign up rates for the vaccine have doubled since May.",
    "Please enter the army, the minister told young women.",
    "Waiting for your turn takes three years, patients say.",
    "Newsletter platforms such as Substack have drawn thousands of journalists away from newspapers.",
    "Join our fight, Zelensky told the Congress.",
    "“Join us,” she told the crowd in Yerevan.",
    "“Listen to me,” the judge said.",
    "“Read more books,” the president told students on Wednesday.",
    "Ayrıca okullar pazartesi günü tatil edildi.",
    "Ayrıca okuma yazma oranı yüzde 97'ye çıktı.",
    "Daha ətraflı məlumat nazirliyin bəyanatında verilib, yeni qayda iyulun 1-dən qüvvəyə minir.",
    "Oxşar xəbərlər keçən həftə Gəncədən də gəlmişdi.",
    "Bizi izləyin polislər var, deyə jurnalist məhkəmədə deyib.",
    "Jetzt testen die Behörden das Wasser der Elbe auf Quecksilber.",
    "Jetzt lesen Kinder wieder mehr Bücher, zeigt eine Studie.",
    "Jetzt anmelden müssen sich alle Männer ab 18, sagte der Minister.",
    "Auch interessant ist die Frage, wer den Krieg bezahlt.",
    "Mehr zum Thema Migration sagte der Minister am Freitag in Berlin.",
    "Rechte am Artikel 5 Grundgesetz beschäftigen das Gericht.",
    "Следите за погодой: МЧС предупредило о сильных ливнях в горах.",
    "Подписывайтесь под петицией, просят жители села.",
    "À lire le rapport, la catastrophe était évitable.",
    "A ceasefire can be reached at any time, the foreign minister said.",
    "A ceasefire can be reached at any time",
    "An agreement may be reached at the summit in Samarkand next week.",
    "Opposition leaders urged people to follow him on his march to the capital.",
    "Thousands follow her on her pilgrimage to Mecca.",
    "The minister told parliament he does not own shares in the bank.",
    "Officials do not own shares in the mine, according to the register.",
    "Investors receive a small commission for every ton of grain they export.",
    "Google will receive a share of the sale.",
    "Our Telegram channel was blocked by the regulator, the opposition paper said.",
    "Our Telegram channel was blocked by the regulator.",
    "Unser Telegram-Kanal wurde gesperrt, sagte der Chefredakteur.",
    "Police say the suspects follow a Telegram channel run from abroad.",
    "Die Zahl der Abonnenten, die sich für den Newsletter anmelden, stieg um 20 Prozent",
    "Die Zahl der Abonnenten, die sich für den Newsletter anmelden, stieg um 20 Prozent, teilte der Verlag mit.",
    "Copyright law will be tightened, the ministry announced.",
    "Copyright holders will be paid 3 percent of the revenue.",
    "The article was first published in 1843 and led to his arrest.",
    "The story was first published by the Washington Post and confirmed by two officials.",
    "Reporting by independent media is restricted in the run-up to the vote, the OSCE said.",
    "Reporting by the state broadcaster was biased, observers found.",
    "Writing by hand helps children learn, a study found.",
    "Editing by CRISPR has cured a child for the first time.",
    "The statements do not constitute legal advice, the court ruled; nor constitute military advice.",
    "Источник: взрыв произошёл на складе",
    "Источник: взрыв произошёл на складе боеприпасов",
    "Источник: депутата задержали в аэропорту Баку.",
    "Все права на месторождение перешли к государственной компании.",
    "Mənbə: nazir istefa verib",
    "Mənbə: hərbi hissədə yanğın baş verib.",
    "Bütün hüquqlar vətəndaşlara qaytarıldı, deyə nazir bildirib.",
    "Tüm hakları elinden alınan kadın adalet istiyor.",
    "Alle Rechte der Frauen wurden abgeschafft, sagte die Aktivistin.",
    "Alle Rechte an dem Film gehören nun der Stadt.",
    "Reprinted from 1944, the map shows the old border.",
    "Excerpted from the tapes, the passage shocked the court.",
    "Contributing: the drought, the war and the price of fertiliser.",
    "Pictured in the court documents is a man with a gun.",
    "Photos: Reuters reporters saw three burnt-out tanks.",
    "Bild: So soll die neue Brücke aussehen.",
    "Фото: президент на встрече с послом.",
    "September 11, 2001 changed everything",
    "May 9, 1945 was the end",
    "12 May 1998 was the day that India tested its bomb.",
    "Updated figures show that 45 people died in the landslide, the ministry said",
    "Опубликовано постановление правительства о пошлинах на зерно",
    "Güncellenen listede 45 isim var",
    "Yenilənən siyahıda 45 nəfərin adı var",
    "12 Mart 2023 günü deprem oldu",
    "Veröffentlicht hat die Zahlen das Statistische Bundesamt",
    "Last updated in 1995, the law still bans satellite dishes",
    "Posted to the eastern front, he was killed within a week",
    "3 May 2024 tarixində parlament qanunu qəbul edib",
    "10 minutes of chaos!",
    "10 минут тишины",
    "5 min to midnight",
    "In der Folge wurde der Telegram-Kanal gesperrt.",
    "They follow us on Instagram and send us letters full of hate.",
    "The agency signed up 2,000 readers and sent them a newsletter every week.",
    "Die Stadt zahlt nun alles. Mit Material von SZ/dpa",
    "Follow the money, the prosecutor told the jury.",
    "Video: two men with rifles enter the shop, the prosecutor said, describing the footage.",
    "Nutzer können Sie sehen, teilte der Verlag mit, der Newsletter informiert über Preise.",
    "Scroll down the list of victims and you find three brothers.",
    "By clicking on a link in the message, 300 people lost their savings.",
    "This is a breaking story of our time, the historian wrote.",
    "“Subscribe to our newsletter,” the false mail of the bank read.",
    "The mayor wrote on his Telegram channel that the pier is to be built before the summer.",
    "The European Commission will pay for half of it.",
    "The islands need your support, he told the council on Tuesday.",
    "The court found that the harbour had acted independently of the council.",
    "Supporters in the US can now join the Telegram channel of the party.",
    "Les 3000 inscrits à la newsletter du parti ont reçu le message.",
    "有料会員の数は10万人を超え、前の年より2割増えた。",
    "Related: the two were brothers, the court heard.",
    "Photo: the last picture the journalist took shows three soldiers.",
    "Die Demo war friedlich, wie es hieß. Mit Material von KNA/dpa",
    "He was killed on the spot /AP",
    "In 12 of 2023 the ferries stood still",
    "Veröffentlicht wurde die Liste 2023 in Berlin",
    "Views: the council is split over the pier.",
    "Listen to the people",
    "Share on share, the index gains",
    "Get the latest vaccine before autumn",
    "More on that day than on any other",
    "Join our army now",
    "Read more in winter, less in summer",
    "Читайте также книги на родном языке, просит учительница.",
    "Наши читатели подписались на рассылку.",
    "Photos by satellites show the damage",
    "Waiting for your turn takes three years",
    "Google Play earns a commission of 30 percent on the sale.",
)

PROMOTED = (
    "Thank you for subscribing to our letters from the islands.",
    "Our weekly newsletter has all of it: get it delivered every Friday.",
    "Join the harbour on our WhatsApp channel",
    "Jane Doe can be reached at jane@pier.example.",
    "Jane Doe may be reached at (555) 010-0199.",
    "Contact the pier desk at desk@pier.example or follow @pierdesk.",
    "We independently select what we write about. Buying through us may earn us a commission.",
    "Our editors independently review the products in this list.",
    "Le port cache bien des secrets. La lecture est réservée aux abonnés.",
    "This article is available only to subscribers of the Pier Post.",
    "Dieser Artikel ist exklusiv für unsere Abonnenten.",
    "Hat Ihnen dieser Artikel gefallen? Dann empfehlen Sie ihn weiter.",
    "If you enjoyed this story, tell a friend of the harbour.",
    "Follow @pierpost on Instagram",
    "Read more",
    "Read more: What the mayor said about the second pier",
    "» Lesen Sie auch: Wer den zweiten Steg bezahlt",
    "Read more about piers, boats and islands",
    "Advertisement",
    "Story continues below",
    "Loading...",
    "Comments (12)",
    "Advertisement - scroll on",
    "Story continues below this picture of the pier.",
    "Read the full story of the old pier in the next number of the Pier Post.",
    "Log in or create an account to continue reading.",
    "Also read our interview with the master of the harbour.",
    "Lesen Sie auch unser Gespräch mit dem Hafenmeister.",
    "Читайте также наше интервью с капитаном.",
    "3 of 14",
    "More from the harbour",
    "Most read in Boats",
    "Watch: how the old pier came down",
    "Sign up here for the letters of the harbour master",
    "Click here to see all pictures of the old pier before it came down in the storm of last year.",
    "Listen to the song of the islanders, which the choir of the town sang on the pier, here.",
    "By clicking on “yes” you agree to the rules of the Pier Post.",
    "This is a breaking story and will be updated.",
    "Support our journalism.",
    "Stay up-to-date with all that happens on the pier",
    "This text was translated automatically from the language of the islands.",
    "Dieser Beitrag wurde maschinell übersetzt und von der Redaktion geprüft.",
    "Hier finden Sie einen externen Inhalt: Stimmen Sie zu, dass externe Inhalte angezeigt werden.",
    "Weitere Rechte an diesem Text können Sie hier erwerben.",
    "Jetzt kostenlos testen",
    "Melden Sie sich hier für unseren Newsletter an: jetzt abonnieren, am Freitag lesen.",
    "Anzeige",
    "Auch interessant",
    "Lire aussi",
    "Inscrivez-vous à notre newsletter pour tout savoir du port et de ses bateaux.",
    "Lea también: El segundo muelle",
    "Suscríbase a nuestro boletín en Telegram.",
    "Leia também",
    "Leggi anche: Il secondo molo",
    "Läs också",
    "Czytaj też",
    "Подписывайтесь на наш Telegram-канал, чтобы ничего не пропустить.",
    "Читайте также: Кто заплатит за второй причал",
    "Следите за нашими новостями",
    "Daha ətraflı",
    "Bizi Telegram-da izləyin",
    "Telegram kanalımıza abunə olun.",
    "Abone olun",
    "Ayrıca oku",
    "წაიკითხეთ",
    "この港の記事の続きは会員限定です。",
    "무단 전재 및 재배포 금지",
)


@pytest.mark.parametrize("line", NEWS)
def test_the_news_is_text_whatever_it_begins_with(line: str) -> None:
    assert not any(judge(line) for judge in (is_promotion, is_caption, is_stamp, is_preamble, is_closing))


def test_the_news_stays_where_it_stands() -> None:
    assert text_of(paragraphs(FIRST, *NEWS, SECOND)) == [FIRST, *NEWS, SECOND]


@pytest.mark.parametrize("line", PROMOTED)
def test_an_invitation_is_no_text(line: str) -> None:
    assert is_promotion(line)


@pytest.mark.parametrize(
    "line",
    [
        "Pictured: the old pier on a day in March.",
        "Pictured above, Jane Doe on the pier",
        "Image caption, Jane Doe was the first to walk on the second pier.",
        "Photo: Jane Doe / AFP.",
        "Foto: dpa",
        "Gallery Credit: Jane Doe",
        "Фото: Анна По",
        "The old pier. Jane Doe/Reuters",
        "The old pier on a day in March (photo: Jane Doe)",
        "The old pier | Jane Doe, Getty Images",
    ],
)
def test_what_goes_with_a_picture_is_no_text(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "Uppdaterad 12.30 | Publicerad 11.05",
        "3/4/2022 7:15 AM PT",
        "Updated Mar. 4, 2022 7:15 am ET",
        "Last updated: 12 May 2023 at 14:30 by Jane Doe",
        "Friday 4 March 2022 07:15, UK",
        "mercredi 12 mai 2023 à 14h30",
        "12 de mayo de 2023 a las 14:30",
        "Опубликовано 12 мая 2023 г. в 14:30",
        "Güncelleme: 12 Mart 2023 14:30",
        "Dərc edilib: 12 may 2023",
        "Zuletzt aktualisiert am 12. Mai 2023 um 14:30 Uhr",
        "Aktualisiert am",
        "14:30",
        "5 min read",
        "Lesezeit: 3 Minuten",
    ],
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
        "The post Council votes for a pier appeared first on Pier Post.",
        "Contributing: Jane Doe and John Roe",
        "Jane Doe contributed to this report.",
        "(Reporting by Jane Doe in Harbourtown; editing by John Roe.)",
        "Additional reporting by Jane Doe",
        "With files from the Island Courier",
        "© 2023 Pier Post. All rights reserved.",
        "Copyright Pier Post",
        "Alle Rechte vorbehalten.",
        "Все права защищены",
        "Bütün hüquqlar qorunur",
        "Tüm hakları saklıdır.",
        "Source: Island Courier",
        "Источник: Курьер островов",
        "Mənbə: Ada Kuryeri",
        "Nothing in this article constitutes or shall constitute advice; it does not constitute investment advice.",
        "The author does not own shares in the companies of the harbour.",
        "Reprinted with permission of the Island Courier.",
    ],
)
def test_where_a_text_comes_from_closes_it(line: str) -> None:
    assert is_closing(line)

"""Lines by their words alone: what invites, dates or credits is told from news that begins alike."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from crawlers.extraction.lines import is_caption, is_closing, is_preamble, is_promotion, is_stamp
from storage.records import Article

TITLE = "Council votes for a second pier"
FIRST = "The council of the harbour town voted on Tuesday to build a second pier for the ferries to the outer islands."
LAST = "The first stone is to be laid in spring, and the pier is to be finished before the summer of next year begins."

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
    "1-2, 3-4",
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
    "WATCH | The first boats at the second pier:",
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
    story = "".join(f"<p>{line}</p>" for line in (FIRST, *NEWS, LAST))
    page = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{story}</article></body></html>"
    found = extract(page.encode(), "https://www.pier.example/news/pier-1")
    assert isinstance(found, Article), found
    assert found.text.split("\n\n") == [FIRST, *NEWS, LAST]


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
        "© Jane Doe The old pier of the harbour town on a day in March.",
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
        "12-05-2024, 14:30",
        "14:30 / 12.05.2024",
        "2024-05-12",
        "۱۴۰۳/۰۲/۲۳ - ۱۴:۳۰",
        "5 min read",
        "Lesezeit: 3 Minuten",
    ],
)
def test_a_stamp_is_told_by_its_words(line: str) -> None:
    assert is_stamp(line)


def test_a_few_words_with_a_month_are_a_date_only_at_the_very_top() -> None:
    assert is_preamble("Seit Mai 2022 Lotse")
    assert is_preamble("2024-жылдын 12-майы")
    assert is_preamble("۲۳ اردیبهشت ۱۴۰۳")
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

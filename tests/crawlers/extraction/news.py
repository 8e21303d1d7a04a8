"""Invented news in six languages, for tests that try one structure of a page in each of them."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.extraction import extract
from storage.model import Article


@dataclass(frozen=True)
class News:
    """A piece of news: `text` are paragraphs, `heads` short headings, `points` short items of a list."""

    lang: str
    title: str
    text: tuple[str, ...]
    heads: tuple[str, ...]
    points: tuple[str, ...]
    other: str  # a sentence of the kind that stands in boxes beside a text


ENGLISH = News(
    "en",
    "Lake town opens its second ferry landing",
    (
        "The lake town of Orrin opened its second ferry landing on Thursday, two years after the old one was flooded.",
        "Some four hundred people stood on the quay as the first boat came in with a brass band on its upper deck.",
        "The landing cost nine million crowns, of which the province paid a third and the shipping company the rest.",
        "Boats will leave every forty minutes in summer, and every two hours once the ice at the northern shore is thick.",
        "The mayor, who had promised the landing before her first election, called the day the longest of her life.",
        "Anglers complain that the new breakwater keeps the perch away, and want the province to measure the current.",
    ),
    ("What was built", "Who pays for it", "What anglers say"),
    ("two berths of forty metres", "a waiting room with a stove", "lamps on the breakwater", "a crane for small boats"),
    "Every morning our editors choose the five stories of the lake that you should not miss before the first boat leaves.",
)
RUSSIAN = News(
    "ru",
    "В посёлке у озера открыли вторую пристань",
    (
        "В посёлке Оррин в четверг открыли вторую пристань, через два года после того, как старую затопило паводком.",
        "На набережной собралось около четырёхсот человек, когда первый катер подошёл к берегу под звуки оркестра.",
        "Строительство обошлось в девять миллионов крон, треть которых дала область, а остальное перевозчик.",
        "Летом катера будут ходить каждые сорок минут, а зимой, пока не встанет лёд, один раз в два часа.",
        "Глава посёлка обещала построить пристань ещё до первых выборов и назвала этот день самым длинным в жизни.",
        "Рыбаки жалуются, что новый волнорез отпугивает окуня, и просят область измерить течение у северного берега.",
    ),
    ("Что построили", "Кто платит", "Что говорят рыбаки"),
    ("два причала по сорок метров", "зал ожидания с печью", "фонари на волнорезе", "кран для небольших лодок"),
    "Каждое утро наши редакторы выбирают пять историй об озере, которые стоит прочитать до отхода первого катера.",
)
AZERBAIJANI = News(
    "az",
    "Göl sahilindəki qəsəbədə ikinci körpü açıldı",
    (
        "Orrin qəsəbəsində cümə axşamı ikinci körpü açıldı, köhnə körpünü iki il əvvəl daşqın suları basmışdı.",
        "İlk gəmi orkestrin sədaları altında sahilə yaxınlaşanda sahildə dörd yüzə yaxın adam toplaşmışdı.",
        "Tikintiyə doqquz milyon kron xərclənib, onun üçdə birini vilayət, qalanını isə gəmiçilik şirkəti ödəyib.",
        "Yayda gəmilər hər qırx dəqiqədən bir, qışda isə buz qalınlaşana qədər hər iki saatdan bir yola düşəcək.",
        "Qəsəbə başçısı körpünü hələ ilk seçkilərdən əvvəl vəd etmişdi və bu günü həyatının ən uzun günü adlandırdı.",
        "Balıqçılar şikayətlənirlər ki, yeni dalğaqıran balığı qaçırır, və vilayətdən axını ölçməyi tələb edirlər.",
    ),
    ("Nə tikilib", "Pulu kim ödəyir", "Balıqçılar nə deyir"),
    ("qırx metrlik iki yanalma yeri", "sobalı gözləmə zalı", "dalğaqıranda fənərlər", "kiçik qayıqlar üçün kran"),
    "Hər səhər redaktorlarımız göl haqqında ilk gəmi yola düşməzdən əvvəl oxunmalı olan beş xəbəri seçirlər.",
)
TURKISH = News(
    "tr",
    "Göl kasabasında ikinci iskele hizmete girdi",
    (
        "Orrin kasabasında ikinci iskele perşembe günü hizmete girdi, eskisi iki yıl önce sular altında kalmıştı.",
        "İlk vapur üst güvertesinde bir bandoyla kıyıya yanaşırken rıhtımda dört yüz kadar kişi bekliyordu.",
        "İskele dokuz milyon krona mal oldu, bunun üçte birini vilayet, kalanını ise vapur şirketi karşıladı.",
        "Vapurlar yazın kırk dakikada bir, kışın ise kuzey kıyısındaki buz kalınlaşana kadar iki saatte bir kalkacak.",
        "İskeleyi ilk seçimden önce vadeden belediye başkanı bu günün hayatının en uzun günü olduğunu söyledi.",
        "Balıkçılar yeni dalgakıranın levrekleri kaçırdığından yakınıyor ve vilayetin akıntıyı ölçmesini istiyor.",
    ),
    ("Neler yapıldı", "Parayı kim veriyor", "Balıkçılar ne diyor"),
    ("kırk metrelik iki rıhtım", "sobalı bekleme salonu", "dalgakıranda fenerler", "küçük tekneler için vinç"),
    "Editörlerimiz her sabah ilk vapur kalkmadan önce okunması gereken göle dair beş haberi sizin için seçiyor.",
)
GEORGIAN = News(
    "ka",
    "ტბისპირა დაბაში მეორე ნავმისადგომი გაიხსნა",
    (
        "დაბა ორინში ხუთშაბათს მეორე ნავმისადგომი გაიხსნა, ძველი ორი წლის წინ წყალდიდობამ დატბორა და დააზიანა.",
        "სანაპიროზე ოთხასამდე ადამიანი შეიკრიბა, როცა პირველი გემი ორკესტრის თანხლებით ნაპირს მოადგა.",
        "მშენებლობა ცხრა მილიონი კრონი დაჯდა, რომლის მესამედი მხარემ გაიღო, დანარჩენი კი გადამზიდავმა კომპანიამ.",
        "ზაფხულში გემები ყოველ ორმოც წუთში გავა, ზამთარში კი, სანამ ყინული გასქელდება, ორ საათში ერთხელ.",
        "დაბის მერმა, რომელიც ნავმისადგომს ჯერ კიდევ პირველ არჩევნებამდე დაჰპირდა ხალხს, ამ დღეს ყველაზე გრძელი უწოდა.",
        "მეთევზეები ჩივიან, რომ ახალი ტალღმჭრელი თევზს აფრთხობს, და მხარეს დინების გაზომვას სთხოვენ.",
    ),
    ("რა აშენდა", "ვინ იხდის ფულს", "რას ამბობენ მეთევზეები"),
    ("ორმოცმეტრიანი ორი მისადგომი", "მოსაცდელი ღუმელით", "ფარნები ტალღმჭრელზე", "ამწე პატარა ნავებისთვის"),
    "ჩვენი რედაქტორები ყოველ დილით ირჩევენ ხუთ ამბავს ტბის შესახებ, რომლებიც პირველი გემის გასვლამდე უნდა წაიკითხოთ.",
)
GERMAN = News(
    "de",
    "Zweiter Anleger am See in Betrieb genommen",
    (
        "In Orrin am See ist am Donnerstag der zweite Anleger eröffnet worden, zwei Jahre nach der Flut am alten Steg.",
        "Rund vierhundert Menschen standen am Kai, als das erste Schiff mit einer Blaskapelle auf dem Oberdeck einlief.",
        "Der Anleger kostete neun Millionen Kronen, von denen das Land ein Drittel und die Reederei den Rest bezahlte.",
        "Im Sommer legen die Schiffe alle vierzig Minuten ab, im Winter bis zum ersten dicken Eis alle zwei Stunden.",
        "Die Bürgermeisterin hatte den Anleger vor ihrer ersten Wahl versprochen und sprach vom längsten Tag ihres Lebens.",
        "Die Angler klagen, dass der neue Wellenbrecher die Barsche vertreibt, und verlangen Messungen der Strömung.",
    ),
    ("Was gebaut wurde", "Wer dafür zahlt", "Was die Angler sagen"),
    ("zwei Liegeplätze von vierzig Metern", "ein Warteraum mit Ofen", "Lampen am Wellenbrecher", "ein Kran für Boote"),
    "Jeden Morgen wählt unsere Redaktion fünf Geschichten vom See aus, die man vor dem ersten Schiff gelesen haben sollte.",
)
ALL = (ENGLISH, RUSSIAN, AZERBAIJANI, TURKISH, GEORGIAN, GERMAN)


def page(news: News, body: str, head: str = "") -> str:
    """A page with this body that declares itself an article of March 2025."""
    return (
        f'<!doctype html><html lang="{news.lang}"><head><title>{news.title}</title>'
        '<meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2025-03-06T10:00:00+04:00">{head}</head><body>{body}</body></html>'
    )


def read(html: str, url: str = "https://www.lake.example/news/landing-7") -> list[str]:
    """The lines of the text that is extracted from a page."""
    found = extract(html.encode(), url)
    assert isinstance(found, Article), found
    return found.text.split("\n\n")


def paragraphs(*texts: str, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def items(*texts: str) -> str:
    return f"<ul>{paragraphs(*texts, tag='li')}</ul>"

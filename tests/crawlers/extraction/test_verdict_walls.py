"""What pages say of themselves where an article should be, in the languages of the region, and news that says the like."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from crawlers.extraction.result import Reason, Rejected
from storage.model import Article
from tests.crawlers.extraction.pier import TEXT

URL = "https://www.pier.example/news/pier-1"
MENU = "<nav><a href=/>Home</a><a href=/news>News</a><a href=/sport>Sport</a></nav>"

MISSING = (
    "Материал не найден",
    "Запрашиваемая страница не существует",
    "Такой страницы нет",
    "К сожалению, запрашиваемая страница удалена",
    "Новость не найдена. Возможно, она была перемещена.",
    "Страница удалена или перемещена",
    "Ничего не найдено",
    "Səhifə tapılmadı",
    "Axtardığınız səhifə mövcud deyil",
    "Haber bulunamadı",
    "Aradığınız sayfa bulunamadı",
    "Сторінку не знайдено",
    "Новину не знайдено",
    "Такої сторінки не існує",
    "Парақша табылмады",
    "Жаңалық табылмады",
    "Жаңылык табылган жок",
    "Maqola topilmadi",
    "Мақола топилмади",
    "Саҳифа ёфт нашуд",
    "Habar tapylmady",
    "Էջը գոյություն չունի",
    "გვერდი ვერ მოიძებნა",
    "خبر مورد نظر یافت نشد",
    "The story you are looking for is no longer available",
    "Oops! That page can’t be found.",
    "We couldn't find that page | The Pier",
    "Something went wrong",
)
CHALLENGING = (
    "Подтвердите, что вы не робот",
    "Доступ ограничен. Введите символы с картинки",
    "Доступ запрещён",
    "Robot olmadığınızı təsdiqləyin",
    "Giriş qadağandır",
    "Robot olmadığınızı doğrulayın",
    "Erişim engellendi",
    "Підтвердьте, що ви не робот",
    "Доступ заборонено",
    "Сіз робот емессіз бе?",
    "Siz robot emasligingizni tasdiqlang",
    "Հաստատեք, որ դուք ռոբոտ չեք",
    "დაადასტურეთ, რომ არ ხართ რობოტი",
    "تأیید کنید که ربات نیستید",
)
CONSENTING = (
    "Мы используем файлы cookie. Продолжая пользоваться сайтом, вы соглашаетесь с этим.",
    "Сайт использует куки.",
    "Saytımız kukilərdən istifadə edir.",
    "Bu site çerez kullanmaktadır. Çerez politikamızı inceleyin.",
    "Ми використовуємо файли cookie.",
    "Біз cookie файлдарын қолданамыз",
    "Biz cookie fayllaridan foydalanamiz",
    "Մենք օգտագործում ենք cookie ֆայլեր",
    "ჩვენ ვიყენებთ cookie ფაილებს",
    "This website uses cookies.",
)
WALLED = (
    "Этот материал доступен только подписчикам. Оформите подписку, чтобы читать дальше.",
    "Материал доступен по подписке. Войдите, если вы уже подписаны.",
    "Чтобы прочитать статью целиком, оформите подписку.",
    "Bu məqalə yalnız abunəçilər üçündür. Abunə olun.",
    "Məqalənin tam mətnini oxumaq üçün abunə olun.",
    "Bu haberi okumak için abone olun.",
    "Bu içerik sadece abonelere özeldir.",
    "Цей матеріал доступний лише передплатникам. Оформіть передплату.",
    "Бұл мақала тек жазылушыларға арналған.",
    "Ushbu maqola faqat obunachilar uchun.",
    "Հոդվածը հասանելի է միայն բաժանորդներին։",
    "სტატია ხელმისაწვდომია მხოლოდ გამომწერებისთვის.",
    "This article is for subscribers only. Subscribe to read on.",
    "Please log in to continue reading.",
)
SCRIPTED = (
    "Для просмотра сайта необходимо включить JavaScript.",
    "Saytdan istifadə etmək üçün JavaScript-i aktivləşdirin.",
    "Bu siteyi görüntülemek için JavaScript'i etkinleştirin.",
    "Увімкніть JavaScript, щоб користуватися сайтом.",
    "Сайтты көру үшін JavaScript қосыңыз.",
    "Saytdan foydalanish uchun JavaScript-ni yoqing.",
    "Միացրեք JavaScript-ը",
    "ჩართეთ JavaScript",
)
HEADLINES = (  # of news
    "Ничего не найдено. Поиски рыбаков прекращены",
    "Xəbər yoxdur: axtarış davam edir",
    "Nothing found - search for the boat ends",
    "Доступ запрещён. Что увидели рыбаки на старом пирсе",
    "Страница удалена",
    "Документ удалён из архива по решению суда",
    "Материалы дела не найдены, сообщил адвокат",
    "Новость удалена с сайта министерства после жалобы",
    "Страница истории не закрыта",
    "Доступ к сайту заблокирован Роскомнадзором",
    "Доступ к морю ограничен на три года",
    "Səhifə silinib, deyə nazirlik bildirib",
    "Xəbər tapılmadığı üçün məhkəmə dayandı",
    "Giriş qadağandır yazısı limandan götürüldü",
    "Erişim engellendi iddiasına yanıt geldi",
    "Haber bulunamadığı için dava düştü",
    "Сторінки історії не знайдено в архіві",
    "Парақша жоқ дейді ғалымдар",
    "Page not one of the archive was lost",
    "The page that the court says was not there",
)


def refused(body: str, title: str = "The Pier", head: str = "") -> Reason:
    html = f"<html><head><title>{title}</title>{head}</head><body>{body}<footer>The Pier</footer></body></html>"
    found = extract(html.encode(), URL)
    assert isinstance(found, Rejected), found
    return found.reason


@pytest.mark.parametrize("said", MISSING)
def test_a_missing_page_says_so(said: str) -> None:
    assert refused(f"{MENU}<h1>{said}</h1>", said) is Reason.SOFT_404
    assert refused(f"{MENU}<p>{said}</p>") is Reason.SOFT_404


@pytest.mark.parametrize("said", CHALLENGING)
def test_a_bot_wall_asks_who_is_there(said: str) -> None:
    assert refused(f"<h1>{said}</h1>", said) is Reason.CHALLENGE
    assert refused(f"<p>{said}</p>") is Reason.CHALLENGE


@pytest.mark.parametrize("said", CONSENTING)
def test_a_page_that_is_nothing_but_a_banner_asks_for_consent(said: str) -> None:
    assert refused(f"{MENU}<h1>The Pier</h1><p>{said}</p><button>OK</button>") is Reason.CONSENT


@pytest.mark.parametrize("said", WALLED)
def test_a_beginning_is_no_article_where_the_rest_is_for_subscribers(said: str) -> None:
    dated = '<meta property="article:published_time" content="2025-03-04T09:30:00+04:00">'
    for lead in (TEXT[0], " ".join(TEXT)):
        shown = f"{MENU}<article><h1>Council votes for a second pier</h1><p>{lead}</p><p>{said}</p></article>"
        assert refused(shown, "Council votes for a second pier", dated) is Reason.PAYWALL


@pytest.mark.parametrize("said", SCRIPTED)
def test_an_app_says_what_it_needs(said: str) -> None:
    assert refused(f"<div id=app></div><noscript>{said}</noscript><script src=a.js></script>") is Reason.NEEDS_SCRIPT


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_brief_that_tells_of_such_things_is_news(headline: str) -> None:
    html = (
        f'<html><head><title>{headline} | The Pier</title><meta property="article:published_time" '
        f'content="2025-03-04T09:30:00+04:00"></head><body>{MENU}<h1>{headline}</h1><p>{headline}. {TEXT[0]}</p>'
        f"<p>{TEXT[1]}</p><p>We use cookies, says the banner of this page, which is longer than it need be.</p></body></html>"
    )
    found = extract(html.encode(), URL)
    assert isinstance(found, Article), found


def test_a_whole_text_beside_an_offer_to_subscribers_is_an_article() -> None:
    story = "".join(f"<p>{text} {text}</p>" for text in TEXT * 2)
    html = f"<html><body><h1>Council votes for a second pier</h1>{story}<p>{WALLED[-2]}</p></body></html>"
    found = extract(html.encode(), URL)
    assert isinstance(found, Article), found


def test_what_is_said_beside_the_article_is_no_wall_before_it() -> None:
    beside = f"<aside class=promo><p>{WALLED[0]}</p></aside><div class=more><p>{WALLED[-2]}</p></div>"
    html = (
        '<html><head><meta property="article:published_time" content="2025-03-04T09:30:00+04:00"></head><body>'
        f"{beside}<article><h1>Council votes for a second pier</h1><p>{TEXT[0]}</p><p>{TEXT[1]}</p></article></body></html>"
    )
    found = extract(html.encode(), URL)
    assert isinstance(found, Article), found


LAW = (
    "We use cookies and similar means to keep you signed in, to count visits and to choose what is shown. You may accept "
    "all cookies or refuse those that are not needed. Our partners store and/or access information on a device. "
)
ROBOTS = (
    "This site is checking your browser before you can go on. Please enable cookies and verify you are human. The check "
    "is automatic, and you will be led to the page that you asked for as soon as it is over. "
)
OTHERS = "<p>Readers of the harbour also liked the story of the ferry that came too early and left too late.</p>" * 12
LONG_WALLS = (
    ("Before you continue to The Pier", LAW * 8, Reason.CONSENT),
    ("We value your privacy", LAW * 8, Reason.CONSENT),
    ("Just a moment...", ROBOTS * 8, Reason.CHALLENGE),
    ("Verify you are human", ROBOTS * 8, Reason.CHALLENGE),
    ("404 | The Pier", "The page is gone, but there is more to read in the harbour. " * 16, Reason.SOFT_404),
    (
        "Page not found",
        "Perhaps one of the stories below is what you came for, or a look at the archive. " * 12,
        Reason.SOFT_404,
    ),
    (
        "This domain is for sale! | pier.example",
        "Offers from all over the world are welcome at any time. " * 16,
        Reason.SOFT_404,
    ),
    (
        "Index of /news/2024",
        "pier-1.html 2024-05-01 12:00 14K the file of the first story in this folder. " * 16,
        Reason.NOT_ARTICLE,
    ),
)


def long_page(title: str, text: str, head: str = "") -> bytes:
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{MENU}<main><h1>{title}</h1><p>{text}</p>{OTHERS}</main>"
        "</body></html>"
    ).encode()


@pytest.mark.parametrize(("title", "text", "reason"), LONG_WALLS, ids=[title for title, *_ in LONG_WALLS])
def test_a_wall_may_have_much_to_say(title: str, text: str, reason: Reason) -> None:
    refused = extract(long_page(title, text), URL, None)
    assert isinstance(refused, Rejected)
    assert refused.reason == reason


@pytest.mark.parametrize(("title", "text", "reason"), LONG_WALLS, ids=[title for title, *_ in LONG_WALLS])
def test_a_dated_text_under_such_a_headline_is_news(title: str, text: str, reason: Reason) -> None:
    dated = '<meta property="article:published_time" content="2024-05-01T12:00:00+04:00">'
    assert isinstance(extract(long_page(f"{title}, says the harbour's keeper", TEXT * 4, dated), URL, None), Article)


@pytest.mark.parametrize(
    "title", ["Why every captcha is a nuisance to the harbour", "Hotel 404 opens beside the old pier"]
)
def test_an_undated_text_that_names_a_wall_is_read(title: str) -> None:
    assert isinstance(extract(long_page(title, f"{TEXT} " * 4), URL, None), Article)

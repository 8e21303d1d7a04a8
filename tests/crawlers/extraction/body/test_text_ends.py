"""Where a text ends: no paragraph comes twice, and what follows the last one stays out."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.news import ALL, ENGLISH, GERMAN, RUSSIAN, TURKISH, News, page, paragraphs, read

LANGUAGES = pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)
HIDDEN = ("screen-reader-text", "visually-hidden", "sr-only", "visuallyhidden", "u-sr-only")


@LANGUAGES
@pytest.mark.parametrize("name", HIDDEN)
def test_parts_that_are_only_read_aloud_are_no_text(news: News, name: str) -> None:
    linked = f"<a href='https://a.example'>{news.heads[0]}<span class={name}>({news.points[0]})</span></a>"
    first = f"<p>{news.text[0]} {linked}.</p>"
    body = f"<main><h1>{news.title}</h1><div class=copy>{first}{paragraphs(*news.text[1:])}</div></main>"
    assert read(page(news, body)) == [f"{news.text[0]} {news.heads[0]}.", *news.text[1:]]


@LANGUAGES
@pytest.mark.parametrize("name", HIDDEN)
def test_no_paragraph_comes_twice_for_them(news: News, name: str) -> None:
    hidden = f"<span class='{name}'> ({news.points[0]})</span>"
    desktop = "".join(f"<p class=d>{text}{hidden}</p>" for text in news.text)
    mobile = paragraphs(*news.text)
    body = f"<main><h1>{news.title}</h1><div class=copy><div>{desktop}</div><div class=m>{mobile}</div></div></main>"
    assert read(page(news, body)) == list(news.text)


BIOS = {
    "en": "Ada Norrin is a reporter who has written about the lake and its towns for eleven years.",
    "ru": "Ада Норрин работает корреспондентом и одиннадцать лет пишет об озере и посёлках вокруг него.",
    "az": "Ada Norrin on bir ildir ki, göl və onun ətrafındakı qəsəbələr haqqında yazan müxbirdir.",
    "tr": "Ada Norrin on bir yıldır göl ve çevresindeki kasabalar hakkında yazan bir muhabirdir.",
    "ka": "ადა ნორინი თერთმეტი წელია წერს ტბისა და მის გარშემო მდებარე დაბების შესახებ.",
    "de": "Ada Norrin ist Reporterin und schreibt seit elf Jahren über den See und seine Städte.",
}
NAMES = {"ru": "Ада Норрин", "ka": "ადა ნორინი"}


@LANGUAGES
@pytest.mark.parametrize(
    "box",
    [
        "<div class=about-the-author><h3>{name}</h3><p>{bio}</p></div>",
        "<div class=writer-card><img src=a.jpg><a href=/writers/ada rel=author>{name}</a><p>{bio}</p></div>",
        "<div class=profile><div><a href='/author/ada-norrin'>{name}</a></div><div>{bio}</div></div>",
        "<hr><p><em>{bio}</em></p>",
    ],
)
def test_a_box_on_the_author_stays_out(news: News, box: str) -> None:
    name = NAMES.get(news.lang, "Ada Norrin")
    head = f'<meta name="author" content="{name}">'
    end = box.format(name=name, bio=BIOS[news.lang])
    body = f"<main><h1>{news.title}</h1><div class=copy>{paragraphs(*news.text)}{end}</div></main>"
    assert read(page(news, body, head)) == list(news.text)


@LANGUAGES
def test_a_last_paragraph_that_names_the_author_of_a_book_stays(news: News) -> None:
    body = f"<main><h1>{news.title}</h1><div class=copy>{paragraphs(*news.text, BIOS[news.lang])}</div></main>"
    assert read(page(news, body)) == [*news.text, BIOS[news.lang]]


APPEALS = {
    "en": "Our reporting is free for everyone, and it is paid for by readers like you. Please consider making a donation.",
    "ru": "Наши тексты бесплатны для всех, и оплачивают их читатели. Поддержите нас, оформите ежемесячное пожертвование.",
    "az": "Yazılarımız hamı üçün pulsuzdur və oxucuların ianələri ilə yaşayır. Bizə dəstək olun, ianə edin.",
    "tr": "Haberlerimiz herkese ücretsizdir ve okurlarımızın bağışlarıyla yaşar. Bize destek olun, bağış yapın.",
    "ka": "ჩვენი სტატიები ყველასთვის უფასოა და მკითხველთა შემოწირულობით არსებობს. დაგვეხმარეთ, გააკეთეთ შემოწირულობა.",
    "de": "Unsere Texte sind für alle frei und werden von Lesern bezahlt. Unterstützen Sie uns mit einer Spende.",
}


@LANGUAGES
@pytest.mark.parametrize("form", ["<p>{}</p>", "<div class=box><p>{}</p></div>", "<p><strong><em>{}</em></strong></p>"])
def test_an_appeal_for_money_stays_out(news: News, form: str) -> None:
    end = form.format(APPEALS[news.lang])
    body = f"<main><h1>{news.title}</h1><div class=copy>{paragraphs(*news.text)}{end}</div></main>"
    assert read(page(news, body)) == list(news.text)


@pytest.mark.parametrize("appeal", ["BAĞIŞ YAPIN.", "BİZE DESTEK OLUN.", "Bize Destek Olun."])
def test_an_appeal_in_turkish_capitals_stays_out(appeal: str) -> None:
    text = paragraphs(*TURKISH.text, f"Okurlarımızın katkısıyla yaşıyoruz, bu ay da. {appeal}")
    assert read(page(TURKISH, f"<main><h1>{TURKISH.title}</h1><div class=copy>{text}</div></main>")) == list(
        TURKISH.text
    )


@LANGUAGES
def test_words_of_an_appeal_within_the_text_are_news(news: News) -> None:
    text = [*news.text[:3], APPEALS[news.lang], *news.text[3:]]
    body = f"<main><h1>{news.title}</h1><div class=copy>{paragraphs(*text)}</div></main>"
    assert APPEALS[news.lang] in read(page(news, body))


@LANGUAGES
@pytest.mark.parametrize(
    "card",
    [
        "<div class=c><a href=/n/{n}><img src=a.jpg></a><div class=t><a href=/n/{n}>{head}</a></div><p>{text}</p></div>",
        "<li class=c><a href=/n/{n}><h4>{head}</h4><p>{text}</p></a></li>",
        "<div class=c><h4><a href=/n/{n}>{head}</a></h4><div>{text}</div></div>",
    ],
)
def test_a_row_of_cards_below_the_text_stays_out(news: News, card: str) -> None:
    cards = "".join(card.format(n=n, head=head, text=f"{news.other[:70]} {n}.") for n, head in enumerate(news.heads))
    body = (
        f"<main><h1>{news.title}</h1><div class=copy>{paragraphs(*news.text)}</div><div class=grid>{cards}</div></main>"
    )
    assert read(page(news, body)) == list(news.text)


LETTERS = {
    "en": (
        "How a small newsletter found its readers",
        "Sign up to a newsletter and you will find that most of them come in the morning, she tells her students.",
        "Subscribe to our newsletter and you will get the five best stories of the lake every morning.",
    ),
    "ru": (
        "Как маленькая рассылка нашла своих читателей",
        "Подпишитесь на нашу рассылку, было написано в первом письме большими буквами, и никто в посёлке этого не сделал.",
        "Подписывайтесь на наш Telegram-канал, и вы первыми узнаете обо всём, что случилось на озере.",
    ),
    "tr": (
        "Küçük bir Telegram kanalı okurlarını nasıl buldu",
        "Bültenimize abone olun, diye yazıyordu ilk mektupta büyük harflerle, kasabada kimse abone olmadı.",
        "Telegram kanalımıza abone olun, gölde olup biten her şeyi ilk siz öğrenin.",
    ),
    "de": (
        "Wie ein kleiner Newsletter seine Leser fand",
        "Abonnieren Sie unseren Newsletter, stand im ersten Brief in großen Buchstaben, und niemand im Ort tat es.",
        "Abonnieren Sie unseren Newsletter und erhalten Sie jeden Morgen die fünf besten Geschichten vom See.",
    ),
}


@pytest.mark.parametrize("news", [ENGLISH, RUSSIAN, TURKISH, GERMAN], ids=lambda news: news.lang)
def test_a_text_about_newsletters_keeps_its_sentences(news: News) -> None:
    title, *said = LETTERS[news.lang]
    text = [*news.text[:2], said[0], *news.text[2:4], said[1], *news.text[4:]]
    html = page(news, f"<main><h1>{title}</h1><div class=copy>{paragraphs(*text)}</div></main>")
    assert read(html.replace(f"<title>{news.title}", f"<title>{title}")) == text


@pytest.mark.parametrize("news", [ENGLISH, RUSSIAN, TURKISH, GERMAN], ids=lambda news: news.lang)
def test_any_other_text_does_not_keep_them(news: News) -> None:
    text = [*news.text[:2], LETTERS[news.lang][2], *news.text[2:]]
    body = f"<main><h1>{news.title}</h1><div class=copy>{paragraphs(*text)}</div></main>"
    assert read(page(news, body)) == list(news.text)

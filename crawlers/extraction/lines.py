"""Lines that are none of the article: promotion, dates, reading times, captions. Words only, in many languages."""

from __future__ import annotations

import re

from crawlers.extraction.months import MONTHS

PROMOTION = re.compile(
    r"^\W*(?:read (?:more|also|next|the full)|also read|related(?: (?:articles?|stor(?:y|ies)|content|links?))?\s*:|"
    r"more (?:from|on|stories|top stories|news)\b|see (?:also|more)|advertisement|(?:story|article) continues|"
    r"scroll (?:down|through)|"
    r"click here|subscribe (?:to|now|here)|sign up|newsletter|follow (?:us|\w+ on|the author|trend|report)|"
    r"share (?:this|on)|"
    r"like this (?:story|article)|join (?:us|our|the conversation)|listen (?:to|live)|have a tip|"
    r"got a (?:news )?tip|don'?t miss|"
    r"mehr zum thema|lesen sie (?:auch|hier)|auch interessant|lire aussi|à lire|les også|läs (?:även|också|mer)|"
    r"читайте (?:также|тоже|нас)|подписывайтесь|следите за|lee también|leia (?:também|mais)|leggi anche|\(leggi|"
    r"lees ook|"
    r"ayrıca oku|czytaj (?:też|także)|baca juga|xəbərlərimizi|daha ətraflı|oxşar xəbər|bizi (?:izləyin|takip)|"
    r"obuna bo|кузатиб боринг|"
    r"გამოიწერეთ|წაიკითხეთ|կարդացեք|loading|please enter|waiting for your|view comments|image source|media caption|"
    r"this content is reserved|get (?:all )?the latest|get the day|thanks for signing|keep an eye on your inbox|"
    r"more:|watch:|"
    r"video:|photos?:|tags?:|topics?:|order reprints|print (?:article|version)|write to \w+|contact \w+ \w+ at|"
    r"stay up-to-date|"
    r"all products featured on|this is a breaking (?:news )?story|by clicking|most read|trending$|\d+ of \d+$|"
    r"anzeige$|jetzt (?:kostenlos |gratis )?(?:testen|abonnieren|anmelden|lesen)|rechte am artikel|link zum \w+-inhalt|"
    r"ein klick für den datenschutz|\d+ (?:wochen|monate) (?:kostenlos|gratis)|reklam(?:e|a|ı)?$|annonse?$|publicité$|"
    r"publicidad(?:e)?$|реклама$|"
    r"views:\s*\d|url:\s*http|recommend (?:news|this)|connect with us|your (?:name|e-?mail)|friend'?s (?:name|"
    r"e-?mail))|"
    r"(?:get our|sign up for|subscribe to)\b.{0,80}\bnewsletter|whatsapp[- ](?:kanal|channel)|"
    r"telegram[- ](?:kanal|channel)|"
    r"会員限定|有料会員|無料会員|会員登録|有料記事|구독하기|무단[ ]?전재|"
    r"follow (?:us|me|him|her|them) on|may be reached at|(?:earn|receive|get) (?:a )?(?:small )?(?:commission|"
    r"share of the sale)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^\W*(?:copyright|©|\(c\)|all rights reserved|alle rechte|tous droits|todos los derechos|все права|"
    r"bütün hüquqlar|tüm hakları|"
    r"source\s*:|quelle\s*:|источник\s*:|mənbə\s*:|-{2,}|\*{2,}|_{2,})|all rights reserved\W*$|"
    r"^\(?(?:reporting|writing|additional reporting|editing) by\b",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"\|\s*\w+[^.]{0,40}getty images|\((?:image|photo|picture|foto|bild|credit)s?:|"
    r"^\W*(?:photo|image|foto|bild|credit|quelle|picture|фото)s?\s*(?:by|:|credit)|getty images\W*$|/(?:getty|ap|"
    r"afp|reuters|dpa)\W*$",
    re.IGNORECASE,
)
READING_TIME = re.compile(
    r"^\W*(?:reading time|lesezeit|tempo de leitura|tiempo de lectura|temps de lecture|время чтения|oxuma müddəti|"
    r"okuma süresi)\b.{0,30}$|"
    r"^\W*\d+\s*(?:min(?:ute)?s?|мин|dəq|dk|daqiqa|წთ)\b[^.]{0,14}$",
    re.IGNORECASE,
)
DATE_LINE = re.compile(
    r"^\W*(?:published|updated|posted|last (?:updated|modified)|stand:|veröffentlicht|aktualisiert|publié|"
    r"publicado|обновлено|"
    r"опубликовано|dərc edil|yenilən|güncellen|yayınlan)[^.]{0,80}$|"
    r"^\W*(?:\w+,?\s+)?\d{1,2}[./ ]+\w+[./ ]+(?:19|20)\d{2}\b(?:[^.!?]|\.(?!\s)){0,40}$|^\W*\w+\.? \d{1,2},? (?:19|"
    r"20)\d{2}\b[^.]{0,25}$|^\W*\d{1,2}:\d{2}\W*$",
    re.IGNORECASE,
)
FIGURES = re.compile(
    r"(?<!\d)\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}[\s,|–-]+(?:\w+\s)?\d{1,2}[:.]\d{2}|"
    r"(?:19|20)\d{2}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)
MOST = 300  # characters of a line that is judged by its words


def is_promotion(line: str) -> bool:
    """The line invites to something else, wherever it stands."""
    return len(line) < MOST and PROMOTION.search(line) is not None


def is_closing(line: str) -> bool:
    """The line may end an article without being of it: copyright, source, editors, rules."""
    return len(line) < MOST and CLOSING.search(line) is not None


def is_caption(line: str) -> bool:
    """The line goes with a picture."""
    return len(line) < MOST and CAPTION.search(line) is not None


def is_preamble(line: str) -> bool:
    """The line may stand between title and text: a date, a reading time."""
    if len(line) >= 100:
        return False
    return READING_TIME.search(line) is not None or DATE_LINE.search(line) is not None or _is_day(line)


def _is_day(line: str) -> bool:
    """A few words, one of them a month, and a number: "2-май", "Sunday 17 December 2023 17:23"; or a day in figures
    and a time, and hardly a word: "Giriş: 28.04.2024 - 14:07", "2025年1月14日 01時28分"."""
    words = re.findall(r"[^\W\d_]+", line.lower())
    digits = any(char.isdigit() for char in line)
    if digits and len(line) <= 40 and len(words) <= 4 and any(word in MONTHS for word in words):
        return True
    return len(words) <= 8 and FIGURES.search(line) is not None and sum(map(str.isalpha, line)) <= 30

"""Lines by their words alone, in many languages: promotion, dates, reading times, captions."""

from __future__ import annotations

import re
from functools import lru_cache

from crawlers.extraction.months import MONTHS

PROMOTION = re.compile(  # at the beginning of a line
    r"\W*(?:read (?:more|also|next|the full)|also read|related(?: (?:articles?|stor(?:y|ies)|content|links?))?\s*:|"
    r"more (?:from|on|stories|top stories|news)\b|see (?:also|more)|advertisement|(?:story|article) continues|"
    r"scroll (?:down|through)|"
    r"click here|(?:please )?subscribe (?:to|now|here|today)|sign up|newsletter|"
    r"follow (?:us|\w+ on|the author|trend|report)|share (?:this|on)|"
    r"like this (?:story|article)|join (?:us|our|the conversation)|listen (?:to|live)|have a tip|"
    r"got a (?:(?:news )?tip|story\?)|don'?t miss|thanks?(?: you)? for (?:subscribing|signing)|not a subscriber|"
    r"stay informed with|our standards\s*:|if you (?:enjoyed|liked) this (?:article|story|piece)|"
    r"(?:we|our (?:editors|writers)|editors and writers) (?:\w+ )?independently (?:select|review|choose)|"
    r"mehr zu(?:m| diesem) thema|lesen sie (?:auch|hier)|auch interessant|lire aussi|à lire|les også|"
    r"läs (?:även|också|mer)|"
    r"читайте (?:также|тоже|нас)|подписывайтесь|подпишитесь|следите за|lee también|leia (?:também|mais)|leggi anche|"
    r"\(leggi|lees ook|(?:leggi|lea|lisez|les|lees|czytaj) (?:más|plus|mer|meer|więcej)\b|"
    r"ayrıca oku|czytaj (?:też|także)|baca juga|xəbərlərimizi|daha ətraflı|oxşar xəbər|bizi (?:izləyin|takip)|"
    r"obuna bo|кузатиб боринг|abone ol(?:un)?\b|abunə olun|"
    r"(?:inscrivez|abonnez)-vous|suscr[ií]b(?:ase|ete|a)\b|iscriviti|zapisz się|"
    r"გამოიწერეთ|წაიკითხეთ|կարդացեք|loading|please enter|waiting for your|view comments|image source|media caption|"
    r"this content is reserved|get (?:all )?the latest|get the day|keep an eye on your inbox|more:|watch:|"
    r"video:|photos?:|tags?:|topics?:|order reprints|print (?:article|version)|write to \w+|contact \w+ \w+ at|"
    r"stay up-to-date|"
    r"all products featured on|this is a breaking (?:news? )?story|by clicking|most read|trending$|\d+ of \d+$|"
    r"anzeige$|jetzt (?:kostenlos |gratis )?(?:testen|abonnieren|anmelden|lesen)|rechte am artikel|link zum \w+-inhalt|"
    r"ein klick für den datenschutz|\d+ (?:wochen|monate) (?:kostenlos|gratis)|reklam(?:e|a|ı)?$|annonse?$|publicité$|"
    r"hat (?:ihnen|dir) dieser (?:artikel|beitrag) gefallen|an dieser stelle finden sie|"
    r"ich bin damit einverstanden, dass mir externe|dies ist eine maschinelle übersetzung|"
    r"publicidad(?:e)?$|реклама$|"
    r"views:\s*\d|url:\s*http|recommend (?:news|this)|connect with us|your (?:name|e-?mail)|friend'?s (?:name|"
    r"e-?mail))",
    re.IGNORECASE,
)
INVITATION = re.compile(  # anywhere in a line ...
    r"(?:get|receive|sign(?:ing)? up|subscribe|inbox|abonnier\w*|anmeld\w*|register|registrier\w*)\b.{0,80}"
    r"\bnewsletter|"
    r"\bnewsletter\b.{0,80}\b(?:informiert|inbox|get it|delivered|sign up|subscribe|abonnier\w*|anmeld\w*|"
    r"registrier\w*)|"
    r"\b(?:join|follow|subscribe|our|abonnier\w*|folge[nt]?|unser\w*)\b.{0,60}\b(?:whatsapp|telegram)[- ]"
    r"(?:kanal|channel)|"
    r"会員限定|有料会員|無料会員|会員登録|有料記事|구독하기|무단[ ]?전재|"
    r"follow (?:us|me|him|her|them) on|follow \S+ on (?:twitter|facebook|instagram|x)\b|(?:may|can) be reached at|"
    r"(?:earn|receive|get) (?:a )?(?:small )?(?:commission|share of the sale)|"
    r"rechte am artikel können|il vous reste \d+[.,]?\d*\s?% de cet article|"
    r"(?:article|contenu|suite|lecture) (?:est )?réservée? aux abonnés|products? (?:are|is) independently selected|"
    r"our (?:journalism|newsroom|work) needs your support|do(?:es)? not own shares in"
)
INVITING = (  # ... that has one of these in it; small letters, as the pattern
    "newsletter", "whatsapp", "telegram", "follow ", "reached at", "commission", "of the sale", "会員", "有料記事",
    "구독하기", "전재", "rechte am", "cet article", "aux abonnés", "independently", "needs your", "own shares",
)  # fmt: skip
CLOSING = re.compile(
    r"^\W*(?:copyright|©|\(c\)|all rights reserved|alle rechte|tous droits|todos los derechos|все права|"
    r"bütün hüquqlar|tüm hakları|"
    r"source\s*:|quelle\s*:|источник\s*:|mənbə\s*:|-{2,}|\*{2,}|_{2,})|all rights reserved\W*$|"
    r"^\(?(?:reporting|writing|additional reporting|editing) by\b|"
    r"^\W*(?:this|the) (?:story|article|piece|post|excerpt) (?:was |has been )?(?:originally|first|previously) "
    r"(?:appeared|published)|^\W*(?:reprinted|excerpted|republished) (?:by|from|with)\b|"
    r"^\W*contributing\s*:|contributed to this (?:report|story|article)|^includes information from|"
    r"comments on this (?:piece|article|story) are|(?:not|nor) constitute (?:\w+ )?advice",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"\|\s*\w+[^.]{0,40}getty images|\((?:image|photo|picture|foto|bild|credit)s?:|"
    r"^\W*pictured\b|^\W*(?:photo|image|foto|bild|credit|quelle|picture|фото)s?\s*(?:by|:|credit)|"
    r"getty images\W*$|/(?:getty|ap|"
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
    r"опубликовано|dərc edil|yenilən|güncellen|yayınlan|uppdatera|publicera|oppdatert|publisert|opdateret|"
    r"gepubliceerd|bijgewerkt|pubblicato|aggiornato|actualizado|atualizado|opublikowano|zaktualizowano)"
    r"(?:[^.]|\.(?=\d)|\b[ap]\.m\.|\b[^\W\d]{3}\.(?= \d)){0,80}$|"
    r"^\W*(?:\w+,?\s+)?\d{1,2}[./ ]+\w+[./ ]+(?:19|20)\d{2}\b(?:[^.!?]|\.(?!\s)){0,40}$|^\W*\w+\.? \d{1,2},? (?:19|"
    r"20)\d{2}\b[^.]{0,25}$|^\W*\d{1,2}:\d{2}\W*$|"
    r"^\W*\d{1,2}/\d{1,2}/(?:19|20)\d{2}\b[^.]{0,20}$",
    re.IGNORECASE,
)
FIGURES = re.compile(
    r"(?<!\d)\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}[\s,|–-]+(?:\w+\s)?\d{1,2}[:.]\d{2}|"
    r"(?:19|20)\d{2}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)
SHORT = 100  # characters of a date line at the most
MOST = 350  # characters of a line that is judged by its words


@lru_cache(maxsize=8_000)  # a line and its block are often the same text
def letters(text: str) -> str:
    """Return the letters and digits of a text in one case, without anything between them."""
    return re.sub(r"\W+", "", text).casefold()


def is_promotion(line: str) -> bool:
    """The line invites to something else, wherever it stands."""
    if len(line) >= MOST:
        return False
    if PROMOTION.match(line) is not None:
        return True
    small = line.lower()
    return any(word in small for word in INVITING) and INVITATION.search(small) is not None


def is_closing(line: str) -> bool:
    """The line may end an article without being of it: copyright, source, editors, rules."""
    return len(line) < MOST and CLOSING.search(line) is not None


def is_caption(line: str) -> bool:
    """The line goes with a picture."""
    return len(line) < MOST and CAPTION.search(line) is not None


def is_preamble(line: str) -> bool:
    """The line may stand between title and text: a date, a reading time."""
    return len(line) < SHORT and (is_stamp(line) or _is_day(line))


def is_stamp(line: str) -> bool:
    """The line says when something was published or how long it takes to read, and nothing else."""
    if len(line) >= SHORT:
        return False
    return READING_TIME.search(line) is not None or DATE_LINE.search(line) is not None or _is_moment(line)


def _is_day(line: str) -> bool:
    """A few words, one of them a month, and a number: "2-май", "Sunday 17 December 2023 17:23"."""
    words = re.findall(r"[^\W\d_]+", line.lower())
    digits = any(char.isdigit() for char in line)
    return digits and len(line) <= 40 and len(words) <= 4 and any(word in MONTHS for word in words)


def _is_moment(line: str) -> bool:
    """A day in figures and a time, and hardly a word: "Giriş: 28.04.2024 - 14:07", "2025年1月14日 01時28分"."""
    words = re.findall(r"[^\W\d_]+", line)
    return len(words) <= 12 and FIGURES.search(line) is not None and sum(map(str.isalpha, line)) <= 30

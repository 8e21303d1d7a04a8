"""Lines that close an article or go with a picture, by their words alone, in many languages."""

from __future__ import annotations

import re

from crawlers.extraction.text_norm import is_sentence
from crawlers.extraction.vocabulary.phrases import REUSE

MOST = 350  # characters of a line that is judged by its words; longer ones are paragraphs that may quote any of them
SAYING = re.compile(
    r"\b(?:said|says|(?<!your )say|told|asked|urged|urges|warned|warns?|added|wrote|announced|ruled|declared|shouted|"
    r"joked|posted on|demanded|stated|insisted|argued|claimed|explained|replied|advised|testified|according to|"
    r"sagt|sagten?|teilten?|erklärten?|berichteten?|warnten?|forderten?|betonten?|meinten?|schrieb(?:en)?|so der|"
    r"a (?:dit|déclaré|annoncé|promis|affirmé|expliqué)|selon|a-t-(?:il|elle)|dijo|afirmó|declaró|anunció|según|"
    r"advirtió|dice|disse|afirmou|segundo|ha (?:detto|dichiarato)|secondo|zei|zegt|volgens|säger|sade|enligt|mówi|"
    r"powiedział\w*|poinformował\w*|dedi|deyib|deyə|diye|bildir(?:ib|di)\w*|söylə\w+|söyledi|qeyd ed\w+|"
    r"açıkladı|belirtti|uyardı|"
    r"aytdi|деди|айтди|деді|айтты|сказал\w*|сообщ\w+|прос[ия]т|заяв\w+|призва\w+|предупре\w+|говорит|отметил\w*|"
    r"добавил\w*|рассказал\w*|пишет|по словам|сказав|повідом\w+|додав|закликав|თქვა|განაცხად\w+|ამბობს|"
    r"ասաց|հայտարար\w+|قال|قالت|أعلن|أكد|گفت)\b|と(?:話|述べ|語|説明|発表)|말했다|밝혔다",
    re.IGNORECASE,
)

NAME = r"(?-i:[A-ZÀ-ÖØ-ÞĀĂĄĆČĐĒĘĞĢĪİŁŃŇŌŐŘŚŞŠŪŮŰŹŻŽƏА-ЯЁЇІЄҐ])"  # a name's first letter
CLOSING = re.compile(  # whatever the sentence
    r"^\W*(?:©|\(c\)|copyright\W*(?:©|\(c\)|\d{4}\b|:))|\ball rights reserved\W*$|"
    r"^\W*alle rechte (?:sind )?vorbehalten|^\W*tous (?:les )?droits (?:sont )?(?:réservés|de reproduction)|"
    r"^\W*todos (?:los|os) (?:derechos|direitos) "
    r"reservados|^\W*все права (?:защищены|принадлежат)|^\W*bütün hüquqlar[ıi]? (?:\w+ )?qorun|^\W*tüm hakları saklı|"
    rf"^\W*(?:-{{2,}}|\*{{2,}}|_{{2,}})|^\W*contributing\s*:\s*{NAME}|"
    rf"^\W*(?:additional )?(?:reporting|writing|editing) by {NAME}\w+ (?:{NAME}|and\b)|"
    r"\bcontributed to this (?:report|story|article)(?:\.|\W*$| from\b)|"
    r"^\W*this (?:story|article|piece|post|excerpt) (?:was |has been )?(?:originally |first |previously )"
    r"(?:appeared|published)|^\W*the post .{3,} (?:first appeared|appeared first) on\b|"
    rf"^\W*(?:reprinted|excerpted|republished) (?:with (?:\w+ )?permission|(?:by|from|with) {NAME})|"
    r"^\W*(?:this (?:report|story|article) )?(?:includes|contains|with) (?:information|material|reporting|files) from|"
    r"\bcomments on this (?:piece|article|story|post) are|"
    r"\b(?:not|nor) constitute (?:\w+ )?(?:investment|financial|legal|tax|medical|professional)?\s?advice|"
    r"\b(?:authors?|writers?|columnists?|I|we)\b.{0,40}\bnot (?:own|hold)\b.{0,30}\b(?:shares|stocks?|positions?)\b|"
    r"\b(?:shares|stocks?|positions?|securities)\b.{0,60}\bmentioned (?:in this|above|here)\b|"
    r"\bcontributed reporting\b|^\W*originally published (?:as|on|in|by) |"
    rf"^\W*cross-?posted (?:from|at|on) (?:the )?{NAME}|"
    rf"^\W*(?:translated|перев[её]ла?|çevirdi|tərcümə edən|çeviren)\s*(?:by|:)\s*{NAME}|"
    rf"^\W*(?:redaktor|redaktör|редактор|корректор|оператор|монтаж|режисс[её]р|tərcümə|перевод|переклад|tercüme|çeviri)"
    rf"\s*:\s*{NAME}|^\W*(?:xəbər xidməti|пресс-служба)\W*$|"
    r"^\W*(?:тел|tel|телефон|telefon|phone|əlaqə|контакты|факс|fax|моб)\w*\.?\s*:\s*[+(]?\d|"
    r"^\W*(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:az|ge|am|uz|kz|kg|tj|tm|ru|ua|tr|ir|com|org|net|info|news)\W*$|"
    r"^\W*(?:reviews|answers|letters|interviews?|comments) (?:have|has) been (?:\w+ )?edited|"
    r"^\W*(?:more|follow|read) .{2,80}https?://\S+\W*$|^\W*انتهای پیام\W*$|^\W*(?-i:ENDS?|СОҢЫ|SON)\W*$|"
    r"^\W*(?:\w+ )?(?:e-?mail|twitter|x|facebook|instagram|telegram)\s*:\s*\S*[@/]\S+\W*$|"
    r"^\W*[\w.+-]+@[\w-]+(?:\.[\w-]+)+\W*$|"
    r"^\W*(?:https?://)?(?:www\.)?(?:twitter|x|facebook|instagram|t)\.(?:com|me)/\S+$|"
    rf"^\W*(?:{REUSE})|"
    r"^\W*(?:about )?our (?:editorial |journalistic )?(?:standards|principles|values|policy|guidelines)\s*:",
    re.IGNORECASE,
)
CLOSING_LABEL = re.compile(  # where it is no sentence
    r"^\W*copyright\b|"
    rf"^\W*(?:additional )?(?:reporting|writing|editing) by {NAME}|^\W*все права на материал",
    re.IGNORECASE,
)
PICTURES = (
    "gallery credit|photo|image|foto|bild|credit|quelle|picture|фото|источник фото|фотограф|видео|коллаж|скриншот|"
    "світлина|fotolar|fotoqraf|şəkil|kollaj|сурет|сүрөт|расм|rasm|surat"
)
UNCASED = "ფოტო|ფოტოგრაფი|عکس|عکاس|լուսանկար\\w*|լուս\\."  # the same in letters without capitals, or rarely with them
NO_NAMES = (  # whose they are, if nobody's
    r"фото (?:из (?:открытых источников|архива|соц\w+|интернета)|иллюстративное|с сайта .{3,40}|предоставлено .{3,60})|"
    r"(?:иллюстративное|архивное) фото|скриншот (?:из |с )?видео|foto (?:arxivdən|illüstrativ\w*)|"
    r"(?:temsili|arşiv) (?:foto\w*|görsel)|symbolbild|file photo|archivbild"
)
CREDITED = re.compile(  # how a line begins that goes with a picture, whatever the sentence
    r"[^\w©]*©|"
    r"\W*(?:(?:image|media|video|photo) (?:caption|source|credit)s?[,:]|(?:подпись к фото|автор фото),|pictured\s*:|"
    rf"(?:image|photo|picture|screen(?:grab|shot))s? via {NAME}|(?:foto|immagine) d[ai] (?:{NAME}\w+ ?){{1,3}}\W*$|"
    rf"(?:{PICTURES})s?\s*(?:by|:|credit)\W*(?:{NAME}[^\s]*[\s/|,]*){{1,5}}\W*$|"
    rf"(?:{UNCASED})\s*[:՝]\s*\S.{{0,60}}$|(?:{NO_NAMES})\W*$)",
    re.IGNORECASE,
)
CREDIT_MARKS = ("getty", "(", "/")  # one of these is in all that ends with a credit; small letters
CREDIT_END = re.compile(
    rf"\|\s*\w+[^.]{{0,40}}getty images|getty images\W*$|\((?:{PICTURES})s?:[^)]{{0,80}}\)\W*$|"
    rf"{NAME}[\w'’-]*(?-i:[a-z]) ?/\s?(?:getty|ap|afp|reuters|dpa)\W*$",
    re.IGNORECASE,
)
CREDIT_LABEL = re.compile(  # where it is no sentence
    rf"^\W*pictured\b|^\W*(?:{PICTURES})s?\s*(?:by {NAME}|:|credit)", re.IGNORECASE
)


def is_closing(line: str) -> bool:
    """The line may end an article without being of it: copyright, source, editors, rules."""
    if len(line) >= MOST:
        return False
    if CLOSING.search(line) is None and (is_sentence(line) or CLOSING_LABEL.search(line) is None):
        return False
    return SAYING.search(line) is None


def is_caption(line: str) -> bool:
    """The line goes with a picture."""
    return bool(caption_kind(line))


def caption_kind(line: str) -> str:
    """Say by what a line is known to go with a picture; empty if it does not."""
    if len(line) >= MOST:
        return ""
    small = line.lower()
    if CREDITED.match(line):
        return "begins with a picture credit (captions.start, captions.pictures)"
    if any(mark in small for mark in CREDIT_MARKS) and CREDIT_END.search(line):
        return "ends with a picture credit (agencies.on_pictures)"
    if CREDIT_LABEL.search(line) is not None and not is_sentence(line):
        return "begins with a picture label and is no sentence (captions.fragments)"
    return ""

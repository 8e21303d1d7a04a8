"""Names of persons, told from organisations, roles, labels and debris. Words only: nothing here knows a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from crawlers.extraction.vocabulary.months import MONTHS

# What names the part of the writer: it stands before a name anywhere on a page, and social networks show it too.
WRITERS = frozenset(
    {
        "author", "authors", "written by", "byline", "reporter", "autorin/autor", "autor/in", "autor", "autorin",
        "autoren", "verfasst von", "geschrieben von", "auteur", "auteure", "écrit par", "autora", "autores",
        "escrito por", "autore", "scritto da", "geschreven door", "forfatter", "skrevet av", "skrevet af", "skriven av",
        "kirjoittaja", "kirjoittanut", "napisane przez", "scris de", "szerző", "yazar", "yazan", "müəllif",
        "müəlliflər", "muallif", "муаллиф", "муаллифон", "penulis", "автор", "авторы", "автору", "автори", "авторка",
        "автор текста", "автор статьи", "написано", "написано автором", "awtor", "ავტორი", "ავტორები", "հեղինակ",
        "հեղինակներ", "نویسنده", "نویسندگان", "خبرنگار", "گزارشگر", "کاتب",
    }
)  # fmt: skip
# Said of the size of letters and of other texts as well, so that they count above the text alone.
OF_TEXT = frozenset({"text", "texts", "tekst", "текст"})
# What stands before a name in a byline, and means other things elsewhere.
LABELS = WRITERS | OF_TEXT | {
    "by", "words by", "story by", "reported by", "exclusive by", "interview by", "opinion by", "analysis by",
    "review by", "photos by", "posted by", "published by", "von", "text von", "bericht von",
    "ein artikel von", "eine analyse von", "ein kommentar von", "par", "por", "de", "di", "door", "av", "af",
    "tekst av", "od", "oleh", "подготовил", "подготовила", "підготував", "підготувала", "haber", "hazırladı",
    "hazırlayan", "tayyorladi", "tayyorlagan", "тайёрлади", "дайындаған", "даярдаган", "taýýarlan", "تهیه و تنظیم",
    "контрибьютор",
}  # fmt: skip


def one_of(labels: Iterable[str]) -> str:
    """Return the expression for one of these labels, the longest that fits."""
    return "|".join(sorted(map(re.escape, labels), key=lambda label: (-len(label), label)))


LABEL = re.compile(rf"^(?:{one_of(LABELS)})(?:\s*+[:：՝]\s*+|\s++)", re.IGNORECASE)
# "ByJane Doe": the label in an element of its own, with nothing between.
GLUED_LABEL = re.compile(r"^By(?=[A-Z][a-z'’-]+\s+[A-Z])")
# What joins two names, small or in capitals; "Dan" is a given name as well as the Indonesian "and".
JOINS = "and|und|et|og|och|oraz|with|mit|avec|и|й|та|və|ve|hamda|და|և"
JOINED = re.compile(
    r"[^\S\n]*+[;|•·\n/、，]\s*+|\s*+,\s++(?:y|e|i|a|ja|en|και)\s++|"
    rf"(?:\s*+,)?+\s++(?:{JOINS}|{JOINS.upper()}|dan|&|及|與)\s++|\s*+,\s*+"
)
# Words that join two names as well as the parts of one: "Silva e Costa", "Ramón y Cajal".
MAY_JOIN = re.compile(r"\s++(?:e|ed|i|y|en|a|ja|con|și|và|και)\s++")
# "Jane Doe in Berlin": what follows the name is where, not who.
WHERE = re.compile(r"(?<=\w)[,.]?\s+(?:in|aus|from|[Ff]or|FOR|für|à|en|em|из|для|i|fra|at)\s+(?=[^\W\d_]).*$")
# What others did for it: editing stands alone as well, pictures behind the writer's name.
EDITING = re.compile(
    r"\b(?:editors?|editorin|redaktör|redaktor|editör|redaktion|redaktsiya|редактор)\s*:", re.IGNORECASE
)
PICTURES = re.compile(
    r"\s\(?(?:photo(?:s|graphy)?|pictures?|illustrations?|graphics?|videos?|fotos?|fotograf|bild(?:er)?|grafik(?:en)?|"
    r"фото|видео|foto(?:ğraf)?)\s*:",
    re.IGNORECASE,
)
TOLD_TO = re.compile(r"^.*\b(?:as told to|aufgezeichnet von)\s+", re.IGNORECASE)
ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|journalist|writer|columnist|staff|contributor|producer|author|freelance|"
    r"chief|bureau|"
    r"director|professor|head|officer|manager|deputy|vice|minister|founder|photographer|analyst|critic|intern|"
    r"fellow|lecturer|president|ceo|\w*redakteur\w*|redaktör|leitende\w*|kommentar\w*|korrespondent\w*|"
    r"journalistin|chefred\w*|"
    r"ressort\w*|volont[aä]r\w*|reporterin|autorin|leiter\w*|r[eé]dact\w*|journaliste|correspondant\w*|"
    r"redactor\w*|periodista|corresponsal|"
    r"giornalista|inviato|redattor\w*|журналист\w*|корреспондент\w*|редактор\w*|обозреватель|muxbir|müxbir|"
    r"jurnalist|muhabir\w*|gazeteci|editör|"
    r"jornalista|rep[óo]rter|fotograf\w*|reportero)\b",
    re.IGNORECASE,
)
GROUP = re.compile(
    r"\b(?:news|media|desk|redaktion\w*|r[eé]daction|redacci[oó]n|redazione|reda[ck]\w*|team|staff|agenc\w+|"
    r"\w*agentur\w*|editorial|editors|press|presse|times|"
    r"online|tv|radio|admin\w*|newsroom|network|group|magazine|journal|gazette|tribune|herald|telegraph|guardian|"
    r"daily|weekly|post|"
    r"today|report|bureau|service|services|board|university|institute|foundation|association|ministry|police|"
    r"council|company|inc|ltd|gmbh|llc|"
    r"newspaper|contributors|correspondents|reporters|wire|wires|редакция|агентство|новости|пресс-служба|издание|"
    r"haber\w*|xəbər\w*|redaksiya\w*|"
    r"agentliyi|nachrichten|zeitung|verlag|associated|reuters|bloomberg|podcast|channel|studio|studios|digital|"
    r"web|guest|unknown|anonymous|"
    r"ajans\w*|view|comments?|log|partnership|sponsored|"
    r"advert\w*|scholar|google|share|follow|read|more|updated|published|"
    r"contributions?|email|subscribe|sign|advertisement|facebook|twitter|instagram|telegram|whatsapp|linkedin|"
    r"youtube|none|null|undefined|user|webmaster|deutsche|agence|agencia|agenzia|ntb|tass|тасс|риа|интерфакс)\b",
    re.IGNORECASE,
)
# Words of captions, of buttons and of links to other things, which stand where names do; no group goes by them either.
NOTICE = re.compile(
    r"\b(?:watch|listen|filed|related|content|images|getty|shutterstock|fotos?|photos?|bild(?:er)?|grafik|illustration|"
    r"фото|видео|arial|sans|serif|mittel)\b",
    re.IGNORECASE,
)
AGENCIES = re.compile(
    r"^(?:dpa(?:[-/ ].*)?|afp|(?:the )?associated press|ap|apa|aa|sid|epd|kna|upi|ani|pti|ians|efe|ansa|aap|pa|rtr|tt|"
    r"ritzau|stt|lusa|anp|belga|keystone|sda|trend|azernews|azertac|azertag|azərtac|азертадж|апа|тренд|report|turan|"
    r"туран|tass|тасс|interfax(?:-\w+)?|(?:интерфакс|інтерфакс)(?:-\w+)?|xinhua|yonhap|kyodo|cnn|bbc|rfe/rl|reuters|"
    r"рейтер|armenpress|арменпресс|kazinform|qazinform|казинформ|uza|ўза|kabar|кабар|akipress|khovar|ховар|tdh|irna|"
    r"tasnim|anadolu(?: ajans[ıi]| agency)?|dha|iha|риа новости|ria novosti|ukrinform|укринформ|укрінформ|unian|уніан|"
    r"sputnik|спутник|ховар|o[‘'ʻ’]za|[iİ]ha|արմենպրես|ինտերֆաքս|ინტერპრესნიუს(?:ი|ის)|იმედი|პირველი არხი|ایرنا|ایسنا|"
    r"تسنیم|فارس|مهر|ایلنا|میزان|برنا|رویترز|آسوشیتدپرس)$",
    re.IGNORECASE,
)
DEBRIS = re.compile(r"https?:|www\.|\.(?:com|de|net|org|az|ru|tv|co|uk)\b|@|[<>{}\[\]=_:]|\d|©|#", re.IGNORECASE)
EMAIL = re.compile(r"\S+@\S+\.\w+|@\w+|\(at\)")
PARENTHESES = re.compile(r"\s*+[(\[][^)\]]*[)\]]")
PARTICLES = {
    "de",
    "van",
    "von",
    "der",
    "den",
    "da",
    "dos",
    "das",
    "du",
    "del",
    "della",
    "di",
    "la",
    "le",
    "bin",
    "ibn",
    "al",
    "el",
    "zu",
    "zum",
    "af",
    "av",
    "ter",
    "ten",
    "y",
    "e",
    "do",
    "st.",
    "oğlu",
    "qızı",
    "ogly",
    "kızı",
    "ap",
    "of",
    "und",
    "vom",
    "des",
    "dela",
    "los",
    "las",
    "'t",
    "’t",
    "st",
    "dal",
    "dalla",
    "ul",
    "abu",
}
# What leads to a date behind a name.
DATE_WORDS = frozenset(MONTHS) | {
    "published", "updated", "posted", "last", "modified", "on", "at", "date", "am", "vom", "um", "den", "le", "el",
    "il", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
}  # fmt: skip
IN_T = re.compile(r"(?<=\w) (?:in|op|aan) ['’]t (?=\w)")  # "Peter in 't Veld"
# "al-Sayed", "d'Ormesson": the capital comes after the particle.
GLUED_PARTICLE = re.compile(r"^(?:a[ldhnrstz]|ash|el|es|bin|ben|ibn|ul|ter|de|d|dell|dall|degl|l|o|t)[-'’](?=\w)")
ARTICLES = frozenset({"the", "about"})  # no name begins so
# Cities and countries of two words, which look like a name behind a name: "Jane Doe, New York".
PLACES = frozenset(
    {
        "abu dhabi", "addis ababa", "bad homburg", "baden baden", "buenos aires", "cape town", "costa rica", "den haag",
        "east jerusalem", "el salvador", "great britain", "ho chi minh city", "hong kong", "kuala lumpur", "las vegas",
        "los angeles", "mexico city", "new delhi", "new jersey", "new york", "new york city", "new zealand",
        "north korea", "nueva york", "port moresby", "puerto rico", "rio de janeiro", "san diego", "san francisco",
        "san jose", "san josé", "santo domingo", "são paulo", "saudi arabia", "sierra leone", "south africa",
        "south korea", "sri lanka", "st. gallen", "st. louis", "st. petersburg", "tel aviv", "the hague",
        "united kingdom", "united nations", "united states", "washington d.c.", "washington dc", "west bank",
        "нижний новгород", "нью йорк",
    }
)  # fmt: skip
# Labels that are the first words of names as well.
SHARED = frozenset({"de", "di", "av", "af", "par", "von", "od"})
OF_SURNAMES = frozenset({"de", "di"})
# Two letters that can be spoken are a name, others initials.
SHORT = re.compile(r"[^\WAEIOUYÄÖÜÉ][AEIOUYÄÖÜÉ]|[AEIOUYÄÖÜÉ][^\WAEIOUYÄÖÜÉJPV]")
# What places of two words begin with: "Jane Doe, Fort Worth".
PLACE = re.compile(
    r"^(?:fort|port|new|north|south|east|west|middle|mount|cape|san|sankt|bad|las|los|северный|северная|южный|южная|"
    r"западный|западная|восточный|восточная|новый|новая|нижний|великий|нью)\s\S+$",
    re.IGNORECASE,
)
MAX_WORDS = 6
HAN = re.compile("^[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af々・ ]{2,12}$")
HAN_GROUP = re.compile(
    "新聞|新闻|通信|編集|编辑|デジタル|オンライン|時事|共同|通讯|日报|日報|網|网|기자단|뉴스|신문|일보|연합|편집|특파원|社$|部$|局$|班$"
)
HAN_ROLE = re.compile("\\s*+(?:기자|특파원|記者|记者|編集委員|特派員)$")
# "Jane Doe The Associated Press", "Jane Doe Pier Staff": an agency or a staff glued to the end of a name.
GLUED = re.compile(r"\s++(?:the\s++)?(?:associated press|reuters|afp|dpa|bloomberg|\w++ staff)$", re.IGNORECASE)
LONGEST = 400  # characters of a text that is read for names; what a stranger declares as the author has no end


def split_names(text: str, declared: bool = False) -> list[str]:
    """Return the persons named in a byline such as "By Jane Doe, Chief Editor, and John Roe"; empty for none.

    `declared` texts are called a name by the page, so that "Di Maio Luigi" is one and "Di" no label.
    """
    return list(_persons(_shortened(html.unescape(text)), declared))


@lru_cache(maxsize=8_000)  # a page names its author in several places, and an outlet has not many
def _persons(text: str, declared: bool) -> tuple[str, ...]:
    text = TOLD_TO.sub("", EMAIL.sub("", PARENTHESES.sub("", text)))
    if ":" in text:
        text = EDITING.split(PICTURES.split(text, maxsplit=1)[0], maxsplit=1)[0]
    pieces = [piece for piece in JOINED.split(strip_label(text, declared)) if piece.strip()]
    mixed = any(not piece.isupper() for piece in pieces)
    # among names, capitals are an agency or a desk
    pieces = [part for piece in pieces if not (mixed and piece.isupper()) for part in _parted(piece)]
    return tuple(name for piece in pieces if is_person(name := tidy(piece, declared)))


def _shortened(text: str) -> str:
    """Return the lines of a text with single spaces, and of an endless one the beginning, up to the last whole name."""
    lines = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    if len(lines) <= LONGEST:
        return lines
    end = max(lines.rfind(mark, 0, LONGEST) for mark in ",;|\n")
    return lines[: end if end > 0 else LONGEST]


def _parted(piece: str) -> list[str]:
    """Return two persons for "Jane Doe e John Roe", else what names the one, without the place that it is from."""
    parts = MAY_JOIN.split(piece)
    if len(parts) > 1 and all(" " in part.strip() and is_person(tidy(part)) for part in parts):
        return parts
    bare = WHERE.sub("", piece)
    return [bare if " " in bare.strip() else piece]


def strip_label(text: str, declared: bool = False) -> str:
    """Return the text without "By", "Автор:" and their like in front."""
    text = GLUED_LABEL.sub("", text.strip())
    for _ in range(2):
        label = LABEL.match(text)
        if label is None or _of_the_name(label.group(), text[label.end() :], declared):
            break
        text = text[label.end() :].strip()
    return text


def _of_the_name(label: str, rest: str, declared: bool) -> bool:
    """Say whether what reads as a label is the first word of a name: "Di Nguyen", "Von der Leyen Ursula"."""
    word, words = label.strip().lower(), rest.split()
    if word not in SHARED or not words:
        return False
    if words[0] in PARTICLES:
        return True
    single = len(words) == 1 or (declared and word in OF_SURNAMES and len(words) == 2)
    return label[0].isupper() and not rest.isupper() and single


def before_date(line: str) -> str:
    """Return what stands before the first figure of a line, without the month and the words that lead to a date."""
    words = re.split(r"\d", line, maxsplit=1)[0].split()
    while words and (words[-1].lower().strip(".,") in DATE_WORDS or not words[-1][0].isalnum()):
        words.pop()
    return " ".join(words)


def tidy(name: str, declared: bool = False) -> str:
    """Return a name on one line, without stray marks, and in title case where it was all capitals."""
    name = strip_label(" ".join(name.split()).strip(' ,;:|/–—-*•·"“”„«»'), declared)
    name = HAN_ROLE.sub("", re.sub(r"(?<=\s)(\S+)\s+[-–—]\s+.*$", r"\1", name))  # "Jane Doe - Reporter"
    bare = _once(GLUED.sub("", name))
    name = bare if len(bare.split()) > 1 and bare.split()[-1].lower() not in ("et", "and", "und", "the") else name
    if len(name) > 4 and name.isupper() and " " in name:
        name = re.sub(r"[^\W\d_]+", lambda match: _in_title_case(match.group()), name)
    return name.strip(" ,;:|/")


def _in_title_case(word: str) -> str:
    """Return "Jane" for "JANE" and "Bo" for "BO"; initials stay: "JD", "AJ"."""
    return word if len(word) == 1 or (len(word) == 2 and not SHORT.match(word)) else word.capitalize()


def _once(name: str) -> str:
    """Return the name of "Jane Doe Jane Doe", which is shown once for small screens and once for large ones."""
    words = name.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half > 1 and words[:half] == words[half:] else name


def is_person(name: str, typed: bool = False) -> bool:
    """Say whether a text can be the name of one person; `typed` names are declared as persons and may be one word."""
    if HAN.match(name):
        return not HAN_GROUP.search(name) and len(name) <= (12 if typed else 6)
    words = name.split()
    if not words or len(words) > MAX_WORDS or not 2 < len(name) <= 60 or DEBRIS.search(name):
        return False
    if GROUP.search(name) or AGENCIES.match(name) or ROLE.search(name):
        return False
    if words[0].lower() in ARTICLES or name.casefold() in PLACES or NOTICE.search(name):
        return False
    if PLACE.match(name) and not typed:
        return False
    if words[0].isupper() and AGENCIES.match(words[0]):
        return False  # "AFP Sports"
    if len(words) == 1:
        return typed and not name[0].islower() and not name.isupper()
    cased = [word for word in IN_T.sub(" ", name).split() if word.lower() not in PARTICLES]
    return bool(cased) and all(_like_a_name(word) for word in cased)


def is_signature(name: str) -> bool:
    """Say whether a declared author that is no person can stand: not an address, a number or a user name."""
    if re.search(
        r"\b(?:staff|team|admin|user|reporters?|correspondents?|editors?|contributors?|guest)\b", name, re.IGNORECASE
    ):
        return False
    return (
        1 < len(name) <= 60
        and len(name.split()) <= MAX_WORDS
        and not re.search(r"https?:|@|[<>{}\[\]=]|^\d+$|^#$", name)
    )


def _like_a_name(word: str) -> bool:
    first = next((char for char in GLUED_PARTICLE.sub("", word) if char.isalpha()), "")
    # Unicode calls the letters of Georgian small, since it has had capitals for them that nobody writes names with.
    return bool(first) and (not first.islower() or "\u10d0" <= first <= "\u10ff")

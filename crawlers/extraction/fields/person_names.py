"""Names of persons, told from organisations, roles, labels and debris. Words only: nothing here knows a page."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from crawlers.extraction.vocabulary import any_of, one_of, words
from crawlers.extraction.vocabulary.months import MONTHS

# What names the part of the writer: it stands before a name anywhere on a page, and social networks show it too.
WRITERS = words("authors.writers")
# Said of the size of letters and of other texts as well, so that they count above the text alone.
OF_TEXT = words("authors.of_text")
# What stands before a name in a byline, and means other things elsewhere.
LABELS = WRITERS | OF_TEXT | words("authors.before_name")

LABEL = re.compile(rf"^(?:{one_of(LABELS)})(?:\s*+[:：՝]\s*+|\s++)", re.IGNORECASE)
# "ByJane Doe": the label in an element of its own, with nothing between.
GLUED_LABEL = re.compile(r"^By(?=[A-Z][a-z'’-]+\s+[A-Z])")
# What joins two names, small or in capitals; "Dan" is a given name as well as the Indonesian "and".
JOINS = any_of("authors.joins")
JOINED = re.compile(
    rf"(?<!\s(?=\s))(?:[^\S\n]*+[;|•·\n/、，]\s*+|\s*+,\s++(?:{any_of('authors.joins_behind_comma')})\s++|"
    rf"(?:\s*+,)?+\s++(?:{JOINS}|{JOINS.upper()}|dan|&|及|與)\s++|\s*+,(?!\s?(?:[JS]r\b|I{{2,3}}\b|IV\b))\s*+)"
)
# "Doe, Jane", as catalogues of libraries and journals declare a name.
SURNAME_FIRST = re.compile(r"([^\W\d_][\w'’-]+),\s([^\W\d_][\w'’-]+(?:\s[^\W\d_]\.?)?)")
# Words that join two names as well as the parts of one: "Silva e Costa", "Ramón y Cajal".
MAY_JOIN = re.compile(rf"\s(?<!\s\s)\s*+(?:{any_of('authors.may_join')})\s++")
# "Jane Doe in Berlin": what follows the name is where, not who.
WHERE = re.compile(rf"(?<=\w)[,.]?\s+(?:{any_of('authors.before_place')})\s+(?=[^\W\d_]).*$")
# What others did for it: editing stands alone as well, pictures behind the writer's name.
EDITING = re.compile(rf"\b(?:{any_of('authors.editing')})\s*:", re.IGNORECASE)
PICTURES = re.compile(rf"\s\(?(?:{any_of('authors.pictures')})\s*:", re.IGNORECASE)
TOLD_TO = re.compile(rf"^.*\b(?:{any_of('authors.told_to')})\s+", re.IGNORECASE)
# A role: "editor"; and what stands between it and the name: "senior", "sports".
QUALIFIERS = re.compile(any_of("authors.qualifiers", "authors.roles"), re.IGNORECASE)
ROLE = re.compile(rf"\b(?:{any_of('authors.roles')})\b", re.IGNORECASE)
GROUP = re.compile(rf"\b(?:{any_of('authors.groups', 'agencies.within_names')})\b", re.IGNORECASE)
# Words of captions, of buttons and of links to other things, which stand where names do; no group goes by them either.
NOTICE = re.compile(rf"\b(?:{any_of('authors.notices')})\b", re.IGNORECASE)
AGENCIES = re.compile(rf"^(?:{any_of('agencies.names')})$", re.IGNORECASE)
DEBRIS = re.compile(r"https?:|www\.|\.(?:com|de|net|org|az|ru|tv|co|uk)\b|@|[<>{}\[\]=_:]|\d|©|#", re.IGNORECASE)
EMAIL = re.compile(r"(?<!\S)\S[^\s@]*+@\S+\.\w+|@\w+|\(at\)")
PARENTHESES = re.compile(r"\s*+[(\[][^)\]]*[)\]]")
PARTICLES = words("authors.particles")
# What leads to a date behind a name.
DATE_WORDS = frozenset(MONTHS) | words("dates.before_date")
IN_T = re.compile(r"(?<=\w) (?:in|op|aan) ['’]t (?=\w)")  # "Peter in 't Veld"
# "al-Sayed", "d'Ormesson": the capital comes after the particle.
GLUED_PARTICLE = re.compile(rf"^(?:{any_of('authors.glued_particles')})[-'’](?=\w)")
ARTICLES = words("authors.article_words")  # no name begins so
# Cities and countries of two words, which look like a name behind a name: "Jane Doe, New York".
PLACES = words("authors.places")
# Labels that are the first words of names as well.
SHARED = words("authors.label_or_name")
OF_SURNAMES = words("authors.surname_starts")
# Two letters that can be spoken are a name, others initials.
SHORT = re.compile(r"[^\WAEIOUYÄÖÜÉ][AEIOUYÄÖÜÉ]|[AEIOUYÄÖÜÉ][^\WAEIOUYÄÖÜÉJPV]")
# What places of two words begin with: "Jane Doe, Fort Worth".
PLACE = re.compile(rf"^(?:{any_of('authors.place_starts')})\s\S+$", re.IGNORECASE)
MAX_WORDS = 6
HAN = re.compile("^[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af々・ ]{2,12}$")
HAN_GROUP = re.compile(any_of("authors.group_signs"))
HAN_ROLE = re.compile(rf"(?<!\s(?=\s))\s*+(?:{any_of('authors.role_signs')})$")
# "Jane Doe The Associated Press", "Jane Doe Pier Staff": an agency or a staff glued to the end of a name.
GLUED = re.compile(
    rf"\s(?<!\s\s)\s*+(?:the\s++)?(?:{any_of('agencies.behind_names', 'authors.behind_name')})$", re.IGNORECASE
)
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
    if declared and (turned := SURNAME_FIRST.fullmatch(text.strip())) and is_person(f"{turned[2]} {turned[1]}"):
        return (f"{turned[2]} {turned[1]}",)
    pieces = [piece for piece in JOINED.split(strip_label(text, declared)) if piece.strip()]
    mixed = any(not piece.isupper() for piece in pieces)
    # among names, capitals are an agency or a desk
    pieces = [part for piece in pieces if not (mixed and piece.isupper()) for part in _parted(piece)]
    return tuple(name for piece in pieces if is_person(name := tidy(without_role(tidy(piece, declared)), declared)))


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


def without_role(name: str) -> str:
    """Return "Jane Doe" for "Jane Doe Staff Writer": a name of two words without its role. Other texts stay."""
    role = ROLE.search(name)
    if role is None or GROUP.match(name.rpartition(" ")[2]):
        return name
    ahead, behind = name[: role.start()].split(), name[role.end() :].split()
    while ahead and QUALIFIERS.fullmatch(ahead[-1]):
        ahead.pop()
    while behind and QUALIFIERS.fullmatch(behind[0].strip(".,:")):
        behind.pop(0)
    named = ahead if len(ahead) == 2 else behind if len(behind) == 2 and not ahead else []
    return " ".join(named) or name


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

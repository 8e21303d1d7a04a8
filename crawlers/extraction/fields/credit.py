"""The credit of a text: the agency or outlet that a line names, and the lines that are only bylines or credits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.person_names import (
    AGENCIES,
    GROUP,
    LABEL,
    OF_TEXT,
    WRITERS,
    split_names,
    strip_label,
    tidy,
)
from crawlers.extraction.text_norm import fold, is_sentence
from crawlers.extraction.trace import Line, Stage
from crawlers.extraction.vocabulary import any_of, expressions, lazy, marks_of
from crawlers.extraction.vocabulary.phrases import SOURCE

BY = re.compile(
    rf"^(?:{any_of('credits.byline_labels')})[:\s]\s{{0,2}}(?P<who>[^.!?]{{2,60}}?)\s*"
    r"(?:[-–—]\s*(?P<agency>[A-Z][\w. ]{1,30}?):?)?$",
    re.IGNORECASE,
)
SLASHED = re.compile(r"^/\s*(?:by\s+)?(?P<who>[^/.]{2,40})\s*/$", re.IGNORECASE)
COLON = re.compile(r"^(?P<who>[A-Z][\w.]{1,20}(?: [A-Z][\w.]+)?):$")
PARENTHESISED = re.compile(r"^[^.]{0,60}?\((?P<who>[A-Z][\w./ ]{1,20})\)\s*[-–—]")
DATELINE = re.compile(
    r"^(?:[A-ZА-ЯЁƏÜÖŞÇĞİ][\w’' -]{1,30}),\s+(?:[A-Z][\w’' -]{2,30},\s+)?[A-ZА-Я]?[^\W\d]{2,9}\.?\s+\d{1,2}\.?$|"
    r"^(?:[A-ZА-ЯЁƏÜÖŞÇĞİ][\w’' -]{1,30})[,.]\s+\d{1,2}\s+[^\W\d]{3,10}\.?$"
)
CAPITAL = "A-ZА-ЯЁҒҚҢӨҰҮҺІЇЄҐҶӢӮЎҲƏÜÖŞÇĞİÑÄÝŽŇԱ-Ֆ"
NAMED = rf"(?P<who>[{CAPITAL}][\w.‘ʻ-]*\w(?:\s[{CAPITAL}][\w-]+)?)"  # one word or two, a host too
# Where the first capital of a run of letters is: no later one is the beginning of a name if that one is not.
FIRST_OF_RUN = rf"(?<![\w.‘ʻ-])(?:(?![{CAPITAL}])[\w.‘ʻ-])*+"
OPEN, CLOSE = '[«“„"]?', '[»”“"]?'
# How a text is said to come from somebody, each behind words of which it has one; small letters.
_NAMES = {
    "name": FIRST_OF_RUN + NAMED,
    "quoted_name": OPEN + NAMED + CLOSE,
    "open": OPEN,
    "close": CLOSE,
    "capitals": CAPITAL,
}
_ANY_NAMES = dict.fromkeys(_NAMES, r"\w")  # say nothing of what must be there, and are read in a fifth of the time
TOLD = tuple(
    (marks_of(around), lazy(pattern))
    for around, pattern in zip(
        expressions("credits.reported", **_ANY_NAMES), expressions("credits.reported", **_NAMES), strict=True
    )
)
BEFORE_AGENCY = any_of("credits.before_agency")
# "Baku, May 12, AZERTAC.", "МОСКВА, 12 мая - РИА Новости.", "ДУШАНБЕ /Ховар/.": the agency at the end of the dateline.
DATELINED = re.compile(
    rf"^[{CAPITAL}][\w’' -]{{1,30}}[.,/]\s++(?:[^:/–—]{{3,30}}?\s?[,.–—-]?\s+)??"
    rf"/?(?:(?:{BEFORE_AGENCY})\s+)?{OPEN}{NAMED}{CLOSE}/?\s?(?:[:./։–—-]{{1,20}}(?:\s|$)|$)"
)
# The same on a line of its own, which has a day in it.
DATELINE_OF_AGENCY = re.compile(
    rf"^[{CAPITAL}][\w’' -]{{1,30}}[.,]\s++(?=[^:/]*\d)[^:/]{{3,30}}?\s?[,.–—-]\s+{OPEN}{NAMED}{CLOSE}[.:]?$"
)
OF_WRITERS = WRITERS | OF_TEXT
MEDIUM = re.compile(rf"\b(?:{any_of('credits.media')})\b|news$|press$|\.(?:az|ge|am|uz|kz|ru|com)$", re.IGNORECASE)
SOURCED = re.compile(rf"^\W*{SOURCE}\s*[:：]\s*(?P<who>\S.*)$", re.IGNORECASE)
HOST = re.compile(r"^(?:https?://)?(?:www\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?:/\S*)?$", re.IGNORECASE)
SMALL = re.compile(r"[a-zß-öø-ÿа-яёѐ-џəığşґ]")  # how no name begins; Georgian, Persian and others have no capitals
LONGEST = 90  # characters of a credit line
SOURCE_WORDS = 5  # of the name of one at the most
EDGE = 4  # how many lines at either end are looked at


@dataclass(frozen=True, slots=True)
class Credits:
    """What the lines of a text tell of its origin, and the lines that are left."""

    credit: str | None = None
    authors: tuple[str, ...] = ()
    left: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts of the lines that are left."""
        return tuple(line.text for line in self.left)


def take_credits(context: PageContext, lines: Sequence[Line]) -> Credits:
    """Take bylines and credit lines off either end of a text, and name the credit. See `read_credits`."""
    origin = read_credits([line.text for line in lines], context.credit_names)
    for place, rule in origin.taken.items():
        context.trace.dropped(lines[place], Stage.CREDIT, rule)
        context.trace.candidate("credit", rule, lines[place].text, "taken off the text")
    context.trace.chose("credit", origin.credit, origin.source)
    left = tuple(line for place, line in enumerate(lines) if line.text and place not in origin.taken)
    context.trace.kept(left)
    return Credits(origin.credit, origin.authors, left)


def take_signature(context: PageContext, lines: Sequence[Line], authors: Iterable[str]) -> tuple[Line, ...]:
    """Take the last line off a text where it names the article's authors and says nothing else."""
    if not is_signed(lines[-1].text if len(lines) > 1 else "", authors):
        return tuple(lines)
    context.trace.dropped(lines[-1], Stage.CREDIT, "names the authors and says nothing else")
    context.trace.kept(lines[:-1])
    return tuple(lines[:-1])


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text comes from, by its lines. `taken` maps the number of a line that is none of the text to the rule."""

    credit: str | None = None
    authors: tuple[str, ...] = ()
    taken: Mapping[int, str] = field(default_factory=dict)
    source: str = ""  # what named the credit


def read_credits(lines: Sequence[str], known: Sequence[str] = ()) -> Origin:
    """Find the bylines and credit lines at either end of a text, and the credit that they name.

    `known` are further names that stand for an agency or outlet. A line of its own ("By Azernews", "/Trend/", "Trend:")
    decides; else the first paragraphs' "APA reports", "(Reuters)", "citing Trend".
    """
    taken: dict[int, str] = {}
    credit: str | None = None
    authors: list[str] = []
    for place in range(min(EDGE, len(lines))):
        if DATELINE.match(lines[place]) and len(lines) > 1:
            taken[place] = "dateline"
    for place in [*range(min(EDGE, len(lines))), *range(max(EDGE, len(lines) - 2), len(lines))]:
        byline = _byline_at(lines, place, known, taken)
        if byline is None:
            continue
        agency, persons = byline
        credit = credit or agency
        authors.extend(person for person in persons if person not in authors)
        taken[place] = "byline or credit line"
    last = len(lines) - 1
    if last > 0 and last not in taken and (source := SOURCED.match(lines[last])) and _is_name(source["who"]):
        credit = credit or _source(source["who"], known)
        taken[last] = "source line"
    left = tuple(line for place, line in enumerate(lines) if line and place not in taken)
    if not left:
        return Origin()
    source_of_credit = "a line of its own" if credit else ""
    if not credit:
        credit, source_of_credit = _cited(left, known)
    return Origin(credit, tuple(authors), taken, source_of_credit)


def _byline_at(
    lines: Sequence[str], place: int, known: Sequence[str], taken: Collection[int]
) -> tuple[str | None, list[str]] | None:
    """Return (agency, persons) for the line at this place if it is nothing but a byline or a credit, else None."""
    line = lines[place]
    first = (
        bool(known)
        and len(lines) > 2
        and all(above in taken or not lines[above] for above in range(place))
        and not _is_told_of(line, lines[place + 1 :])
    )
    return None if _is_behind_text(lines, place) else _byline(line, known, first)


def is_signed(line: str, authors: Iterable[str]) -> bool:
    """Say whether a line names these authors, or some of them, and says nothing else."""
    if not line or len(line) > LONGEST:
        return False
    bare = line.strip(" *_()")
    names = [fold(name) for name in split_names(bare)]
    alone = LABEL.match(bare) is not None or [fold(bare)] == names
    return bool(names) and alone and set(names) <= {fold(author) for author in authors}


def _is_name(who: str) -> bool:
    """What stands behind "Source:" is a name or an address, and not a sentence about it."""
    words = len(who.split())
    if words > SOURCE_WORDS and is_sentence(who):
        return False
    return len(who) <= LONGEST and (words == 1 or SMALL.match(who) is None)


def _source(who: str, known: Sequence[str]) -> str | None:
    """The agency or outlet that is named as the source; the host where that is an address."""
    bare = who.strip(' .,/«»“”"')
    if (address := HOST.match(bare)) is not None:
        return address["host"] if _is_source(bare, known) else address["host"].lower()
    return bare if SMALL.match(bare) is None and len(bare.split()) <= SOURCE_WORDS else None


def _is_told_of(name: str, lines: Iterable[str]) -> bool:
    """Say whether lines speak of what a short line names: then it is a heading, a place or a person of the story."""
    words = set(re.findall(r"\w+", name.casefold()))
    return len(name) <= LONGEST and any(words.intersection(re.findall(r"\w+", line.casefold())) for line in lines)


def _is_behind_text(lines: Sequence[str], place: int) -> bool:
    """Say whether a line names a writer behind the text, where boxes about books do so too, and stay in the text."""
    label = LABEL.match(lines[place])
    named = label is not None and label.group().strip(" :：՝").casefold() in OF_WRITERS
    return named and any(len(line) > LONGEST for line in lines[:place])


def _byline(line: str, known: Sequence[str], first: bool = False) -> tuple[str | None, list[str]] | None:
    """Return (agency, persons) for a line that is nothing but a byline or a credit, else None.

    `first`: it opens the text of an outlet that we know, where a name stands without any label.
    """
    if len(line) > LONGEST:
        return None
    bare = line.strip(" *_")
    for name in known:
        if strip_label(bare).casefold().strip("/: ") == name.casefold():
            return name, []
    if first and 2 <= len(bare.split()) <= 4 and bare[-1:].isalpha() and (persons := split_names(bare)) == [tidy(bare)]:
        return None, persons
    if match := SLASHED.match(bare):
        persons = split_names(match["who"])
        return (None, persons) if persons else (match["who"].strip(), [])
    if (match := DATELINE_OF_AGENCY.match(bare)) and _is_source(match["who"], known):
        return match["who"], []
    if (match := COLON.match(bare)) and (_is_agency(match["who"]) or match["who"] in known):
        return match["who"], []
    if match := BY.match(bare):
        who = match["who"].strip(" ,:")
        persons = split_names(who)
        agency = match["agency"]
        if persons and not _is_agency(who):
            return agency, persons
        if len(who.split()) <= 3 and who[:1].isupper():
            return agency or who, []
    elif LABEL.match(bare) and len(bare) <= 60 and (persons := split_names(bare)):
        return None, persons
    return None


def _is_agency(name: str) -> bool:
    return bool(AGENCIES.match(name.strip()) or GROUP.search(name))


def _is_source(name: str, known: Sequence[str]) -> bool:
    """A name in running text: an agency or medium that is known as one, not any ministry or company."""
    return name in known or AGENCIES.match(name) is not None or MEDIUM.search(name) is not None


def _cited(lines: Sequence[str], known: Sequence[str]) -> tuple[str | None, str]:
    """Return the agency or outlet that the first paragraphs cite, and how they do it."""
    for line in lines[:2]:
        if (match := PARENTHESISED.match(line)) and _is_agency(match["who"]):
            return match["who"], "in brackets in the first lines"
    for line in lines[:3]:
        if (dateline := DATELINED.match(line)) and _is_source(dateline["who"], known):
            return dateline["who"], "at the end of the dateline"
        small = line.lower()
        for pattern in (pattern for words, pattern in TOLD if any(word in small for word in words)):
            for match in pattern.finditer(line):
                if _is_source(who := match["who"].rstrip("."), known):
                    return who, "cited in the first paragraphs"
    return None, ""

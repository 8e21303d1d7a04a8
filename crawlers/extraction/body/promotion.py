"""Lines that promote, by their words alone, in many languages.

A phrase of promotion may also be news ("Sign up rates have doubled."). So it counts in three places only:

- where it is the whole line, or stands before a colon;
- at the beginning of a line that is no sentence;
- in a sentence that addresses the reader and names what the outlet offers.

A line in which somebody says something is news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawlers.extraction.body.line_filters import MOST, SAYING
from crawlers.extraction.text_norm import is_sentence
from crawlers.extraction.vocabulary import any_of, expressions, first_words_of, lazy, marks_of, tables, words
from crawlers.extraction.vocabulary.phrases import ALL_NEWS, BUTTONS, COUNTED, FOLLOW, KEYWORDS, LABELS, NETWORKS


class Rules:
    """Expressions, each behind words of which a line has one if it matches; a line is in small letters."""

    def __init__(self, rules: Iterable[tuple[Iterable[str], re.Pattern[str]]]) -> None:
        self._by_word: dict[str, list[re.Pattern[str]]] = {}
        for marks, pattern in rules:
            for mark in marks:
                self._by_word.setdefault(mark, []).append(pattern)
        self._words = tuple(self._by_word)
        self._ascii_words = tuple(filter(str.isascii, self._words))  # all that a line in ASCII may have

    def match(self, small: str) -> bool:
        """Say whether one of the expressions is found in a line; the words are looked for first, which costs less."""
        words = self._ascii_words if small.isascii() else self._words
        told = [word for word in words if word in small]  # nearly always none
        return any(pattern.search(small) is not None for word in told for pattern in self._by_word[word])


def _with_plain_i(line: str) -> str:
    """Return a line in small letters with "i" for all letters that `re.IGNORECASE` takes for it: ı, İ, I."""
    return line.lower().replace("i\u0307", "i").replace("ı", "i")


# No quotation mark: what is quoted is news. But "» " is a bullet.
START = r"(?:[^\w\"“”„«»‘’‚']|»\s)*+"
QUOTED = re.compile(r"[\"“„«][^\"“”«»]*[\"“”»]")
LABEL = 120  # characters of a line that is nothing but a label
COLONS = ":|→›"  # one of these stands behind a label that is before something
ALONE = re.compile(rf"{START}(?:{LABELS}|{BUTTONS})\W*$", re.IGNORECASE)
BEFORE_COLON = re.compile(
    rf"{START}(?:(?:{LABELS})\s*[:|→›]|(?:{any_of('lines.before_colon')}|{KEYWORDS})\s*[:|]|url:\s*http|"
    rf"(?:{COUNTED})\s*:\s*[\d۰-۹])",
    re.IGNORECASE,
)
# The rest of the news is in a network, or the reader is asked to come there; the verb may stand at the end.
NETWORK = "|".join(NETWORKS)
BEGIN = r"(?:^|[.!?…—–]\s)(?:(?![.!?…—–]\s)\W)*+"
CHANNELLED = lazy(
    rf"{BEGIN}(?:{ALL_NEWS})\b.{{0,60}}(?:{NETWORK})\S*(?:\s\S+){{0,2}}\s*$|"
    rf"{BEGIN}(?:{FOLLOW})\b.{{0,60}}(?:{NETWORK})|(?:{NETWORK}).{{0,60}}(?<!\w)(?:{FOLLOW})\W*$",
    re.IGNORECASE,
)
MISTAKE = lazy(any_of("promotion.reports_mistake"), re.IGNORECASE)
OPENING = re.compile(rf"{START}(?:{any_of('promotion.openings')})", re.IGNORECASE)

# What an outlet offers, what is to be done with it, and who is spoken to: each alone is in the news every day.
LETTER = lazy(any_of("promotion.letters"), re.IGNORECASE)
INVITES = "invites to a newsletter or channel (promotion.calls, follow, all_news, letters)"
TAKING = lazy(rf"\b(?:{any_of('promotion.taking')})\b", re.IGNORECASE)
READER = lazy(rf"\b(?:{any_of('promotion.reader')})\b", re.IGNORECASE)
CALL_CHANNELS = any_of("promotion.call_channels")
CALL = lazy(  # a sentence that begins by asking for it
    rf"(?:^|[.!?:;…–—|*(]|-\s)(?:(?!-\s)[^\w\"“”„«»‘’‚'.!?:;…–—|*(])*+(?:(?:{any_of('promotion.before_call')}) )?"
    rf"(?:{any_of('promotion.calls')})"
    rf"(?:[^.!?]|\.(?=\w)){{0,120}}?(?:{CALL_CHANNELS})",
    re.IGNORECASE,
)
# One of these is in all that LETTER, CALL and CHANNELLED find; small letters.
CHANNELS = tuple(sorted({*NETWORKS, *marks_of(LETTER.pattern), *marks_of(CALL_CHANNELS)}))
ASCII_CHANNELS = tuple(filter(str.isascii, CHANNELS))
TURN_TO = lazy(  # with an address of mail or a name in a network in the line
    any_of("promotion.contact"), re.IGNORECASE
)
ADDRESS = re.compile(r"(?<!\w)@\w|\S@\w")
OFFERS = Rules(  # what is offered by one of these words, and how: in a line that speaks to the reader
    (tuple(offer.get("words") or marks_of(offer["pattern"])), lazy(offer["pattern"], re.IGNORECASE))
    for offers in tables("promotion.offers").values()
    for offer in offers
)
ASSURED = Rules(  # what no news is told with, wherever it has one of these words
    (marks_of(pattern), lazy(pattern, re.IGNORECASE)) for pattern in expressions("promotion.always")
)
APPEALS = Rules(  # to readers, for money
    (map(_with_plain_i, marks_of(pattern)), lazy(pattern, re.IGNORECASE))
    for pattern in expressions("promotion.appeals")
)
BEGINNINGS = expressions("promotion.beginnings")  # how no news begins


def _by_first_word(patterns: Iterable[str]) -> dict[str, list[re.Pattern[str]]]:
    table: dict[str, list[re.Pattern[str]]] = {}
    for pattern in patterns:
        compiled = lazy(pattern, re.IGNORECASE)
        for word in first_words_of(pattern):
            table.setdefault(word, []).append(compiled)
    return table


BEGUN = _by_first_word(BEGINNINGS)
FIRST_WORD = re.compile(r"\W*(\w+)")
HERE = tuple(sorted(words("promotion.here")))
LINKED_HERE = lazy(  # a sentence that is the label of a link, and ends with it
    rf"^\W*(?:{any_of('promotion.here_verbs')})\b.*\b(?:{'|'.join(HERE)})\W*$", re.IGNORECASE
)


def is_promotion(line: str) -> bool:
    """Say whether the line promotes something, wherever it stands."""
    return bool(promotion_kind(line))


def names_letter(title: str) -> bool:
    """Say whether a title names what outlets offer by mail or in a channel: the text may be about that."""
    return LETTER.search(title) is not None


def is_appeal(line: str) -> bool:
    """Say whether the line asks readers for money, as after the last paragraph; within a text it may be news."""
    return len(line) < 2 * MOST and APPEALS.match(_with_plain_i(line)) and SAYING.search(line) is None


def promotion_kind(line: str) -> str:
    """Return the rule by which a line is promotion; empty if none matches."""
    if len(line) >= MOST:
        return ""
    if len(line) <= LABEL and ALONE.match(line) is not None:
        return "nothing but a label (lines.labels, lines.buttons)"
    sentence = is_sentence(line)
    if not sentence and any(colon in line for colon in COLONS) and BEFORE_COLON.match(line) is not None:
        return "a label before a colon (lines.labels, lines.keywords, lines.counters)"
    if ("nter" in line or "NTER" in line) and MISTAKE.search(line) is not None:
        return "asks readers to report a mistake (promotion.reports_mistake)"
    opens = not sentence and OPENING.match(line) is not None
    kind = "opens like promotion (promotion.openings)" if opens else _address_to_reader(line)
    return kind if kind and SAYING.search(line) is None else ""


def _address_to_reader(line: str) -> str:
    """Return the rule by which a line addresses the reader with an offer; empty if none matches.

    These rules match sentences too. Quotations are left out first, since news quotes such words.
    """
    line = QUOTED.sub(" ", line)
    small = line.lower()  # a word is looked for before a pattern, which costs far more
    if _begins(small):
        return "begins as no article does (promotion.beginnings)"
    if ASSURED.match(small):
        return "a phrase that is never in article text (promotion.always)"
    if small.rstrip(" .!»>").endswith(HERE) and LINKED_HERE.search(line) is not None:
        return "a link that ends in the word here (promotion.here)"
    if "@" in line and ADDRESS.search(line) is not None and TURN_TO.search(line) is not None:
        return "asks to write to an address (promotion.contact)"
    channels = ASCII_CHANNELS if small.isascii() else CHANNELS
    named = [channel for channel in channels if channel in small]
    if named and _offers_channel(line):
        return INVITES
    if OFFERS.match(small) and READER.search(line) is not None:
        return "offers something to the reader (promotion.offers)"
    return ""


def _begins(small: str) -> bool:
    first = FIRST_WORD.match(small)
    if first is None:
        return False
    return any(pattern.match(small, first.start(1)) is not None for pattern in BEGUN.get(first[1], ()))


def _offers_channel(line: str) -> bool:
    if CALL.search(line) is not None or CHANNELLED.search(line) is not None:
        return True
    return all(one.search(line) is not None for one in (LETTER, TAKING, READER))

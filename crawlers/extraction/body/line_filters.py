"""Lines that close an article or belong to a picture, by their words alone, in many languages."""

from __future__ import annotations

import re

from crawlers.extraction.text_norm import is_sentence
from crawlers.extraction.vocabulary import any_of, lazy
from crawlers.extraction.vocabulary.phrases import REUSE

MOST = 350  # characters of a line that is judged by its words; longer ones are paragraphs that may quote any of them
SAYING = re.compile(rf"\b(?:{any_of('speech.said')})\b|{any_of('speech.said_within')}", re.IGNORECASE)

NAME = r"(?-i:[A-ZÀ-ÖØ-ÞĀĂĄĆČĐĒĘĞĢĪİŁŃŇŌŐŘŚŞŠŪŮŰŹŻŽƏА-ЯЁЇІЄҐ])"  # a name's first letter
CLOSING = re.compile(  # whatever the sentence
    rf"^\W*(?:{any_of('closing.start', capital=NAME)}|(?:{any_of('closing.translated')})\s*(?:by|:)\s*{NAME})|"
    rf"^\W*+(?:{REUSE})|"
    rf"{any_of('closing.anywhere')}",
    re.IGNORECASE,
)
CLOSING_LABEL = re.compile(  # where it is no sentence
    rf"^\W*(?:{any_of('closing.fragments', capital=NAME)})", re.IGNORECASE
)
PICTURES = any_of("captions.pictures")
UNCASED = any_of("captions.pictures_uncased")  # the same in letters without capitals, or rarely with them
NO_NAMES = any_of("captions.of_nobody")  # whose they are, if nobody's
CREDITED = re.compile(  # how a line begins that goes with a picture, whatever the sentence
    rf"[^\w©]*©|\W*(?:{any_of('captions.start', capital=NAME)}|"
    rf"(?:{PICTURES})s?\s*(?:by|:|credit)\W*(?:{NAME}[^\s]*[\s/|,]*){{1,5}}\W*$|"
    rf"(?:{UNCASED})\s*[:՝]\s*\S.{{0,60}}$|(?:{NO_NAMES})\W*$)",
    re.IGNORECASE,
)
CREDIT_MARKS = ("getty", "(", "/")  # one of these is in all that ends with a credit; small letters
CREDIT_END = lazy(
    rf"\|\s*\w+[^.]{{0,40}}getty images|getty images\W*$|\((?:{PICTURES})s?:[^)]{{0,80}}\)\W*$|"
    rf"{NAME}[\w'’-]*(?-i:[a-z]) ?/\s?(?:{any_of('agencies.on_pictures')})\W*$",
    re.IGNORECASE,
)
CREDIT_LABEL = re.compile(  # where it is no sentence
    rf"^\W*(?:{any_of('captions.fragments')})|^\W*(?:{PICTURES})s?\s*(?:by {NAME}|:|credit)", re.IGNORECASE
)


def is_closing(line: str) -> bool:
    """Say whether the line closes a page and is no text of the article: copyright, source, editors, terms of use."""
    if len(line) >= MOST:
        return False
    if CLOSING.search(line) is None and (is_sentence(line) or CLOSING_LABEL.search(line) is None):
        return False
    return SAYING.search(line) is None


def is_caption(line: str) -> bool:
    """Say whether the line belongs to a picture."""
    return bool(caption_kind(line))


def caption_kind(line: str) -> str:
    """Return the rule by which a line belongs to a picture; empty if none matches."""
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

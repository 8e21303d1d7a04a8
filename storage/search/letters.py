"""Words of a text with one spelling for each: case, diacritics and variants of letters do not count.

`fold` is used for index and query alike. The tables are part of the stored index: whoever changes one raises
ANALYSER_VERSION in analyser.py. docs/reading.md shows them to users.
"""

from __future__ import annotations

import re
import unicodedata

from storage.text import UNSPACED

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"  # combining marks inside of words
# Vowel signs of the scripts from Devanagari to Sinhala are no letters to Python. The danda and other signs end words.
INDIC = "".join(char for char in map(chr, range(0x0900, 0x0E00)) if unicodedata.category(char).startswith("M"))
APOSTROPHES = "'’ʼʻ‘`´ʹ"
_WORD = re.compile(rf"[{UNSPACED}]|(?:[^\W_{UNSPACED}]|[{_MARKS}{INDIC}])+")
# Most texts have none of what _WORD treats in its own way; a plain pattern takes a third of the time.
_SPECIAL = re.compile(rf"[_{_MARKS}{INDIC}{UNSPACED}]")
_PLAIN_WORD = re.compile(r"\w+")
# Uzbek oʻ and gʻ are letters, and Ukrainian and Belarusian write an apostrophe within words.
_JOINED_WORD = re.compile(
    rf"[{UNSPACED}]|(?:[^\W_{UNSPACED}]|[{_MARKS}{INDIC}]|(?<=\w)[{APOSTROPHES}](?=\w)|[ʻʼ](?<=[oOgG].))++"
)
JOINING = frozenset({"uz", "uk", "be", "kaa"})
_INVISIBLE = re.compile("[\u00ad\u0640\u200b-\u200f\u2060\ufeff]")  # soft hyphen, tatweel, joiners, byte order mark

# Letters that decomposition does not lead to their plain form.
_PLAIN = str.maketrans(
    {
        "ə": "e", "ǝ": "e", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
        "ħ": "h", "ŋ": "n",
        "ё": "е", "ѐ": "е", "ѝ": "и",
        # Persian, Arabic, Azerbaijani in Iran: one form of each letter.
        "ي": "ی", "ى": "ی", "ئ": "ی", "ې": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ە": "ه",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ۇ": "و", "ء": "",
        **dict.fromkeys(APOSTROPHES, ""),
    }
)  # fmt: skip
_KEPT_WHOLE = re.compile("[\u0400-\u052f]")  # Cyrillic: й and ї are letters of their own, not и and і with a mark


def normalised(text: str) -> str:
    """Return the text in NFKC and without case. Turkish and Azerbaijani İ becomes a plain i."""
    if text.isascii():
        return text.lower()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return text.replace("i\u0307", "i")


def words(text: str, language: str | None = None) -> list[str]:
    """Return the words of a normalised text, not yet folded."""
    if language in JOINING or _SPECIAL.search(text):
        return pattern(language).findall(text)
    return _PLAIN_WORD.findall(text)


def pattern(language: str | None) -> re.Pattern[str]:
    """Return what a word is in a language."""
    return _JOINED_WORD if language in JOINING else _WORD


def fold(word: str) -> str:
    """Return a normalised word without diacritics and with one form of each letter; digits as 0 to 9."""
    if word.isascii():
        return word.translate(_PLAIN)
    word = word.translate(_PLAIN)
    return "".join(map(_plain, unicodedata.normalize("NFC", word)))


def _plain(char: str) -> str:
    if char.isascii() or _KEPT_WHOLE.match(char):
        return char
    if char.isdigit():
        return str(unicodedata.digit(char))
    return "".join(part for part in unicodedata.normalize("NFKD", char) if not _is_mark(part))


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn" and not "\u0900" <= char <= "\u0dff"


def _table(cyrillic: str, latin: str) -> dict[int, str]:
    return str.maketrans(dict(zip(cyrillic.split(), (part.strip("_") for part in latin.split()), strict=True)))


# Cyrillic as the language's Latin alphabet writes it, folded: a text is found in whichever script it is written.
_LATIN = {
    "az": _table(
        "а ә б в г ғ д е ж з и ы й ј к ҝ л м н о ө п р с т у ү ф х һ ч ҹ ш щ ц э ю я ь ъ",
        "a e b v q g d e j z i i y y k g l m n o o p r s t u u f x h c c s s s e yu ya _ _",
    ),
    "uz": _table(
        "а б в г ғ д е ж з и й к қ л м н о ў п р с т у ф х ҳ ч ш щ ц ы э ю я ь ъ",
        "a b v g g d e j z i y k q l m n o o p r s t u f x h ch sh sh s i e yu ya _ _",
    ),
    "kk": _table(
        "а ә б в г ғ д е ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ч ш щ ц ы і э ю я ь ъ",
        "a a b v g g d e j z i i k q l m n n o o p r s t u u u f h h ch s s ts y i e iu ia _ _",
    ),
}


def latin(word: str, language: str | None) -> str:
    """Return a folded word in the Latin alphabet of Azerbaijani, Uzbek or Kazakh; in other languages as it is."""
    table = _LATIN.get(language or "")
    return word.translate(table) if table and _KEPT_WHOLE.search(word) else word

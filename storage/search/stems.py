"""Stems of folded words: forms of a word that mean the same are found by each other.

Stems are taken after folding, so that a word gives the same stem with and without its diacritics. Snowball serves the
languages that it has, but for Turkish: its rules need the diacritics (vowel harmony), and it stems the forms of names
differently. Turkish, Azerbaijani, Uzbek, Kazakh and Georgian lose their endings of plural, possession and case by the
tables below.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import Stemmer

Stem = Callable[[str], str]

SNOWBALL = {
    "en": "english", "ru": "russian", "hy": "armenian", "fa": "persian", "ar": "arabic", "de": "german",
    "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese", "nl": "dutch", "sv": "swedish",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "da": "danish", "fi": "finnish", "hu": "hungarian",
    "ro": "romanian", "el": "greek", "pl": "polish", "cs": "czech", "lt": "lithuanian", "et": "estonian",
    "id": "indonesian", "sr": "serbian", "ca": "catalan", "hi": "hindi",
}  # fmt: skip


@dataclass(frozen=True)
class Endings:
    """Endings of a language, as a pattern for each least number of letters that must stay before the ending.

    Endings are taken off until none is left. A word that only looks as if it had one (Astana) thus loses it in all its
    forms (Astanada), and these still find each other.
    """

    patterns: tuple[re.Pattern[str], ...]
    final: dict[str, str]  # last letters that alternate: Turkish kitap, kitabı
    soften: tuple[re.Pattern[str], str] | None = None  # a change within the word: nazirlik, nazirliyi

    def stem(self, word: str) -> str:
        """Return the word without its endings."""
        if word.isdigit():
            return word
        if self.soften:
            word = self.soften[0].sub(self.soften[1], word)
        while (shorter := self._shorter(word)) != word:
            word = shorter
        return word[:-1] + self.final[word[-1]] if len(word) > 3 and word[-1] in self.final else word

    def _shorter(self, word: str) -> str:
        for pattern in self.patterns:
            if found := pattern.search(word):
                return word[: found.start()]
        return word


def _leaving(letters: int, endings: str) -> re.Pattern[str]:
    """Compile endings, the longest first, before which at least so many letters stay."""
    longest_first = sorted(endings.split(), key=len, reverse=True)
    return re.compile(rf"(?<=\w{{{letters}}})(?:{'|'.join(longest_first)})$")


_OGHUZ = (
    _leaving(3, "(?<=[iu])n[dt][ae]n (?<=[iu])n[dt][ae] [dt][ae]n [dt][ae]"),  # ablative, locative
    _leaving(2, "l[ae]r"),  # plural
    _leaving(
        4, "[dt][iu]r n[iu]n [iu]n n[iuae] [yi][ae] (?<=[aeiou])[sn] [iuae]"
    ),  # is, genitive, accusative, dative, of
)
_TURKISH = (*_OGHUZ, _leaving(4, "y[iu]"))
_UZBEK = (_leaving(3, "dagi ning dan ni ga ka qa da lar"), _leaving(4, "dir imiz ingiz lari si im ing i"))
_KAZAKH = (
    _leaving(3, "[ndt][yi]n [ndt][ae]n [gqkndt][ae] [ndt][yi] [mbp]en [ldt][ae]r"),
    _leaving(4, "[yi]m[yi]z s[yi] [yi]"),
)
_GEORGIAN = (
    _leaving(3, "ისთვის სთვის ისგან სგან იდან დან ამდე მდე თან ვით ში ზე კენ ისა ით ის ად მა ვე ებ ს მ თ ი ა ე ო"),
)
ENDINGS = {
    "tr": Endings(_TURKISH, {"g": "k", "b": "p", "d": "t"}),
    "az": Endings(
        _OGHUZ, {"g": "k", "q": "k", "y": "k", "b": "p", "d": "t"}, (re.compile("(?<=l[iu])y(?=[iuae])(?!ev)"), "k")
    ),
    "uz": Endings(_UZBEK, {"g": "k", "q": "k"}),
    "kk": Endings(_KAZAKH, {"g": "k", "q": "k", "b": "p"}),
    "ka": Endings(_GEORGIAN, {}),
}

LANGUAGES = frozenset(SNOWBALL) | frozenset(ENDINGS)


def _unchanged(word: str) -> str:
    return word


@cache
def stem_of(language: str | None) -> Stem:
    """Return what stems folded words of a language; a language without rules keeps its words."""
    if language in ENDINGS:
        return ENDINGS[language].stem
    if language not in SNOWBALL:
        return _unchanged
    snowball: Stem = Stemmer.Stemmer(SNOWBALL[language], 0).stemWord
    return _russian(snowball) if language == "ru" else snowball


_SURNAME = ("ов", "ев")


def _russian(snowball: Stem) -> Stem:
    """Treat surnames in -ov and -ev like the genitive plural: Snowball stems their cases differently."""

    def stem(word: str) -> str:
        if not (len(word) > 4 and word.endswith(_SURNAME)):
            word = snowball(word)
        return word[:-2] if len(word) > 4 and word.endswith(_SURNAME) else word

    return stem

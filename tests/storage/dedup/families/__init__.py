"""Families of reports on one frame, with copies of each in other outlets. The tables beside this file hold the words.

A family has eight members: other news each, told in the same words. A copy of a member is what another outlet makes of
it: a headline above the text, a credit below, the last sentence cut, other typography, numerals written otherwise,
words exchanged. Every third family of a file is held aside: no bound was chosen by it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MEMBERS = 8
CREDITS = {
    "az": "Mənbə: Region Xəbər Agentliyi", "ru": "Источник: агентство «Регион Информ»", "en": "Source: Regional News",
    "tr": "Kaynak: Bölge Haber Ajansı", "ka": "წყარო: რეგიონის ამბები", "kk": "Дереккөз: Өңір ақпарат агенттігі",
    "uz": "Manba: Hudud axborot agentligi", "hy": "Աղբյուր՝ Տարածաշրջան լրատվական", "fa": "منبع: خبرگزاری منطقه",
    "quotes": "© Regional News",
}  # fmt: skip
# How another desk writes numerals: a table of patterns for each language.
NUMERALS = {
    "az": ((r"(\d) faiz", r"\1%"), (r"(\d) milyon", r"\1 mln"), (r"(\d),(\d)", r"\1.\2"), (r"\b1000\b", "1 000")),
    "ru": ((r"(\d) процент\w+", r"\1%"), (r"(\d),(\d)", r"\1.\2"), (r"\bдевять\b", "9"), (r"\bтрое\b", "3")),
    "en": ((r"(\d) percent", r"\1%"), (r"(\d) million", r"\1m"), (r"(\d),(\d{3})", r"\1 \2"), (r"\bthree\b", "3")),
    "tr": ((r"yüzde (\d[\d,]*)", r"%\1"), (r"(\d)\.(\d\d)\b", r"\1:\2"), (r"(\d),(\d)", r"\1.\2")),
    "ka": ((r"(\d) პროცენტი", r"\1%"), (r"(\d),(\d)", r"\1.\2")),
    "kk": ((r"(\d) пайыз", r"\1%"), (r"(\d),(\d)", r"\1.\2"), (r"\bалты\b", "6")),
    "uz": ((r"(\d) (\d{3})", r"\1\2"), (r"(\d),(\d)", r"\1.\2")),
    "hy": ((r"(\d),(\d)", r"\1.\2"), (r"\bերկու\b", "2")),
    "fa": (),
    "quotes": ((r"\bforty\b", "40"), (r"\bдвести\b", "200")),
}
_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


@dataclass(frozen=True)
class Family:
    """Members of one frame. `aside`: held aside when the rules were made."""

    name: str
    language: str
    frame: str
    vary: dict[str, list[str]]
    headline: str
    reword: list[list[str]]
    long: bool
    aside: bool

    def member(self, number: int) -> str:
        """Return the text of a member."""
        return self._filled(self.frame, number).strip()

    def copies(self, number: int) -> dict[str, str]:
        """Return the copies of a member, by what was done to it."""
        text = self.member(number)
        headline, credit = self._filled(self.headline, number), CREDITS[self.language]
        numerals = self._numerals(text)
        copies = {
            "headline": f"{headline}\n\n{text}",
            "credit": f"{text}\n\n{credit}",
            "typography": text.replace(" - ", " — ").replace('"', "”").replace("'", "’").replace("\n\n", "\n"),
            "numerals": numerals,
            "reworded": self._reworded(text),
            "all": f"{headline}\n\n{self._reworded(numerals)}\n\n{credit}",
        }
        cut = text[: max(text[:-1].rfind(". "), text[:-1].rfind("։ "), text[:-1].rfind("\n")) + 1].strip()
        if len(cut.split()) >= 45 and all(values[number] in cut for values in self.vary.values()):
            copies["cut"] = cut
        return copies

    def _filled(self, words: str, number: int) -> str:
        return words.format(**{name: values[number] for name, values in self.vary.items()})

    def _numerals(self, text: str) -> str:
        for pattern, other in NUMERALS[self.language]:
            text = re.sub(pattern, other, text)
        return text.translate(_LATIN_DIGITS)

    def _reworded(self, text: str) -> str:
        for was, becomes in self.reword:
            text = text.replace(was, becomes)
        return text


@cache
def families() -> tuple[Family, ...]:
    """Return all families."""
    return tuple(
        _family(path.stem, number, table)
        for path in sorted(Path(__file__).parent.glob("*.toml"))
        for number, table in enumerate(tomllib.loads(path.read_text("utf-8"))["family"])
    )


def _family(language: str, number: int, table: dict[str, Any]) -> Family:
    vary = {name: values.split("|") for name, values in table["vary"].items()}
    if any(len(values) != MEMBERS for values in vary.values()):
        raise ValueError(f"{language}.toml: family {table['name']!r} needs {MEMBERS} values for each place")
    return Family(
        table["name"], language, table["frame"], vary, table["headline"], table["reword"], table.get("long", False),
        aside=number % 3 == 2,
    )  # fmt: skip

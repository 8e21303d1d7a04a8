"""Names of months and weekdays of the region's languages and of the large ones, inflected and short forms too.

They are those of Unicode CLDR (`cldr.py`), and what the files of the languages add to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from crawlers.extraction.vocabulary import tables, words
from crawlers.extraction.vocabulary.files import cldr_months, cldr_weekdays
from crawlers.extraction.vocabulary.regex import one_of

Named = tuple[str, str, int]  # a word, the language, the month that it names there


def _named() -> Iterator[Named]:
    left_out = words("dates.months_without")
    for locales in tables("dates.month_locales").values():
        for locale in locales:
            for number, names in enumerate(cldr_months()[locale], 1):
                yield from ((name, locale[:2], number) for name in names.split() if name not in left_out)
    for language, extra in tables("dates.months_extra").items():
        for number, names in extra.items():
            yield from ((name, language, int(number)) for name in names)


def _by_agreement() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return the words that name one month in every language, and the others by language."""
    sure: dict[str, int] = {}
    unsure: dict[str, dict[str, int]] = {}
    for name, named in groupby(sorted(_named()), key=lambda one: one[0]):
        by_language = {language: number for _, language, number in named}
        if len(set(by_language.values())) == 1:
            sure[name] = next(iter(by_language.values()))
            continue
        for language, number in by_language.items():
            unsure.setdefault(language, {})[name] = number
    return sure, unsure


# Words that two languages give to different months stand in UNSURE and need the language.
MONTHS, UNSURE = _by_agreement()
# The solar calendar of Iran and Afghanistan: the names of the one, then of the other.
SOLAR_NAMES = tuple(names for months in tables("dates.solar_months").values() for names in months)
SOLAR_MONTHS = {word: number for number, names in enumerate(SOLAR_NAMES, 1) for word in names.split()}
# What Turkic languages put behind the name in a date, of either script: "2024-жылдын 12-майы", "12 мамырда".
ENDINGS = tuple(sorted(words("dates.month_endings")))


def month_of(word: str, language: str = "") -> int | None:
    """Return the number of the month that a word names, inflected or not, in any language; else None.

    `language` decides where two languages give one word to different months.
    """
    bare = word.lower().replace("i̇", "i").strip("’'.")
    unsure = UNSURE.get(language[:2], {})
    if bare in unsure:
        return unsure[bare]
    if bare in MONTHS:
        return MONTHS[bare]
    stems = (bare.removesuffix(ending) for ending in ENDINGS if bare.endswith(ending))
    return next((MONTHS[stem] for stem in stems if len(stem) > 2 and stem in MONTHS), None)


def is_month(word: str) -> bool:
    """Say whether a word names a month, of the solar calendar too."""
    return word in SOLAR_MONTHS or month_of(word) is not None


def weekdays_in(text: str) -> frozenset[int]:
    """Return the weekdays that a text names in any language; 0 is Monday."""
    names, expression = _weekdays()
    return frozenset(names[name] for name in expression.findall(text.lower()))


@cache
def _weekdays() -> tuple[dict[str, int], re.Pattern[str]]:
    """Return the weekdays by name, without names that two languages give to different days, and how to find them."""
    numbers: dict[str, set[int]] = {}
    for days in cldr_weekdays().values():
        for number, names in enumerate(days):
            for name in names:
                numbers.setdefault(name, set()).add(number)
    sure = {name: next(iter(found)) for name, found in numbers.items() if len(found) == 1 and len(name) > 1}
    return sure, re.compile(rf"(?<!\w)(?:{one_of(sure)})(?!\w)")

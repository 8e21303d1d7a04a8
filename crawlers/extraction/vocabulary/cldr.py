"""Write cldr_months.json and cldr_weekdays.json anew from Babel: `python -m crawlers.extraction.vocabulary.cldr`.

Workers read the files, since Babel takes longer to start than all of the vocabulary.
"""

from __future__ import annotations

import json

from babel import Locale

from crawlers.extraction.vocabulary import tables
from crawlers.extraction.vocabulary.files import FOLDER

FILE = FOLDER / "cldr_months.json"
WEEKDAYS = FOLDER / "cldr_weekdays.json"
CONTEXTS = [(context, width) for context in ("format", "stand-alone") for width in ("wide", "abbreviated")]


def months_by_locale() -> dict[str, list[str]]:
    """Return Babel's month names for the locales that the vocabulary names, as the file holds them."""
    return {locale: [" ".join(names) for names in _months(Locale.parse(locale))] for locale in _locales()}


def weekdays_by_locale() -> dict[str, list[list[str]]]:
    """Return Babel's names of weekdays for the same locales, Monday first; a name may be several words."""
    return {locale: _weekdays(Locale.parse(locale)) for locale in _locales()}


def _locales() -> list[str]:
    return sorted({locale for named in tables("dates.month_locales").values() for locale in named})


def _months(locale: Locale) -> list[list[str]]:
    """Return the names of each month in a date and alone, in full and short, in small letters; single words only."""
    forms = [locale.months[context][width] for context, width in CONTEXTS]
    return [sorted({bare(form[month]) for form in forms if " " not in form[month].strip()}) for month in range(1, 13)]


def _weekdays(locale: Locale) -> list[list[str]]:
    forms = [locale.days[context][width] for context, width in CONTEXTS]
    return [sorted({bare(form[day]) for form in forms}) for day in range(7)]


def bare(name: str) -> str:
    """Return a name as it is looked up."""
    return name.lower().replace("i̇", "i").strip("’'. ")


if __name__ == "__main__":
    for path, names in ((FILE, months_by_locale()), (WEEKDAYS, weekdays_by_locale())):
        path.write_text(json.dumps(names, ensure_ascii=False, indent=1) + "\n", "utf-8")

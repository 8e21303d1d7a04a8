"""Write cldr_months.json anew from Babel: `python -m crawlers.extraction.vocabulary.cldr`.

Workers read the file, since Babel takes longer to start than all of the vocabulary.
"""

from __future__ import annotations

import json

from babel import Locale

from crawlers.extraction.vocabulary import tables
from crawlers.extraction.vocabulary.files import FOLDER

FILE = FOLDER / "cldr_months.json"


def months_by_locale() -> dict[str, list[str]]:
    """Return Babel's month names for the locales that the vocabulary names, as the file holds them."""
    locales = sorted({locale for named in tables("dates.month_locales").values() for locale in named})
    return {locale: [" ".join(names) for names in _months(Locale.parse(locale))] for locale in locales}


def _months(locale: Locale) -> list[list[str]]:
    """Return the names of each month in a date and alone, in full and short, in small letters; single words only."""
    forms = [
        locale.months[context][width] for context in ("format", "stand-alone") for width in ("wide", "abbreviated")
    ]
    return [sorted({bare(form[month]) for form in forms if " " not in form[month].strip()}) for month in range(1, 13)]


def bare(name: str) -> str:
    """Return a month's name as `month_of` looks it up."""
    return name.lower().replace("i̇", "i").strip("’'. ")


if __name__ == "__main__":
    FILE.write_text(json.dumps(months_by_locale(), ensure_ascii=False, indent=1) + "\n", "utf-8")

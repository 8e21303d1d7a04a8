"""The forms in which pages write dates and times: expressions alone, in the order in which they are tried."""

from __future__ import annotations

import re

from crawlers.extraction.vocabulary import any_of
from crawlers.extraction.vocabulary.months import SOLAR_MONTHS

CLOCK = (
    r"(?P<hour>\d{1,2})\s?[:.hHч]\s?(?P<minute>\d{2})(?!\d)(?:[:.](?P<second>\d{2})(?!\d)(?:[.,]\d+)?)?"
    r"(?:\s?(?P<half>[AaPp])\.?\s?[Mm](?![a-z]|T\b)\.?)?"
)
# Hours from UTC; None for what stands for several zones, or for one that moved.
HOURS: dict[str, float | None] = {
    "Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "ET": None, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "BST": 1, "IST": None, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "TRT": 3, "IRST": 3.5, "AZT": 4, "AMT": 4, "GET": 4, "UZT": 5, "TJT": 5, "TMT": 5, "KGT": 6, "ALMT": None,
    "JST": 9, "KST": 9,
}  # fmt: skip
ZONE = (
    r"(?P<zone>Z\b|(?:UTC|GMT)\s?[+-]\s?\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}|[+-]\d{2}\b|"
    rf"(?:{'|'.join(name for name in HOURS if len(name) > 1)})\b)"
)
AFTER = re.compile(rf"^[^\d\n]{{0,14}}?{CLOCK}[\s)(\]\[]{{0,3}}{ZONE}?")
BEFORE = re.compile(rf"{CLOCK}\s?{ZONE}?[^\d]{{0,12}}$")
ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,:]\d+)?)?\s*(?P<zone>Z|UTC|GMT|"
    r"[+-]\s?\d{2}:?\d{2}|[+-]\d{2})?)?"
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})T?(?:(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{4})?")
NUMERIC = (
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[./年년-]\s?(?P<month>\d{1,2})\s?[./月월-]\s?(?P<day>\d{1,2})(?!\d)[日일.]?"
    ),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\s?[./-]\s?(?P<month>\d{1,2})\s?[./-]\s?(?P<year>(?:19|20)\d{2})(?!\d)"),
)
YEAR = r"(?P<year>(?:19|20)\d{2})"
DAY = r"(?P<day>\d{1,2})"
# A vowel sign of Devanagari is part of a word, and no letter.
WORD = "(?P<name>(?:[^\\W\\d_]|[\u0901-\u0903\u093c-\u094d]){2,14}(?:’|')?)"
# "-cı il", "թ.", "წლის", "-njy ýylyň": what stands between a year and the rest of a date behind it.
OF_YEAR = rf"(?:[-\s]{{0,2}}(?:{any_of('dates.after_year')})){{1,2}}[.,]?"
ORDINAL = r"(?:st|nd|rd|th|er|º|-?го|-?е|-?n[cj][iyıüu])?"
NAMED = (
    re.compile(rf"(?<!\d){YEAR}{OF_YEAR}\s*{DAY}{ORDINAL}[-\s]+{WORD}", re.IGNORECASE),
    re.compile(rf"(?<!\d){YEAR}{OF_YEAR}\s*{WORD}\.?\s+{DAY}(?!\d)", re.IGNORECASE),
    re.compile(
        rf"(?<![\d:]){DAY}{ORDINAL}[.,]?\s+(?:de\s+|of\s+|d’)?{WORD}\.?,?\s+(?:de\s+|del\s+|соли\s+)?{YEAR}(?!\d)"
    ),
    re.compile(rf"(?<!\w){WORD}\.?\s+{DAY}(?:st|nd|rd|th)?,?\s+{YEAR}(?!\d)"),
    re.compile(rf"(?<!\d){YEAR}\.?(?:\s*(?:m\.|gada|оны))?\s+{WORD}\.?\s+{DAY}(?!\d)"),
    re.compile(rf"(?<!\d){DAY}[-\s./]{WORD}[.,/]?[-\s./]*{YEAR}(?!\d)"),
    # asctime of C, and what networks made of it: the clock stands between the day and the year
    re.compile(rf"(?<!\w){WORD}\s+{DAY}\s+{CLOCK}(?:\s+{ZONE})?\s+{YEAR}(?!\d)"),
)
# Two figures of a year are believed where the line is a date and nothing else: a time of day, and a label before it.
SHORT_YEAR = r"['’]?(?P<year>\d{2})"
AROUND = rf"\s*+(?:[,|–—-]\s*+)?\[?(?:{CLOCK}\s*+{ZONE}?)?\]?\s*+"
LABEL = r"(?:[^\d:]{1,24}:\s*|[^\W\d_]{2,12}[.,]{1,2}\s+)?"
SHORT = re.compile(rf"{LABEL}(?P<day>\d{{1,2}})(?P<mark>[./-])(?P<month>\d{{1,2}})(?P=mark){SHORT_YEAR}{AROUND}")
SHORT_NAMED = re.compile(rf"{LABEL}{DAY}[-\s./]\s?{WORD}[.,]?[-\s./]\s?{SHORT_YEAR}(?![:.]\d){AROUND}")
# The solar calendar's years of today, with the name of its month; figures alone are believed in Persian only.
SOLAR_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?P<name>{'|'.join(SOLAR_MONTHS)})\s*+(?:ماه)?[،,]?\s*+(?P<year>1[34]\d{{2}})(?!\d)"
)
SOLAR_NUMERIC = re.compile(r"(?<!\d)(?P<year>1[34]\d{2})\s?[./-]\s?(?P<month>\d{1,2})\s?[./-]\s?(?P<day>\d{1,2})(?!\d)")
# Zones of a country that writes the month first.
MONTH_FIRST = frozenset({"ET", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"})

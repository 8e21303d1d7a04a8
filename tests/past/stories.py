"""The articles of the outlet: invented news, a different one for each number, and the days they were published on."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from html import escape

ZONE = timezone(timedelta(hours=4))  # Asia/Baku
_NOUN_LIST = (
    "harbour council bridge railway orchard valley museum teacher engine festival bakery ferry library garden winter "
    "signal market school river tunnel pipeline concert factory border clinic stadium vineyard archive lighthouse mill"
)
_VERB_LIST = "opened closed repaired measured counted painted visited moved insured rented sold planned tested lit"
_PLACE_LIST = "Alat Lankaran Sheki Ganja Quba Shusha Astara Zaqatala Salyan Goychay Barda Tovuz Masalli Oghuz"
_NOUNS, _VERBS, _PLACES = _NOUN_LIST.split(), _VERB_LIST.split(), _PLACE_LIST.split()
SECTIONS = ("economy", "society", "region")


@dataclass(frozen=True)
class Story:
    """An article: its number in the outlet's counter, and when it was published."""

    number: int
    at: datetime
    dated: bool  # its address tells the day
    edited: datetime | None = None

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def path(self) -> str:
        return f"/{self.at:%Y/%m/%d}/{self.number}.html" if self.dated else f"/news/{self.number}.html"

    @property
    def section(self) -> str:
        return SECTIONS[self.number % len(SECTIONS)]

    @property
    def author(self) -> str:
        return ("Leyla Hasanova", "Rashad Mammadov", "Aydan Quliyeva")[self.number % 3]

    @property
    def title(self) -> str:
        chance = random.Random(f"title {self.number}")
        return (
            f"{chance.choice(_PLACES)}: {chance.choice(_NOUNS)} {chance.choice(_VERBS)} beside the "
            f"{chance.choice(_NOUNS)} as matter {self.number} ends"
        )

    @property
    def body(self) -> str:
        more = ("The text was edited since, and says more of the matter than it did.",) if self.edited else ()
        return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in (*paragraphs(self.number), *more))

    def page(self) -> bytes:
        """The article's own page, in the layout of today."""
        title = escape(self.title)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Gazette</title>'
            f'<meta property="og:title" content="{title}">'
            f'<meta property="article:published_time" content="{self.at.isoformat()}"></head>'
            f'<body><nav><a href="/">Gazette</a></nav><main><article><h1>{title}</h1><p class="byline">By {self.author}</p>'
            f"{self.body}</article></main></body></html>"
        ).encode()


@cache
def paragraphs(number: int) -> tuple[str, ...]:
    """The text of an article: about 110 words that no other number has in this order."""
    chance = random.Random(hashlib.sha256(f"matter {number}".encode()).digest())
    return tuple(
        f"In {chance.choice(_PLACES)} the {chance.choice(_NOUNS)} was {chance.choice(_VERBS)} on the word of the "
        f"{chance.choice(_NOUNS)} keeper, who {chance.choice(_VERBS)} the {chance.choice(_NOUNS)} near the "
        f"{chance.choice(_NOUNS)} and {chance.choice(_VERBS)} {chance.randint(2, 9_000)} of them before the "
        f"{chance.choice(_NOUNS)} of {chance.choice(_PLACES)} {chance.choice(_VERBS)} the {chance.choice(_NOUNS)}."
        for _ in range(3)
    )


def stories(first: date, last: date, per_day: int, *, dated: bool = False) -> list[Story]:
    """So many articles on each of the days, oldest first; their numbers grow with time and leave some out."""
    found: list[Story] = []
    number, day = 1000, first
    while day <= last:
        for nth in range(per_day):
            number += 1 + (number % 7 == 0)
            at = datetime.combine(day, time(0, 5), ZONE) + timedelta(minutes=1430 * nth // per_day)
            found.append(Story(number, at, dated))
        day += timedelta(days=1)
    return found


def in_utc(at: datetime) -> str:
    """Such as 2024-05-07T14:30:00, as APIs write instants in UTC without saying so."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"

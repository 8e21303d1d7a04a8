"""An archive of invented news to read: for the tests of pages and API, and for their pictures."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import update

from storage import frontier
from storage.database import Database
from storage.frontier import Extracted, FinishedPage, Run, SeedFetch
from storage.model import Article, DateSource, Hints, Link, Precision, Published
from storage.schema import tables
from tests.storage.building import words

BAKU = timezone(timedelta(hours=4))
HOSTILE = '<script>alert(1)</script> & "quoted" \u202eevil\u202c \x07bell <img src=x onerror=alert(2)>'
PERSIAN = "شورای شهر بندر امروز خرید دو کشتی تازه را تصویب کرد"
PERSIAN_TEXT = (
    "شورای شهر بندر امروز با بیست و یک رأی موافق خرید دو کشتی تازه را تصویب کرد.\n\n"
    "کشتی کنونی شصت و سه روز است که کار نمی‌کند و مردم جزیره نُه سال است که در انتظارند."
)
FERRY_TITLE = "Harbourton buys two ferries for the island line"
FERRY = """The city council of Harbourton voted on Tuesday to spend 14 million crowns on two new ferries for the line to Saint Olaf island.

The vote was closer than expected: 21 members were in favour and 18 against, after a debate that lasted until midnight. Councillor Maren Tveit, who had proposed the purchase, called it a late decision but the right one.

"People on the island have waited nine years for a boat that runs in winter," she told reporters outside the town hall. "Tonight they can sleep."

The present ferry, the Gudrun, was built in 1971 and has been out of service for 63 days since January. Its captain, Olaf Brenn, said that spare parts for the engine are no longer made.

The shipyard in Kallvik is to deliver the first of the ferries in autumn next year. Until then, the council has chartered a boat that will sail four times a day and carry twelve cars."""
FERRY_LATER = (
    FERRY.replace("14 million crowns", "16.5 million crowns")
    .replace("until midnight.", "until midnight. Three members left before the vote.")
    .replace(" Its captain, Olaf Brenn, said that spare parts for the engine are no longer made.", "")
)
OUTLETS = {
    "herald": "The Harbour Herald", "xeber": "Şəhər Xəbər", "gazeti": "Qərb Qəzeti", "posta": "Dağ Postası",
    "bandar": "روزنامه بندر", "vestnik": "Горный вестник", "tidings": "Island Tidings", "wire": "Norland Wire",
}  # fmt: skip
_SUBJECTS = [
    "Parliament",
    "Ministry of Transport",
    "City council",
    "Central bank",
    "Football federation",
    "National library",
    "Power company",
    "Teachers' union",
    "State railway",
    "Harbour authority",
    "Statistics office",
    "Weather service",
]
_DEEDS = [
    "opens talks on the winter budget",
    "delays the new bridge over the Kura",
    "publishes figures for the third quarter",
    "names a new director",
    "signs an agreement on gas transit",
    "closes two schools in the mountains",
    "promises lower fares from January",
    "warns of heavy snow in the north",
    "reports record exports of hazelnuts",
    "restores the old customs house",
    "counts more visitors than ever",
    "cancels the spring festival",
]


@dataclass(frozen=True, slots=True)
class News:
    """An article to put into the archive. `hours`: before the newest moment."""

    outlet: str
    number: int
    title: str
    text: str
    hours: float
    more: dict[str, Any]


def news(outlet: str, number: int, title: str, text: str, hours: float, **more: Any) -> News:
    return News(outlet, number, title, text, hours, more)


def small_archive(db: Database, now: datetime) -> dict[str, int]:
    """Fill a store with a few articles: copies, an edit, a Persian and a hostile one. Returns runs by outlet."""
    runs = {
        "herald": _fill(db, "herald", [
            news("herald", 1, FERRY_TITLE, FERRY, 6, section="Politics", authors=("Ada Lind",), image="https://herald.example/1.jpg"),
            news("herald", 2, "Snow closes the pass", words("snow", 80), 5),
            news("herald", 3, HOSTILE, f"{words('hostile', 60)}\n\n{HOSTILE}", 4, section=HOSTILE, authors=(HOSTILE,)),
        ], now),
        "wire": _fill(db, "wire", [news("wire", 1, FERRY_TITLE, FERRY, 3, credit="The Harbour Herald")], now),
        "tidings": _fill(db, "tidings", [
            news("tidings", 1, "Two ferries for the island", FERRY.replace("two new ferries", "a pair of ferries"), 2),
        ], now),
        "bandar": _fill(db, "bandar", [news("bandar", 1, PERSIAN, PERSIAN_TEXT, 1, language="fa")], now),
    }  # fmt: skip
    _fill(db, "herald", [news("herald", 1, FERRY_TITLE, FERRY_LATER, 6, section="Politics")], now)
    return runs


def large_archive(db: Database, now: datetime, days: int = 190) -> None:
    """Fill a store with half a year of many outlets, for pictures."""
    for n, outlet in enumerate(list(OUTLETS)[:7]):
        _fill(db, outlet, list(_half_year(outlet, n, now, days)), now)
    big = [
        news("herald", 1, FERRY_TITLE, FERRY, 9, section="Politics", authors=("Ada Lind",)),
        news("bandar", 1, PERSIAN, PERSIAN_TEXT, 1.5, language="fa"),
    ]
    for one in big:
        _fill(db, one.outlet, [one], now)
    for n, outlet in enumerate(("wire", "tidings", "posta", "gazeti", "xeber")):
        text = FERRY if n % 2 else FERRY.replace("a late decision but the right one", "overdue")
        _fill(db, outlet, [news(outlet, 1, FERRY_TITLE, text, 8 - n, credit="The Harbour Herald")], now)
    for title, copies in (
        ("State railway promises lower fares from January", 3),
        ("Heavy snow expected in the north", 2),
    ):
        text = prose(title)
        for n, outlet in enumerate(list(OUTLETS)[: copies + 1]):
            _fill(db, outlet, [news(outlet, 900_000 + copies * 10 + n, title, text, 7 - n)], now)
    _fill(
        db, "herald", [news("herald", 1, FERRY_TITLE, FERRY_LATER, 9, section="Politics", authors=("Ada Lind",))], now
    )
    long_ago = update(tables.Outlet).values(first_seen_at=now - timedelta(days=days - 2))
    db.write(lambda c: c.execute(long_ago) and None)


_SENTENCES = [
    "The {who} expects a decision before {month}",
    "Officials spoke with {number} villages along the river",
    "{name} said that nobody had asked for it in {number} years",
    "The work is to cost {number} million crowns",
    "Members from {place} voted against",
    "Shops in {place} stayed open until midnight",
    "{name}, who leads the talks, called the figures honest",
    "A second meeting in {place} is planned for {month}",
    "Engineers measured the ice {number} times",
    "The {who} had warned of this in {month}",
    "Around {number} people came to the town hall of {place}",
    "Nothing like it has been seen since {year}",
    "The {who} did not answer our questions by the evening",
    "Farmers near {place} lost {number} sheep",
]
_NAMES = [
    "Leyla Karimli",
    "Giorgi Beridze",
    "Maren Tveit",
    "Pavel Sorokin",
    "Aygun Nabiyeva",
    "Nino Lomidze",
    "Ivar Lund",
    "Ani Sarkisian",
]
_PLACES = ["Kallvik", "Harbourton", "Saint Olaf", "Velkograd", "Norland", "Upper Gorge", "Old Mill", "Stone Bridge"]
_MONTHS = ["January", "March", "April", "June", "October", "December"]


def prose(seed: str, sentences: int = 9) -> str:
    """Invented sentences, in paragraphs; always the same for one seed, and others for every other one."""
    chance = random.Random(seed)
    told = [
        sentence.format(
            who=chance.choice(_SUBJECTS).lower(), name=chance.choice(_NAMES), place=chance.choice(_PLACES),
            month=chance.choice(_MONTHS), number=chance.randint(3, 990), year=chance.randint(1890, 2020),
        )
        for sentence in chance.sample(_SENTENCES, sentences)
    ]  # fmt: skip
    return "\n\n".join(". ".join(told[n : n + 3]) + "." for n in range(0, len(told), 3))


def _half_year(outlet: str, n: int, now: datetime, days: int) -> Iterator[News]:
    chance = random.Random(outlet)
    usual = (8, 6, 5, 4, 3, 2, 2)[n]
    for day in range(days):
        weekend = (now - timedelta(days=day)).weekday() >= 5
        number = max(0, round(chance.gauss(usual * (0.5 if weekend else 1), 1)))
        if n == 0 and 50 <= day <= 53:
            number = 0
        for k in range(number):
            subject, deed = chance.choice(_SUBJECTS), chance.choice(_DEEDS)
            rise = max(0.015, 0.28 - 0.025 * n - abs(day - 60 - 5 * n) / 130)
            about = " Many now ask for a referendum on it." if chance.random() < rise else ""
            text = prose(f"{outlet}{day}{k}", 3) + about  # too short to be compared: quick to store
            yield news(outlet, 10 + day * 20 + k, f"{subject} {deed}", text, day * 24 + k * 1.7 + 1)


def _fill(db: Database, outlet: str, wanted: Sequence[News], now: datetime) -> int:
    """Put articles into the store as a crawl does. Returns the run."""
    run = frontier.start_run(db, frontier.RunRequest(outlet, OUTLETS[outlet], "nightly", {}))
    urls = {_url(one): one for one in wanted}
    links = [Link(url, Hints(published=_published(one, now))) for url, one in urls.items()]
    frontier.discover(db, run, SeedFetch("feed", f"https://{outlet}.example/rss", status=200), links, refetch=True)
    leases = frontier.lease(db, run, 100_000, now=datetime.now(UTC) + timedelta(days=3650))
    for at in range(0, len(leases), 50):
        done = [
            FinishedPage(each.page_id, Extracted(_article(urls[each.url], now)), now, 200)
            for each in leases[at : at + 50]
            if each.url in urls
        ]
        frontier.finish(db, run, done, now)
    frontier.put_back_all(db, run)
    frontier.end_run(db, run.id, "completed", _counts(run, len(wanted)))
    return run.id


def _counts(run: Run, stored: int) -> dict[str, Any]:
    refused = {
        "outcome": "rejected",
        "reason": "listing",
        "url": f"https://{run.outlet_id}.example/tag/x",
        "detail": "links alone",
    }
    return {
        "stored": stored, "edited": 0, "copies": 0, "rejected": 1, "gone": 0, "failed": 0,
        "reasons": {"rejected:listing": 1}, "refused": [refused | {"status": 200}], "problems": [], "notes": [],
    }  # fmt: skip


def _url(one: News) -> str:
    return f"https://{one.outlet}.example/news/{one.number}"


def _published(one: News, now: datetime) -> Published:
    at = (now - timedelta(hours=one.hours)).astimezone(BAKU).replace(second=0, microsecond=0)
    return Published(at, Precision.MINUTE, DateSource.JSON_LD, at.isoformat())


def _article(one: News, now: datetime) -> Article:
    more = {"language": "en", "rights": ("ai=no (meta robots noai)",), "site_rights": ()} | one.more
    return Article(url=_url(one), title=one.title, text=one.text, published=_published(one, now), **more)


def outlet_files(folder: Path) -> Path:
    """Outlet files for two of the outlets, with time zones."""
    folder.mkdir(parents=True, exist_ok=True)
    for outlet, country, zone in (("herald", "az", "Asia/Baku"), ("bandar", "ir", "Asia/Tehran")):
        (folder / f"{outlet}.toml").write_text(
            f'name = "{OUTLETS[outlet]}"\nhome = "https://{outlet}.example/"\ncountry = "{country}"\n'
            f'languages = ["en"]\ntimezone = "{zone}"\n[urls]\narticle = \'^https://{outlet}\\.example/news/\\d+$\'\n'
            f'[[seeds]]\nkind = "feed"\nurl = "https://{outlet}.example/rss"\n'
        )
    return folder

"""What the store's tests build their ledgers from."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.articles import query as articles
from storage.articles.query import Stored
from storage.database import Database
from storage.frontier import ledger, runs
from storage.frontier.results import Ended, Extracted, PageEnd, Result
from storage.frontier.runs import Run
from storage.model import Article, DateSource, Link, Precision, Published

NOUNS = (
    "harbour council ferry budget vote bridge winter market school railway minister farmer tariff festival museum "
    "engineer river valley pipeline storm library orchard deputy export summit clinic tournament archive border"
)
WORDS = NOUNS.split()
START = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)


def words(seed: object, n: int = 60) -> str:
    """Words that no other seed gives; always the same for one."""
    chance = random.Random(str(seed))
    return " ".join([*chance.choices(WORDS, k=n - 1), f"number{seed}"])


def published(hours: float = 0, precision: Precision = Precision.MINUTE) -> Published:
    return Published(START + timedelta(hours=hours), precision, DateSource.META, "as read")


def article(url: str, seed: object, *, hours: float | None = 0, title: str | None = None, **more: Any) -> Article:
    when = None if hours is None else more.pop("when", published(hours))
    return Article(url=url, title=title or f"About {seed}", text=more.pop("text", words(seed)), published=when, **more)


def begin(db: Database, outlet: str = "example", name: str | None = None) -> Run:
    return runs.start_run(db, outlet, name or outlet.title(), "crawl", {})


def lease_page(db: Database, run: Run, url: str) -> int:
    """Announce an address and lease it, whatever else is due; its page."""
    ledger.discover(db, run, None, [Link(url)], refetch=True)
    late = datetime.now(UTC) + timedelta(days=3650)
    leases = ledger.lease(db, run, 10_000, now=late)
    return next(one.page_id for one in leases if one.url == url)


def end_page(db: Database, run: Run, page: int, result: Result, *hops: str, final: str | None = None) -> Ended:
    now = datetime.now(UTC)
    addresses = (*hops, *([final] if final else []))
    return ledger.finish(db, run, [PageEnd(page, result, now, 200, final, addresses)], now)[0]


def put(db: Database, run: Run, url: str, seed: object, **more: Any) -> Ended:
    """One page through the ledger: announced, leased and ended with an article."""
    hops, final = more.pop("hops", ()), more.pop("final", None)
    page = lease_page(db, run, url)
    ended = end_page(db, run, page, Extracted(article(final or url, seed, **more)), *hops, final=final)
    ledger.put_back_all(db, run)
    return ended


def all_articles(db: Database) -> list[Stored]:
    return list(articles.iterate(db, copies=True))

"""What the store's tests build their ledgers from."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage import articles, frontier
from storage.articles import StoredArticle
from storage.database import Database, open_database
from storage.frontier import Extracted, FinishedPage, Outcome, Result, Run
from storage.jobs import RemovalFiles, removal_of_outlet, take_down
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
    return frontier.start_run(db, frontier.RunRequest(outlet, name or outlet.title(), "crawl", {}))


def lease_page(db: Database, run: Run, url: str) -> int:
    """Announce an address and lease it, whatever else is due; its page."""
    frontier.discover(db, run, None, [Link(url)], refetch=True)
    late = datetime.now(UTC) + timedelta(days=3650)
    leases = frontier.lease(db, run, 10_000, now=late)
    return next(one.page_id for one in leases if one.url == url)


def end_page(db: Database, run: Run, page: int, result: Result, *hops: str, final: str | None = None) -> Outcome:
    now = datetime.now(UTC)
    addresses = (*hops, *([final] if final else []))
    return frontier.finish(db, run, [FinishedPage(page, result, now, 200, final, addresses)], now)[0]


def put(db: Database, run: Run, url: str, seed: object, **more: Any) -> Outcome:
    """One page through the ledger: announced, leased and ended with an article."""
    hops, final = more.pop("hops", ()), more.pop("final", None)
    page = lease_page(db, run, url)
    ended = end_page(db, run, page, Extracted(article(final or url, seed, **more)), *hops, final=final)
    frontier.put_back_all(db, run)
    return ended


def all_articles(db: Database) -> list[StoredArticle]:
    return list(articles.iter_articles(db, copies=True))


def take_outlet_down(url: str, folder: Path, outlet: str) -> None:
    """Take an outlet down as a whole, in the store at the url. `folder`: of the archive and the log of removals."""
    with closing(open_database(url)) as db:
        frontier.know_outlets(db, [(outlet, outlet)])
        files = RemovalFiles(folder / "archive", folder / "takedowns.jsonl")
        take_down(db, removal_of_outlet(db, outlet), "asked for", files)

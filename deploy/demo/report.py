"""What two nights came to, for the person who ran them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.table import Table

from crawlers.environment import Settings
from storage import articles, frontier, jobs
from storage.database import Database, open_database

from .press import Press

EXAMPLES = 3  # copies that are shown by name


@dataclass(frozen=True)
class Requests:
    """Requests to the outlets: articles, seeds (and how many of these were answered by 304), robots.txt."""

    articles: int
    seeds: int
    unchanged: int
    robots: int

    @classmethod
    def so_far(cls, press: Press) -> Self:
        kinds = (("article", None), ("seed", None), ("seed", 304), ("robots", None))
        return cls(*(press.requests(kind, status) for kind, status in kinds))

    def __sub__(self, before: Requests) -> Requests:
        return Requests(
            self.articles - before.articles,
            self.seeds - before.seeds,
            self.unchanged - before.unchanged,
            self.robots - before.robots,
        )

    def __str__(self) -> str:
        return f"{self.articles} articles, {self.seeds} seeds ({self.unchanged} unchanged), {self.robots} robots.txt"


def say_store(console: Console, settings: Settings, ids: Sequence[str]) -> bool:
    """Print articles, copies and rejections by outlet. Returns True if every invariant of the store holds."""
    db = open_database(settings.db)
    try:
        console.print(_outlets(db, ids))
        _say_copies(console, db)
        _say_refused(console, db, ids)
        broken = jobs.check_store(db, settings.data / "archive")
    finally:
        db.close()
    for line in broken:
        console.print(f"an invariant of the store is violated: {line}", style="red", markup=False)
    return not broken


def _outlets(db: Database, ids: Sequence[str]) -> Table:
    table = Table(title="What is stored", title_justify="left", title_style="bold", box=None, pad_edge=False)
    columns = ("pages", "articles", "copies", "rejected", "gone", "failed", "waiting")
    table.add_column("outlet")
    for name in columns:
        table.add_column(name, justify="right")
    figures = jobs.store_stats(db)
    for outlet in ids:
        pages = frontier.count_pages(db, outlet)
        kept = (figures["articles"].get(outlet, 0), figures["copies"].get(outlet, 0))
        numbers = (pages["discovered"], *kept, *(pages[name] for name in columns[3:]))
        table.add_row(outlet, *map(str, numbers))
    return table


def _say_copies(console: Console, db: Database) -> None:
    kept = {article.id: article for article in articles.iter_articles(db, copies=True)}
    pairs = [(copy, kept[copy.duplicate_of]) for copy in kept.values() if copy.duplicate_of]
    console.print(f"\n[bold]{len(pairs)} copies found[/]{', each pointing at its original, such as:' if pairs else ''}")
    for copy, original in pairs[:EXAMPLES]:
        title = f"“{copy.title}”: {copy.outlet} took it over from {original.outlet}"
        console.print(f"  {title} (credit: {copy.credit or 'none'})", markup=False)


def _say_refused(console: Console, db: Database, ids: Sequence[str]) -> None:
    console.print("\n[bold]Pages that are not in the archive, and why[/]")
    for outlet in ids:
        reasons: dict[str, int] = {}
        for run in frontier.last_runs(db, outlet):
            for reason, count in run.counts.get("reasons", {}).items():
                reasons[reason] = reasons.get(reason, 0) + count
        refused = ((count, reason) for reason, count in reasons.items() if not reason.startswith("duplicate:"))
        console.print(f"  {outlet}: {', '.join(f'{count} {reason}' for count, reason in refused) or 'none'}")


def say_requests(console: Console, names: Sequence[str], nights: Sequence[Requests]) -> None:
    """What each night asked the press for."""
    console.print("\n[bold]Requests[/]")
    for name, night in zip(names, nights, strict=True):
        console.print(f"  {name}: {night}")


def fetched_nothing(console: Console, last: Requests) -> bool:
    """Say whether the last night fetched no article again, as it should."""
    if last.articles:
        console.print(f"\nThe second night fetched {last.articles} articles again, which it should not.", style="red")
        return False
    console.print("\n[bold green]The second night fetched no article again.[/]")
    return True


def say_what_next(console: Console, settings: Settings, root: Path, seconds: float) -> None:
    """What a person may type now."""
    # The usual place needs no option; `data/demo` stands in where data/ holds somebody's own archive.
    given = "" if settings.data == root / "data" else f" --db {settings.db}"
    console.print(f"\nAll of it took {seconds:.0f} s. Look around:\n")
    for words, does in (
        ("articles list --copies", "what was collected"),
        ("articles show 1", "one article with all that is known of it"),
        ("status", "outlets, their last runs, what waits"),
        ("up", "server, worker and schedules; the Prefect UI at http://127.0.0.1:4200, these runs included"),
    ):
        console.print(f"  .venv/bin/pressrun{given} {words}", markup=False, soft_wrap=True)
        console.print(f"      {does}", style="dim")

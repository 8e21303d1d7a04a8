"""`pressrun status`: the state of each outlet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, pass_options
from .show import minute, say_json, say_table

if TYPE_CHECKING:
    from storage.database import Database

COLUMNS = ("outlet", "last run", "state", "#new", "#articles", "#copies", "#waiting", "#failed", "last article", "held")


@click.command("status")
@click.argument("outlet_ids", metavar="[ID]...", nargs=-1)
@common
@pass_options
def status_command(options: CommonOptions, outlet_ids: tuple[str, ...]) -> int:
    """Show outlets with their last run, articles and waiting pages. Exit code 1 if a last run failed or died."""
    from storage import frontier, jobs

    catalog = options.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    db = options.database()
    try:
        ids = outlet_ids or tuple(sorted({*catalog.ids, *frontier.known_outlets(db)}))
        figures, living = jobs.store_stats(db), frontier.live_run_ids(db)
        rows = [_row(db, outlet_id, figures, living) for outlet_id in ids]
    finally:
        db.close()
    if options.json:
        say_json(rows)
    else:
        say_table(COLUMNS, [_cells(row) for row in rows])
    return 1 if any(row["last_run"] and row["last_run"]["state"] in ("failed", "died") for row in rows) else 0


def _row(db: Database, outlet_id: str, figures: dict[str, dict[str, int]], living: frozenset[int]) -> dict[str, Any]:
    from storage import articles, frontier

    last = next(iter(frontier.last_runs(db, outlet_id, 1)), None)
    newest = next(
        iter(articles.newest_articles(db, articles.ArticleFilter(outlets=(outlet_id,), copies=True), 1)), None
    )
    run: dict[str, Any] | None = None
    if last:
        state = "died" if last.state == "running" and last.id not in living else last.state
        names = ("id", "kind", "started_at", "ended_at", "error", "host", "pid")
        run = {name: getattr(last, name) for name in names} | {"state": state, "new": last.new}
    return {
        "outlet": outlet_id,
        "last_run": run,
        "articles": figures["articles"].get(outlet_id, 0),
        "copies": figures["copies"].get(outlet_id, 0),
        "ledger": frontier.count_pages(db, outlet_id),
        "last_article": newest and (newest.published_at or newest.first_seen_at),
        "held": run is not None and run["state"] == "running",
    }


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    run, pages = row["last_run"], row["ledger"]
    held = f"run {run['id']}, process {run['pid']} on {run['host']}" if row["held"] else ""
    return (
        row["outlet"],
        f"{run['kind']}, {_ago(run['started_at'])}" if run else "never",
        run["state"] if run else "",
        run["new"] if run else "",
        row["articles"],
        row["copies"],
        pages["waiting"],
        pages["failed"],
        minute(row["last_article"]),
        held,
    )


def _ago(when: datetime) -> str:
    minutes = int((datetime.now(UTC) - when).total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"

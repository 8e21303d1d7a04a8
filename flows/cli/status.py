"""`pressrun status`: the state of each outlet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from .options import CommonOptions, common, named_outlets, pass_options
from .show import minute, say_json, say_table

if TYPE_CHECKING:
    from storage.database import Database
    from storage.health import StoredFinding

COLUMNS = (
    "outlet", "last run", "state", "#new", "#articles", "#copies", "#waiting", "#failed", "last article (UTC)", "held",
    "health",
)  # fmt: skip
FINDINGS = ("outlet", "finding", "since", "evidence", "what to try", "see")


@click.command("status")
@named_outlets()
@common
@pass_options
def status_command(options: CommonOptions, outlet_ids: tuple[str, ...]) -> int:
    """Show outlets with their last run, articles, waiting pages and findings of health.

    Exit code 1 if a last run failed or died, or a finding of severity error is open.

    \b
    pressrun status
    pressrun status azernews civil_ge --json
    """
    from storage import frontier, health, jobs

    catalog = options.catalog()
    for outlet_id in outlet_ids:
        catalog.get(outlet_id)
    with options.opened() as db:
        ids = outlet_ids or tuple(sorted({*catalog.ids, *frontier.known_outlets(db)}))
        figures, living = jobs.articles_by_outlet(db, outlet_ids), frontier.live_run_ids(db)
        found = health.open_findings(db, ids)
        pages = _pages(db, ids, whole=options.json or bool(outlet_ids))
        rows = [
            _row(db, outlet_id, figures, living)
            | {"ledger": pages.get(outlet_id, {}), "findings": _findings(found, outlet_id)}
            for outlet_id in ids
        ]
    if options.json:
        say_json(rows)
    else:
        say_table(COLUMNS, [_cells(row) for row in rows])
        _say_findings(rows)
    return int(any(map(_needs_a_person, rows)))


def _pages(db: Database, outlet_ids: Sequence[str], *, whole: bool) -> dict[str, dict[str, int]]:
    """Count pages by outlet and state. `whole`: in all states, which takes long in an old store; else the open ones."""
    from storage import frontier

    if whole:
        return {outlet_id: frontier.count_pages(db, outlet_id) for outlet_id in outlet_ids}
    return frontier.count_open_pages(db)


def _findings(found: Sequence[StoredFinding], outlet_id: str) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "severity": one.severity, "since": one.since.isoformat(), "evidence": one.evidence}
        | {"advice": one.advice, "runbook": one.runbook, "opened_at": stored.opened_at, "seen_at": stored.seen_at}
        for stored in found
        if stored.outlet_id == outlet_id and (one := stored.finding)
    ]


def _say_findings(rows: Sequence[dict[str, Any]]) -> None:
    names = ("kind", "since", "evidence", "advice", "runbook")
    cells = [[row["outlet"], *(one[name] for name in names)] for row in rows for one in row["findings"]]
    if cells:
        click.echo()
        say_table(FINDINGS, cells)


def _needs_a_person(row: dict[str, Any]) -> bool:
    failed = row["last_run"] and row["last_run"]["state"] in ("failed", "died")
    return bool(failed or any(one["severity"] == "error" for one in row["findings"]))


def _row(
    db: Database, outlet_id: str, figures: tuple[dict[str, int], dict[str, int]], living: frozenset[int]
) -> dict[str, Any]:
    from storage import frontier, jobs

    last = next(iter(frontier.last_runs(db, outlet_id, 1)), None)
    run: dict[str, Any] | None = None
    if last:
        names = ("id", "kind", "started_at", "ended_at", "error", "host", "pid")
        run = {name: getattr(last, name) for name in names} | {"state": last.state_now(living), "new": last.new}
    return {
        "outlet": outlet_id,
        "last_run": run,
        "articles": figures[0].get(outlet_id, 0),
        "copies": figures[1].get(outlet_id, 0),
        "last_article": jobs.newest_article_at(db, outlet_id),
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
        pages.get("waiting", 0),
        pages.get("failed", 0),
        minute(row["last_article"]),
        held,
        ", ".join(one["kind"] for one in row["findings"]) or ("ok" if run else ""),
    )


def _ago(when: datetime) -> str:
    minutes = max(0, int((datetime.now(UTC) - when).total_seconds() // 60))  # the clock may have gone back
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"

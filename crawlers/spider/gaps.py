"""Gaps in what seeds announced: how they are told, and closed by a backfill."""

from __future__ import annotations

from datetime import timedelta

from crawlers.outlet import Outlet
from crawlers.window import Window
from storage import frontier
from storage.database import Database
from storage.frontier import FinishedWindow, Gap


def gap_line(gap: Gap, outlet: Outlet) -> str:
    """Return a gap in one line, with the command that fills it."""
    since, until = gap.since.astimezone(outlet.tz), gap.until.astimezone(outlet.tz)
    line = f"{gap.seed_url}: gap: what was announced from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} was not seen"
    return f"{line}; crawl more often, or: pressrun backfill {outlet.id} --from {since:%Y-%m-%d} --to {until:%Y-%m-%d}"


def open_line(window: Window) -> str:
    """Return in one line that a window is not finished, since documents of its seeds were not read."""
    days = f"{window.first:%Y-%m-%d} to {window.last:%Y-%m-%d}"
    return f"{days}: not finished, since seed documents were not read, or in part; the next backfill asks again"


def finish_window(db: Database, outlet: Outlet, window: Window, run_id: int) -> None:
    """Mark a window as finished, and close the open gaps whose days all lie in finished windows."""
    frontier.mark_window_finished(db, outlet.id, window.first, window.last, run_id)
    windows = [window for window in frontier.finished_windows(db, outlet.id) if window.of_all_seeds]
    for gap in frontier.list_gaps(db, outlet.id):
        if _is_covered(gap, outlet, windows):
            frontier.close_gap(db, gap.id, "backfill")


def _is_covered(gap: Gap, outlet: Outlet, windows: list[FinishedWindow]) -> bool:
    day, last = gap.since.astimezone(outlet.tz).date(), gap.until.astimezone(outlet.tz).date()
    while day <= last:
        if not any(window.settles(day) for window in windows):
            return False
        day += timedelta(days=1)
    return True

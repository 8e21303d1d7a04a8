"""What a night looks like from its end: copies that were taken for news, and the same weekday before. Without Prefect.

Crawls run side by side. One may store an article for news before another brings its original, so that its own counts
are right for the moment at which it ended, and wrong by the end of the night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawlers.environment import Settings

from .summary import NightlySummary, OutletLine

if TYPE_CHECKING:
    from storage.database import Database
    from storage.frontier import PastRun

A_WEEK = timedelta(days=7)
SAME_NIGHT = timedelta(hours=12)  # a night that began so much earlier or later is of the same weekday


@dataclass(frozen=True, slots=True)
class Hindsight:
    """The corrected lines, and the new articles by outlet of the same weekday a week before."""

    summary: NightlySummary
    before: Mapping[str, int] = field(default_factory=dict)
    weekday: str = ""


def look_back(db: Database, summary: NightlySummary, began: datetime) -> Hindsight:
    """Correct the summary of a night, note the corrections in its runs, and look up what the week before brought.

    `began`: when the night began, in the zone whose weekday is named. Safe to repeat.
    """
    from storage import frontier

    before = frontier.new_by_outlet(db, began - A_WEEK - SAME_NIGHT, began - A_WEEK + SAME_NIGHT)
    known = {line.outlet: before[line.outlet] for line in summary.lines if line.outlet in before}
    return Hindsight(correct(db, summary), known, f"{began:%A}")


def correct_in_store(settings: Settings, summary: NightlySummary) -> NightlySummary:
    """Do what `correct` does, with the store of the settings. Raises the errors of `open_database`."""
    if not summary.new:
        return summary
    from storage.database import open_database  # imported when there is something to correct

    with closing(open_database(settings.db)) as db:
        return correct(db, summary)


def correct(db: Database, summary: NightlySummary) -> NightlySummary:
    """Count articles that the runs took for new and that are copies by now as copies; save that in their runs."""
    suspects = [line for line in summary.lines if line.run is not None and line.new]
    if not suspects:
        return summary
    from storage import dedup, frontier

    runs = frontier.runs_by_id(db, [line.run for line in suspects if line.run is not None])
    if not runs:
        return summary
    seen = dedup.count_copies_seen(db, min(run.started_at for run in runs.values()))
    overtaken = {run.id: _overtaken(run, seen.get(run.outlet or "", ())) for run in runs.values()}
    frontier.save_overtaken(db, {run_id: number for run_id, number in overtaken.items() if number})
    return replace(summary, lines=tuple(_corrected(line, overtaken) for line in summary.lines))


def _overtaken(run: PastRun, copies: Sequence[datetime]) -> int:
    """Return how many of the run's new articles are copies now that were none when it ended."""
    until = run.ended_at or datetime.max.replace(tzinfo=run.started_at.tzinfo)
    now = sum(run.started_at <= seen <= until for seen in copies)
    new = int(run.counts.get("stored", 0)) - int(run.counts.get("edited", 0))
    return max(0, min(new, now - int(run.counts.get("copies", 0))))


def _corrected(line: OutletLine, overtaken: Mapping[int, int]) -> OutletLine:
    number = overtaken.get(line.run, 0) if line.run is not None else 0
    moved = min(line.new, number - line.overtaken)  # a line that is corrected a second time is as it was
    return replace(line, new=line.new - moved, copies=line.copies + moved, overtaken=number) if moved > 0 else line

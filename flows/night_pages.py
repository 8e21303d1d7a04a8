"""The pages about a night: corrected figures, copies, completeness, summary. Reads the store; `nightly` publishes them.

`review` needs the database, and is called in a thread.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from storage import dedup
from storage.database import Database, open_database

from .calendar_markdown import calendar_markdown
from .coverage import coverages, findings, zone_of
from .dedup_report import dedup_markdown
from .hindsight import Hindsight, look_back
from .markdown import many
from .summary import NightlySummary

CALENDAR_DAYS = timedelta(days=27)
MAX_COPIES = 5_000  # that are looked at; a night has fewer


@dataclass(frozen=True, slots=True)
class NightPages:
    """What a night is at its end. The pages are empty if there is nothing to show."""

    hindsight: Hindsight
    copies: str = ""
    calendar: str = ""


def review(settings: Settings, summary: NightlySummary, began: datetime) -> NightPages:
    """Correct the figures of a night, and make its pages. Raises the errors of `open_database`. Safe to repeat."""
    with closing(open_database(settings.db)) as db:
        hindsight = look_back(db, summary, began)
        outlets = [line.outlet for line in hindsight.summary.lines]
        return NightPages(hindsight, _copies(db, hindsight.summary, began), _calendar(db, settings, outlets, began))


def _copies(db: Database, summary: NightlySummary, began: datetime) -> str:
    if not any(line.copies for line in summary.lines):
        return ""
    outlets = [line.outlet for line in summary.lines]
    found = dedup.copies_found(db, began, outlets, MAX_COPIES)
    return dedup_markdown(found, summary.new, f"Copies of the night of {began:%Y-%m-%d}", at_most=MAX_COPIES)


def _calendar(db: Database, settings: Settings, outlets: list[str], began: datetime) -> str:
    """Return the last four weeks of the outlets that lack something; empty if none does."""
    catalog = load_outlets(settings.outlets)
    first, last = began.date() - CALENDAR_DAYS, began.date()
    covered = [one for one in coverages(db, catalog, outlets, first, last) if one.needs_a_person]
    found = [finding for one in covered for finding in findings(one, zone_of(catalog, one.outlet_id))]
    return calendar_markdown(covered, found, _title(len(covered), first, last)) if covered else ""


def _title(outlets: int, first: date, last: date) -> str:
    return f"Completeness, {first} to {last}: {many(outlets, 'outlet')} with thin days or gaps"

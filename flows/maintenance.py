"""The weekly upkeep, step by step. Without Prefect. A step that fails does not stop the others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawlers.environment import Settings
from storage import frontier, jobs
from storage.backup import backup, backups, new_backup, unfinished_backups
from storage.database import Database, open_database
from storage.errors import PressrunError
from storage.failures import OPERATION_ERRORS, first_line

from .nightly_plain import choose_night, run_nightly

OnStep = Callable[["Done"], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did, in a line. `problem`: a person should look at it."""

    step: str
    did: str
    problem: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """What the steps work on."""

    settings: Settings
    db: Database

    @property
    def archive(self) -> Path:
        return self.settings.data / "archive"


Step = Callable[[Place], Done]


def release_dead_runs(place: Place) -> Done:
    """Free the outlets and pages of runs whose process died."""
    dead = frontier.mark_dead_runs(place.db)
    names = ", ".join(run.outlet or run.kind for run in dead)
    return Done("dead runs", f"{len(dead)} released: {names}" if dead else "none")


def retry_due_pages(place: Place) -> Done:
    """Crawl the outlets whose pages have been due for more than a day: no night has reached them."""
    overdue = jobs.overdue_outlets(place.db)
    nightly = choose_night(place.settings, None).crawled
    wanted = [outlet for outlet in overdue if outlet in nightly]
    pages = sum(overdue[outlet] for outlet in wanted)
    if not wanted:
        return Done("due pages", "none is overdue")
    summary = asyncio.run(run_nightly(place.settings, wanted))
    return Done("due pages", f"{pages} of {', '.join(wanted)} were overdue; {summary.message}", bool(summary.failing))


def verify(place: Place) -> Done:
    """Compare the archive with the ledger."""
    wrong = jobs.verify_archive(place.db, place.archive)
    return Done("archive", "; ".join(wrong) or "every answer is where the ledger says", bool(wrong))


def prune(place: Place) -> Done:
    """Delete what is older than the settings keep: logs, and archived answers if PRESSRUN_KEEP_ARCHIVE is set."""
    logs = _old_logs(place.settings)
    for path in logs:
        path.unlink(missing_ok=True)
    days = place.settings.keep_archive
    forgotten = jobs.forget_archive(place.db, place.archive, days) if days else []
    return Done("prune", f"{len(logs)} logs, {len(forgotten)} WARC files deleted")


def _old_logs(settings: Settings) -> list[Path]:
    limit = (datetime.now(UTC) - timedelta(days=settings.keep_logs)).timestamp()
    logs = (settings.data / "logs").glob("*/*.log")
    return [path for path in logs if path.is_file() and path.stat().st_mtime < limit]


def index(place: Place) -> Done:
    """Put into the search index what is missing there: after an update, or of a store from before there was search."""
    from storage.search import reindex

    return Done("search", f"{reindex(place.db):,} articles were not in the index")


def check(place: Place) -> Done:
    """Check the invariants of the store."""
    broken = jobs.check_store(place.db, place.archive if place.archive.is_dir() else None)
    return Done("check", "; ".join(broken) or "every invariant holds", bool(broken))


def vacuum(place: Place) -> Done:
    """Give free space back to the disk."""
    return Done("vacuum", f"{jobs.vacuum(place.db):,} bytes freed")


def back_up(place: Place) -> Done:
    """Copy an SQLite store to data/backups; delete copies beyond PRESSRUN_KEEP_BACKUPS, and abandoned partial ones."""
    if place.db.dialect != "sqlite":
        return Done("backup", "none: PostgreSQL is backed up by pg_dump, see docs/running.md")
    folder = place.settings.data / "backups"
    target = new_backup(folder)
    size = backup(place.db, target)
    old = [*backups(folder)[place.settings.keep_backups :], *unfinished_backups(folder)]
    for path in old:
        path.unlink(missing_ok=True)
    return Done("backup", f"{target}, {size:,} bytes; {len(old)} older deleted")


def count(place: Place) -> Done:
    """Count pages, articles and copies."""
    figures = jobs.store_stats(place.db)
    names = ("pages", "articles", "copies")
    did = ", ".join(f"{sum(figures[name].values()):,} {name}" for name in names)
    return Done("statistics", f"{did}, {figures['bytes']['database']:,} bytes")


# A backup before anything is deleted would keep what is deleted; one after the check holds a store known to be sound.
STEPS: tuple[Step, ...] = (release_dead_runs, retry_due_pages, verify, prune, index, check, vacuum, back_up, count)


def maintain(settings: Settings, *, crawl: bool = True, on_step: OnStep = lambda _: None) -> list[Done]:
    """Do all steps, one after the other; `crawl=False` leaves out the one that fetches pages. Safe to repeat.

    A store that does not exist is refused: the backup of an empty one would take the place of an older one. Raises the
    errors of `open_database`.
    """
    with closing(open_database(settings.db, create=False)) as db:
        steps = [step for step in STEPS if crawl or step is not retry_due_pages]
        done = []
        for step in steps:
            done.append(run_step(step, Place(settings, db)))
            on_step(done[-1])
    return done


def run_step(step: Step, place: Place) -> Done:
    """Do one step. An error of the store, of a file or of a crawl becomes its result; a programming error is raised."""
    began = time.monotonic()
    try:
        done = step(place)
    except* OPERATION_ERRORS as failed:
        told = "; ".join(dict.fromkeys(map(_told, _leaves(failed))))
        done = Done(step.__name__.replace("_", " "), told, problem=True)
    return replace(done, seconds=round(time.monotonic() - began, 2))


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for one in group.exceptions:
        yield from _leaves(one) if isinstance(one, BaseExceptionGroup) else (one,)


def _told(failure: BaseException) -> str:
    if isinstance(failure, OSError) and failure.filename is not None:
        return f"{failure.filename}: {failure.strerror}"
    return str(failure) if isinstance(failure, PressrunError) else first_line(failure)

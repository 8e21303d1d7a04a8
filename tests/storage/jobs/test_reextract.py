"""Where an interrupted run over the archive goes on, on SQLite and PostgreSQL."""

from __future__ import annotations

from storage.database import Database
from storage.frontier import end_run, start_import
from storage.jobs import plan_counts, save_progress, start_plan, unfinished_counts

KIND, PARAMETERS = "reextract", {"outlets": ["example"]}
STOPPED = {"last_page": 90_000, "read": 90_000}


def stop_after_progress(db: Database) -> None:
    run = start_import(db, KIND, PARAMETERS)
    save_progress(db, run, STOPPED)
    end_run(db, run.id, "stopped", STOPPED, "interrupted")


def test_a_run_that_died_before_it_saved_progress_hides_no_earlier_progress(database: Database) -> None:
    stop_after_progress(database)
    for _ in range(2):
        start_import(database, KIND, PARAMETERS)
        assert unfinished_counts(database, KIND, PARAMETERS) == STOPPED


def test_progress_from_before_a_completed_run_is_not_taken_up(database: Database) -> None:
    stop_after_progress(database)
    done = start_import(database, KIND, PARAMETERS)
    end_run(database, done.id, "completed", {"last_page": 100_000})
    start_import(database, KIND, PARAMETERS)
    assert unfinished_counts(database, KIND, PARAMETERS) == {}


def test_progress_with_other_parameters_is_not_taken_up(database: Database) -> None:
    stop_after_progress(database)
    assert unfinished_counts(database, KIND, {"outlets": ["other"]}) == {}


def test_a_plan_is_continued_after_one_that_died_before_it_noted_its_shards(database: Database) -> None:
    plan = start_plan(database, ("example",), 2)
    end_run(database, plan.run.id, "stopped", plan_counts(plan))
    start_import(database, KIND, {"outlets": ["example"], "shards": 2})
    assert start_plan(database, ("example",), 2).continued

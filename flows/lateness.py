"""Scheduled runs that no worker took in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prefect.context import FlowRunContext


def is_replaced(after: timedelta) -> bool:
    """Return True for a scheduled run that begins so late that the next one has followed. Of many only the last runs.

    `after`: a little less than the time from one scheduled run to the next. A rerun, or one that a person started, is
    never replaced.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or not run.auto_scheduled or run.run_count > 1 or run.expected_start_time is None:
        return False
    return datetime.now(UTC) - run.expected_start_time > after

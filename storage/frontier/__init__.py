"""The ledger of pages: the crawl's frontier and its memory. Every discovered page is in exactly one state.

    discovered = stored + unchanged + duplicate + rejected + gone + failed + waiting

A lease is a mark on a page, not a state: a leased page counts under the state that it had before.

This module is the public face: other packages import from here, and not from the modules inside.
"""

from typing import TYPE_CHECKING

from storage.frontier.backfill_windows import FinishedWindow, finished_windows, mark_window_finished
from storage.frontier.discovery import (
    Discovery,
    count_discovered_since,
    count_unknown,
    discover,
    insert_pages,
    new_page,
)
from storage.frontier.gaps import Gap, close_gap, list_gaps, plan_walk, shrink_gap
from storage.frontier.host_backoff import LONGEST_RETRY_AFTER, host_failed, host_pause, host_succeeded, pause_host
from storage.frontier.leases import Lease, any_undecided, lease, next_due, put_back_all
from storage.frontier.numbers import ID_RANGE, dated_numbers, newest_number, number_pages
from storage.frontier.page_counts import STATES, count_open_pages, count_pages, describe_pages
from storage.frontier.pending import PageNow, any_pending, brings_text, holds_removed, lease_first, page_now
from storage.frontier.poll_schedule import PollState, know_outlets, poll_states, save_polls
from storage.frontier.results import (
    OTHER_LANGUAGE,
    Extracted,
    Failed,
    FinishedPage,
    Gone,
    NotModified,
    Outcome,
    PutBack,
    Rejected,
    Result,
)
from storage.frontier.run_history import (
    last_run_by_outlet,
    new_by_outlet,
    removed_outlets,
    runs_by_id,
    save_overtaken,
)
from storage.frontier.runs import (
    REMOVAL,
    PastRun,
    Run,
    RunRequest,
    end_run,
    ensure_outlet,
    heartbeat,
    known_outlets,
    last_runs,
    live_flow_runs,
    live_run_ids,
    mark_dead_runs,
    start_import,
    start_run,
)
from storage.frontier.seed_documents import SeedFetch, SeedState, seed_state
from storage.frontier.tried_numbers import TriedPage, try_numbers
from storage.lazy import imported_on_demand
from storage.removed import REMOVED, REMOVED_BEFORE

if TYPE_CHECKING:
    from storage.frontier.complete import finish, finish_in_transaction, finish_together, prepare_articles

__all__ = [
    "ID_RANGE", "LONGEST_RETRY_AFTER", "OTHER_LANGUAGE", "REMOVAL", "REMOVED", "REMOVED_BEFORE", "STATES", "Discovery",
    "Extracted", "Failed", "FinishedPage", "FinishedWindow", "Gap", "Gone", "Lease", "NotModified", "Outcome",
    "PageNow", "PastRun", "PollState", "PutBack", "Rejected", "Result", "Run", "RunRequest", "SeedFetch", "SeedState",
    "TriedPage", "any_pending", "any_undecided", "brings_text", "close_gap", "count_discovered_since",
    "count_open_pages", "count_pages", "count_unknown", "dated_numbers", "describe_pages", "discover", "end_run",
    "ensure_outlet", "finish", "finish_in_transaction", "finish_together", "finished_windows", "heartbeat",
    "holds_removed", "host_failed", "host_pause", "host_succeeded", "insert_pages", "know_outlets", "known_outlets",
    "last_run_by_outlet", "last_runs", "lease", "lease_first", "list_gaps", "live_flow_runs", "live_run_ids",
    "mark_dead_runs", "mark_window_finished", "new_by_outlet", "new_page", "newest_number", "next_due", "number_pages",
    "page_now", "pause_host", "plan_walk", "poll_states", "prepare_articles", "put_back_all", "removed_outlets",
    "runs_by_id", "save_overtaken", "save_polls", "seed_state", "shrink_gap", "start_import", "start_run",
    "try_numbers",
]  # fmt: skip

# They bring deduplication with them, which a run that finds nothing new does not need.
__getattr__ = imported_on_demand(
    __name__, {"complete": ("finish", "finish_in_transaction", "finish_together", "prepare_articles")}
)

"""Jobs over the whole store: import, second extraction, consistency check.

This module is the public face: other packages import from here, and not from the modules inside.
"""

from storage.jobs.check import check_store, store_stats
from storage.jobs.import_articles import FetchedPage, ImportReport, import_rows, read_rows, store_fetched_pages
from storage.jobs.reextract import (
    ArchivedPage,
    archived_pages,
    count_archived_pages,
    finish_reextracted,
    known_captures,
    save_progress,
    unfinished_counts,
)
from storage.jobs.upkeep import forget_archive, overdue_outlets, vacuum, verify_archive
from storage.search import reindex

__all__ = [
    "ArchivedPage", "FetchedPage", "ImportReport", "archived_pages", "check_store", "count_archived_pages",
    "finish_reextracted", "forget_archive", "import_rows", "known_captures", "overdue_outlets", "read_rows", "reindex",
    "save_progress", "store_fetched_pages", "store_stats", "unfinished_counts", "vacuum", "verify_archive",
]  # fmt: skip

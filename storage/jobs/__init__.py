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

__all__ = [
    "ArchivedPage", "FetchedPage", "ImportReport", "archived_pages", "check_store", "count_archived_pages",
    "finish_reextracted", "import_rows", "known_captures", "read_rows", "save_progress", "store_fetched_pages",
    "store_stats", "unfinished_counts",
]  # fmt: skip

"""Jobs over the whole store: import, second extraction, consistency check.

This module is the public face: other packages import from here, and not from the modules inside.
"""

from typing import TYPE_CHECKING

from storage.jobs.figures import articles_by_outlet, newest_article_at, store_stats
from storage.jobs.upkeep import forget_archive, overdue_outlets, vacuum, verify_archive
from storage.lazy import imported_on_demand

if TYPE_CHECKING:
    from storage.jobs.check import check_store
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
    "ArchivedPage", "FetchedPage", "ImportReport", "archived_pages", "articles_by_outlet", "check_store",
    "count_archived_pages", "finish_reextracted", "forget_archive", "import_rows", "known_captures",
    "newest_article_at", "overdue_outlets", "read_rows", "save_progress", "store_fetched_pages", "store_stats",
    "unfinished_counts", "vacuum", "verify_archive",
]  # fmt: skip

_IMPORT = ("FetchedPage", "ImportReport", "import_rows", "read_rows", "store_fetched_pages")
_REEXTRACT = (
    "ArchivedPage", "archived_pages", "count_archived_pages", "finish_reextracted", "known_captures", "save_progress",
    "unfinished_counts",
)  # fmt: skip
# They bring deduplication with them, which figures do not need.
__getattr__ = imported_on_demand(
    __name__, {"check": ("check_store",), "import_articles": _IMPORT, "reextract": _REEXTRACT}
)

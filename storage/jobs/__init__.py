"""Jobs over the whole store: import, second extraction, consistency check, upkeep, removal.

This module is the public face: other packages import from here, and not from the modules inside.
"""

from typing import TYPE_CHECKING

from storage.jobs.figures import articles_by_outlet, newest_article_at, store_stats
from storage.jobs.upkeep import SAMPLES, forget_archive, overdue_outlets, vacuum, verify_archive
from storage.lazy import imported_on_demand

if TYPE_CHECKING:
    from storage.jobs.addresses import Readdressed, readdress
    from storage.jobs.check import check_rules, check_store, find_damage
    from storage.jobs.import_articles import FetchedPage, ImportReport, import_rows, read_rows, store_fetched_pages
    from storage.jobs.reextract import (
        EVERYTHING,
        ArchivedPage,
        PageRange,
        archived_pages,
        count_archived_pages,
        finish_reextracted,
        known_captures,
        save_progress,
        unfinished_counts,
    )
    from storage.jobs.removal import Removal, removal_of_address, removal_of_article, removal_of_outlet
    from storage.jobs.shards import (
        Shard,
        ShardPlan,
        ShardProgress,
        plan_counts,
        shard_is_done,
        shard_progress,
        split_archive,
        start_plan,
    )
    from storage.jobs.takedown import RemovalFiles, Removed, take_down, unfinished_removal

__all__ = [
    "EVERYTHING", "SAMPLES", "ArchivedPage", "FetchedPage", "ImportReport", "PageRange", "Readdressed", "Removal",
    "RemovalFiles", "Removed", "Shard", "ShardPlan", "ShardProgress", "archived_pages", "articles_by_outlet",
    "check_rules", "check_store", "count_archived_pages", "find_damage", "finish_reextracted", "forget_archive",
    "import_rows", "known_captures", "newest_article_at", "overdue_outlets", "plan_counts", "read_rows", "readdress",
    "removal_of_address", "removal_of_article", "removal_of_outlet", "save_progress", "shard_is_done", "shard_progress",
    "split_archive", "start_plan", "store_fetched_pages", "store_stats", "take_down", "unfinished_counts",
    "unfinished_removal", "vacuum", "verify_archive",
]  # fmt: skip

# They bring deduplication with them, which figures do not need.
__getattr__ = imported_on_demand(
    __name__,
    {
        "addresses": ("Readdressed", "readdress"),
        "check": ("check_rules", "check_store", "find_damage"),
        "import_articles": ("FetchedPage", "ImportReport", "import_rows", "read_rows", "store_fetched_pages"),
        "reextract": (
            "EVERYTHING", "ArchivedPage", "PageRange", "archived_pages", "count_archived_pages",
            "finish_reextracted", "known_captures", "save_progress", "unfinished_counts",
        ),
        "removal": ("Removal", "removal_of_address", "removal_of_article", "removal_of_outlet"),
        "shards": (
            "Shard", "ShardPlan", "ShardProgress", "plan_counts", "shard_is_done", "shard_progress", "split_archive",
            "start_plan",
        ),
        "takedown": ("RemovalFiles", "Removed", "take_down", "unfinished_removal"),
    },
)  # fmt: skip

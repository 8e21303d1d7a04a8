"""The tables, all of them: whoever imports this module has the whole schema. docs/storage.md explains them.

A test compares them with the migrations.
"""

from storage.schema.articles import (
    UNDATED,
    Article,
    ArticleChange,
    Container,
    Copy,
    ManualDecision,
    Passage,
    RemovedText,
    Revision,
    fingerprints,
)
from storage.schema.base import Base, BigId, Instant
from storage.schema.ledger import (
    RUN_STATES,
    STATES,
    BackfillWindow,
    Host,
    Outlet,
    Page,
    PageAddress,
    Run,
    Seed,
    SeedPoll,
)
from storage.schema.search import SearchDocument, SearchLanguage, SearchState
from storage.schema.watching import GAP_CLOSED, Finding, Gap, Watch, WatchStory

__all__ = [
    "GAP_CLOSED", "RUN_STATES", "STATES", "UNDATED", "Article", "ArticleChange", "BackfillWindow", "Base", "BigId",
    "Container", "Copy", "Finding", "Gap", "Host", "Instant", "ManualDecision", "Outlet", "Page", "PageAddress",
    "Passage", "RemovedText", "Revision", "Run", "SearchDocument", "SearchLanguage", "SearchState", "Seed",
    "SeedPoll", "Watch", "WatchStory", "fingerprints",
]  # fmt: skip

"""Extraction in worker processes, which can be killed: a pool for crawls, batches of saved pages, a single worker."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawlers.extraction.workers.batch import as_row, run_batch
    from crawlers.extraction.workers.pool import ExtractionPool
    from crawlers.extraction.workers.process import KILLED
    from crawlers.extraction.workers.single import Extract, SingleWorker

__all__ = ["KILLED", "Extract", "ExtractionPool", "SingleWorker", "as_row", "run_batch"]

# Imported when they are asked for: a worker process needs neither.
_LAZY = {
    "KILLED": "crawlers.extraction.workers.process",
    "Extract": "crawlers.extraction.workers.single",
    "ExtractionPool": "crawlers.extraction.workers.pool",
    "SingleWorker": "crawlers.extraction.workers.single",
    "as_row": "crawlers.extraction.workers.batch",
    "run_batch": "crawlers.extraction.workers.batch",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

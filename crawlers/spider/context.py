"""What the parts of one run share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from crawlers.discovery import DocumentReader
from crawlers.job import Job
from crawlers.outlet import Outlet
from storage.database import Database
from storage.frontier import Run

from .budget import Budget
from .fetching import Fetcher
from .held_answers import HeldAnswers
from .hosts import HostWatch
from .store import Store
from .tally import Tally


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run: its outlet and job, the store, and the parts that fetch, read and count. `stopping` is set to stop it.

    `more_pages` is set when pages were put into the ledger: they are leased at once.
    """

    outlet: Outlet
    job: Job
    db: Database
    run: Run
    store: Store
    fetcher: Fetcher
    hosts: HostWatch
    tally: Tally
    budget: Budget
    documents: DocumentReader
    stopping: asyncio.Event
    held: HeldAnswers = field(default_factory=HeldAnswers)
    more_pages: asyncio.Event = field(default_factory=asyncio.Event)

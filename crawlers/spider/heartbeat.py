"""The sign of life of a run: without it, another machine takes the run for dead."""

from __future__ import annotations

import asyncio
import logging

from storage import frontier
from storage.database import Database
from storage.errors import HoldLostError

from .store import Store

HEARTBEAT = 10.0  # seconds; a hold without one for 90 s may be taken over from another machine

log = logging.getLogger(__name__)


async def keep_alive(store: Store, db: Database, run_id: int) -> None:
    """Record every HEARTBEAT seconds that the run is alive, until cancelled. A beat that fails is followed by others.

    Raises HoldLostError, which has to end the run.
    """
    while True:
        await asyncio.sleep(HEARTBEAT)
        try:
            await store.call(frontier.heartbeat, db, run_id)
        except HoldLostError:
            raise
        except Exception as fault:  # noqa: BLE001 - a run whose beats all fail loses its hold, and ends by that
            log.warning("run %s could not record that it is alive, and tries again: %s", run_id, fault)

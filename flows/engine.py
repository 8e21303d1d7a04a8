"""The process of one flow run: `python -m flows.engine`, which workers start.

The same as `python -m prefect.engine`, but it does not outlive its worker. When the worker is gone, however that
happened, the flow run stops its crawl, which keeps what it stored, and goes back to the pool: another worker, or the
restarted one, continues it. Without a worker nobody could cancel it, and nobody would record its end.
"""

from __future__ import annotations

import asyncio
import logging
import os
import runpy
import signal
import threading
import time
from uuid import UUID

from prefect._internal import control_listener

LOOK = 0.5  # seconds between two looks at the worker
WORKER = "_PRESSRUN_WORKER"  # the variable with the worker's process id


class Orphanage:
    """Stops this process by SIGTERM when its worker is gone."""

    def __init__(self, worker: int) -> None:
        self._worker = worker
        self.is_orphan = False

    def watch(self) -> None:
        """Watch by a thread from now on."""
        threading.Thread(target=self._look, name="orphanage", daemon=True).start()

    def _look(self) -> None:
        while os.getppid() == self._worker:
            time.sleep(LOOK)
        self.is_orphan = True
        # Prefect's word for "whoever started this decides what becomes of the run": it sets no state.
        control_listener._set_intent("relinquish")
        os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    orphanage = Orphanage(int(os.environ.pop(WORKER, "0")) or os.getppid())
    orphanage.watch()
    flow_run_id = UUID(os.environ["PREFECT__FLOW_RUN_ID"])
    try:
        runpy.run_module("prefect.engine", run_name="__main__")
    finally:
        if orphanage.is_orphan:
            try:
                asyncio.run(_hand_back(flow_run_id))
            finally:
                # Not by the interpreter's own end: what Prefect logs for a task that is destroyed then waits for a
                # thread that cannot start any more, for ever.
                logging.shutdown()
                os._exit(1)


async def _hand_back(flow_run_id: UUID) -> None:
    from prefect.client.orchestration import get_client

    from .healing import return_to_pool

    async with get_client() as client:
        await return_to_pool(client, flow_run_id, "its worker is gone")


if __name__ == "__main__":
    main()

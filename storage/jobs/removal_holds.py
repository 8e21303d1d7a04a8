"""The outlets of a removal, held from its beginning: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage.database import Database
from storage.frontier import REMOVAL, RunRequest, end_run, heartbeat, start_run
from storage.jobs.removal import OutletRemoval
from storage.text import clean_text


class RemovalHolds:
    """A run for each outlet of a removal, which keeps other runs away from it until its part is done."""

    def __init__(self, db: Database, parts: Sequence[OutletRemoval], reason: str) -> None:
        """Hold the outlets of all parts. Raises OutletBusyError if another run has one; then none is held."""
        self._db = db
        self._runs: dict[str, int] = {}
        try:
            for part in parts:
                asked = RunRequest(part.outlet_id, part.name, REMOVAL, {"reason": clean_text(reason)})
                self._runs[part.outlet_id] = start_run(db, asked).id
        except BaseException:
            self.end_all("stopped", "not begun: another run has an outlet of this removal")
            raise

    def beat(self) -> None:
        """Say to other machines that these runs live."""
        for run in self._runs.values():
            heartbeat(self._db, run)

    def end(self, part: OutletRemoval, state: str, counts: Mapping[str, Any], error: str) -> None:
        """End the run of one outlet, and release it. `error`: why the removal failed; empty if it did not."""
        end_run(self._db, self._runs.pop(part.outlet_id), state, dict(counts), error or None)

    def end_all(self, state: str, error: str) -> None:
        """End the runs of all outlets that are still held."""
        while self._runs:
            end_run(self._db, self._runs.popitem()[1], state, {}, error)

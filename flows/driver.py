"""Which worker process drives a flow run: kept in the labels of the run, so that every machine can look it up."""

from __future__ import annotations

import os
from dataclasses import dataclass

from prefect.client.schemas.objects import FlowRun

from storage.processes import machine_id, process_lives, process_start

NAME, MACHINE, PID, STARTED = (f"pressrun.worker.{part}" for part in ("name", "machine", "pid", "started"))
STOCK_NAME = "prefect.worker.name"


@dataclass(frozen=True, slots=True)
class Driver:
    """A worker process: its name on the server, its machine (and boot), process id, and when it started."""

    name: str
    machine: str
    pid: int
    started: float

    @classmethod
    def myself(cls, name: str) -> Driver:
        """Return this process."""
        return cls(name, machine_id(), os.getpid(), process_start())

    @classmethod
    def of(cls, run: FlowRun) -> Driver | None:
        """Return the last worker process that took the run; None if none ever did.

        Of one of Prefect's own workers only the name is known.
        """
        labels = run.labels
        if labels.get(NAME):
            return cls(str(labels[NAME]), str(labels[MACHINE]), int(labels[PID]), float(labels[STARTED]))
        stock = labels.get(STOCK_NAME)
        return cls(str(stock), "", 0, 0.0) if stock else None

    def labels(self) -> dict[str, str | int | float | bool]:
        """Return the labels of a run that this process drives."""
        return {NAME: self.name, MACHINE: self.machine, PID: self.pid, STARTED: self.started}

    def lives(self) -> bool:
        """Return True if the process lives; to be asked on its own machine."""
        return process_lives(self.pid, self.started)

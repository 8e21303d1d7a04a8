"""Which worker process drives a flow run: kept in the labels of the run, so that every machine can look it up."""

from __future__ import annotations

import os
from dataclasses import dataclass

import psutil
from prefect.client.schemas.objects import FlowRun

from storage.processes import machine_id, process_lives

NAME, MACHINE, PID, STARTED = (f"pressrun.worker.{part}" for part in ("name", "machine", "pid", "started"))


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
        return cls(name, machine_id(), os.getpid(), psutil.Process().create_time())

    @classmethod
    def of(cls, run: FlowRun) -> Driver | None:
        """Return the last worker process that took the run; None if no worker of ours ever did."""
        labels = run.labels
        if not labels.get(NAME):
            return None
        return cls(str(labels[NAME]), str(labels[MACHINE]), int(labels[PID]), float(labels[STARTED]))

    def labels(self) -> dict[str, str | int | float | bool]:
        """Return the labels of a run that this process drives."""
        return {NAME: self.name, MACHINE: self.machine, PID: self.pid, STARTED: self.started}

    def lives(self) -> bool:
        """Return True if the process lives; to be asked on its own machine."""
        return process_lives(self.pid, self.started)

"""The flow runs of a night's outlets: in the Prefect UI each is a run of its own, without a process of its own.

The night's process makes them, by the deployment crawl/crawl, and sets their states. Cancel on one of them stops that
outlet alone; Retry on one that has ended lets a worker run it as an ordinary crawl. A crawl goes on while the server is
away; what it missed is in the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from prefect import Task
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.logging.loggers import flow_run_logger
from prefect.states import Cancelled, Pending, Running

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from crawlers.messages import Message

from .artifacts import SERVER_TROUBLE, Logger, attempt, run_link
from .child import CrawlEnd
from .crawl import verdict
from .crawl_report import ReportLinks
from .finding_events import emit_changes
from .follow import children_of, log_line
from .report import CrawlReport
from .summary import OutletLine, outlet_line
from .tags import NIGHTLY, run_tags

DEPLOYMENT = "crawl/crawl"
STOPPED = "stopped; what was stored is kept, the other pages wait"
INTERRUPTED = "its night was interrupted; it goes on with it when a worker is there"

_PLACE = Task(fn=lambda: None, name=DEPLOYMENT)  # what stands for an outlet's run in the night's timeline


@dataclass
class Earlier:
    """What an interrupted night left: runs to wait for, completed ones, and those that this process takes over."""

    waiting: dict[str, FlowRun] = field(default_factory=dict)
    completed: dict[str, FlowRun] = field(default_factory=dict)
    left: dict[str, FlowRun] = field(default_factory=dict)

    @property
    def elsewhere(self) -> frozenset[str]:
        """The outlets that this process does not crawl."""
        return frozenset(self.waiting) | frozenset(self.completed)


async def earlier_runs(client: PrefectClient, night: UUID) -> Earlier:
    """Look at the runs that a night has made before. Those that failed or were cancelled are made anew."""
    found = Earlier()
    for run in sorted(await children_of(client, night), key=lambda run: str(run.created)):
        outlet = str(run.parameters.get("outlet"))
        for group in (found.waiting, found.completed, found.left):
            group.pop(outlet, None)  # the newest run of an outlet counts
        if run.state is None or run.state.is_completed():
            found.completed[outlet] = run
        elif not run.state.is_final():
            has_process = run.state.is_scheduled() or run.infrastructure_pid
            (found.waiting if has_process else found.left)[outlet] = run
    return found


class NightRuns:
    """Makes, follows and ends the runs of a night; the observer of its `GroupCrawl`."""

    def __init__(self, client: PrefectClient, night: UUID, attempt: int, settings: Settings, log: Logger) -> None:
        self._client, self._night, self._attempt, self._log = client, night, attempt, log
        self._catalog = load_outlets(settings.outlets)
        self._links = ReportLinks(str(settings.data / "archive"), f"a {NIGHTLY} run", run_link(night))
        self._deployment: UUID | None = None
        self._left: dict[str, FlowRun] = {}
        self._runs: dict[str, FlowRun] = {}  # those under way
        self._reports: dict[str, CrawlReport] = {}
        self._cancelled: set[str] = set()
        self._fate: State[Any] | None = None  # of those under way, when the night itself is interrupted
        self.lines: dict[str, OutletLine] = {}

    def take_over(self, left: dict[str, FlowRun]) -> None:
        """Go on with these runs, instead of making new ones."""
        self._left = dict(left)

    async def begin(self, outlet: str) -> str | None:
        """Make the run of an outlet, in the state Running. Return its id; None if the server is away."""
        run: FlowRun | None = await attempt(self._begun(outlet), self._log, f"the run of {outlet}")
        log: Logger = self._log if run is None else flow_run_logger(run)
        self._reports[outlet] = CrawlReport(outlet, log, run.id if run else None)
        if run is not None:
            self._runs[outlet] = run
        return str(run.id) if run else None

    async def _begun(self, outlet: str) -> FlowRun:
        if (left := self._left.pop(outlet, None)) is not None:
            await self._client.set_flow_run_state(left.id, Running(), force=True)
            return left
        if self._deployment is None:
            self._deployment = (await self._client.read_deployment_by_name(DEPLOYMENT)).id
        place = await self._client.create_task_run(_PLACE, self._night, outlet, name=outlet, state=Pending())
        name = f"{outlet} {NIGHTLY}"
        return await self._client.create_flow_run_from_deployment(
            self._deployment,
            parameters={"outlet": outlet},
            state=Running(),
            name=name,
            tags=run_tags(self._catalog, outlet, NIGHTLY),
            idempotency_key=f"{self._night}:{name}:{self._attempt}",
            parent_task_run_id=place.id,
        )

    async def message(self, outlet: str, message: Message) -> None:
        """Show a message in the outlet's run."""
        await self._reports[outlet].on_message(message)

    async def end(self, outlet: str, end: CrawlEnd) -> None:
        """Write the report of an outlet's run, and set its last state."""
        run = self._runs.pop(outlet, None)
        line = self.lines[outlet] = replace(outlet_line(outlet, end), flow_run_id=str(run.id) if run else "")
        log_line(line)
        report = self._reports.pop(outlet)
        emit_changes(outlet, report.ended.findings if report.ended else ())
        if run is None:
            return
        level = logging.INFO if line.state == "completed" else logging.WARNING
        flow_run_logger(run).log(level, "%s; its log is %s", line.state, end.log)
        await report.publish(line, self._links)
        work = self._client.set_flow_run_state(run.id, self._last_state(outlet, end), force=True)
        await attempt(work, self._log, f"the state of {run.name}")

    def _last_state(self, outlet: str, end: CrawlEnd) -> State[Any]:
        if end.state != "stopped":
            return verdict(end)
        if outlet in self._cancelled:
            return Cancelled(message=STOPPED)
        return self._fate or verdict(end)

    async def interrupted(self) -> None:
        """Find out whether a person has cancelled the night, or its process only moves to another worker."""
        night: FlowRun | None = await attempt(self._client.read_flow_run(self._night), self._log, "the night's state")
        state = night.state if night else None
        by_person = state is not None and (state.is_cancelling() or state.is_cancelled())
        self._fate = Cancelled(message=STOPPED) if by_person else Pending(message=INTERRUPTED)

    async def newly_cancelled(self) -> list[str]:
        """Return the outlets whose runs a person has cancelled since the last call: one request for all of them."""
        by_id = {run.id: outlet for outlet, run in self._runs.items()}
        if not by_id:
            return []
        try:
            found = await self._client.read_flow_runs(flow_run_filter=_cancelled_of(by_id))
        except SERVER_TROUBLE as trouble:
            self._log.debug("the Prefect server does not answer: %s", trouble)
            return []
        outlets = [by_id[run.id] for run in found if run.id in by_id and by_id[run.id] not in self._cancelled]
        self._cancelled.update(outlets)
        return outlets


def _cancelled_of(ids: Iterable[UUID]) -> FlowRunFilter:
    types = FlowRunFilterStateType(any_=[StateType.CANCELLING, StateType.CANCELLED])
    return FlowRunFilter(id=FlowRunFilterId(any_=list(ids)), state=FlowRunFilterState(type=types))

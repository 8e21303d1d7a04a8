"""Report a crawl to the Prefect UI: log lines, a progress bar, and at its end the report and the row of its figures.

A report that fails is logged and does not stop the crawl: the server may be away, and the store holds every count.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import anyio
from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, ArtifactFilterType
from prefect.client.schemas.objects import Artifact, FlowRun

from crawlers.messages import Counts, Ended, LogLine, Message, Progress, Started

from .artifacts import Draft, Logger, attempt, key, publish
from .crawl_report import ReportLinks, report_markdown, with_overtaken
from .gate import LogGate
from .summary import OutletLine, State, headline

INFO_EVERY = 6.0  # seconds between progress lines in the log
ARTIFACT_EVERY = 5.0  # seconds between updates of the progress bar; each costs the server 30-50 ms
REPORT, FIGURES_ROW = "report", "figures"  # the last words of the keys of a crawl's artifacts

_LEVELS = {"warning": logging.WARNING, "error": logging.ERROR, "critical": logging.ERROR}


class CrawlReport:
    """Listens to one crawl. `on_message` takes the child's messages; `publish` writes the report.

    `seeds_read` is set as soon as the crawl has read its seeds, or has ended.
    """

    def __init__(self, outlet: str, log: Logger) -> None:
        self._outlet, self._log = outlet, log
        self._gate = LogGate()
        self._logged_at = self._drawn_at = 0.0
        self._bar: UUID | None = None
        self.seeds_read = asyncio.Event()
        self.counts = Counts()  # the latest ones
        self.ended: Ended | None = None

    async def on_message(self, message: Message) -> None:
        """Show a message of the crawl; keep the last one in `ended`."""
        match message:
            case Started():
                self._started(message)
            case Progress():
                await self._progress(message)
            case LogLine():
                if self._gate.passes(message.message):
                    self._log.log(_LEVELS.get(message.level, logging.INFO), "%s", message.message)
            case Ended():
                self.ended, self.counts = message, message.counts
                self.seeds_read.set()

    def _started(self, started: Started) -> None:
        recovered = f"; {started.recovered} pages of a dead run were put back" if started.recovered else ""
        self._log.info("run %s of %s began (process %s)%s", started.run, self._outlet, started.pid, recovered)

    async def _progress(self, progress: Progress) -> None:
        self.counts = progress.counts
        if progress.phase == "pages":
            self.seeds_read.set()
        now = time.monotonic()
        if now - self._logged_at >= INFO_EVERY:
            self._logged_at = now
            self._log.info("%s: %s, %s waiting", progress.phase, headline(progress.counts), progress.waiting)
        if now - self._drawn_at >= ARTIFACT_EVERY:
            self._drawn_at = now
            await self._draw(share_done(progress.counts))

    async def _draw(self, percent: float) -> None:
        if self._bar is None:
            title = f"{self._outlet}: share of the pages that have an outcome"
            work = acreate_progress_artifact(percent, key=key(self._outlet, "progress"), description=title)
            self._bar = await attempt(work, self._log, "the progress")
        else:
            await attempt(aupdate_progress_artifact(self._bar, progress=percent), self._log, "the progress")

    async def publish(self, line: OutletLine, links: ReportLinks | None = None) -> None:
        """Write the report and the last state of the progress bar. Safe in a run that is being cancelled."""
        counts = self.ended.counts if self.ended else self.counts
        with anyio.CancelScope(shield=True):
            if self._gate.held_back:
                self._log.info("%s more log lines were held back; the crawl's own log has them", self._gate.held_back)
            if self._bar is not None:
                await self._draw(100.0 if line.state in ("completed", "attention") else share_done(counts))
            for draft in crawl_drafts(line, counts, links):
                await publish(draft, self._log)


def crawl_drafts(line: OutletLine, counts: Counts, links: ReportLinks | None = None) -> list[Draft]:
    """Return the artifacts of a crawl that has ended: its report, and the row that `line_of` reads."""
    said = headline(counts) if line.state in ("completed", "attention") else f"{line.state}: {line.remark}"
    return [
        Draft(key(line.outlet, REPORT), "markdown", report_markdown(line, counts, links), f"{line.outlet}: {said}"),
        Draft(key(line.outlet, FIGURES_ROW), "table", [_flat(line)], f"{line.outlet}: the figures for programs"),
    ]


def _flat(line: OutletLine) -> dict[str, Any]:
    """Return the row of a line; the findings are one cell."""
    return line.as_row() | {"findings": json.dumps(line.findings)}


def share_done(counts: Counts) -> float:
    """Return the percentage of the run's pages that have an outcome; 0 while none are known."""
    ended = counts.stored + counts.unchanged + counts.duplicate + counts.rejected + counts.gone + counts.failed
    total = ended + counts.waiting
    return round(100 * ended / total, 1) if total else 0.0


async def line_of(outlet: str, run: FlowRun, log: Logger) -> OutletLine:
    """Return the summary line of a crawl's flow run, from its state and the row of its figures."""
    row = await attempt(_row(run.id), log, f"reading the figures of {outlet}")
    line = read_row(outlet, row) if row else OutletLine(outlet, "failed", seconds=run.total_run_time.total_seconds())
    line = replace(line, outlet=outlet, state=_state(run, line.state), flow_run_id=str(run.id))
    if line.state in ("failed", "busy", "stopped") and not line.note and run.state is not None:
        return replace(line, note=run.state.message or run.state.name or "")
    return line


def read_row(outlet: str, row: Mapping[str, Any]) -> OutletLine:
    """Make a line of the row in the artifact."""
    return OutletLine.read({"outlet": outlet, **row, "findings": json.loads(row.get("findings") or "[]")})


def _state(run: FlowRun, in_row: State) -> State:
    """Return the state by Prefect. The state in the row only tells a success that needs a person."""
    if run.state is not None and (run.state.is_cancelled() or run.state.is_cancelling()):
        return "stopped"
    if run.state is None or not run.state.is_completed():
        return "busy" if run.state is not None and run.state.name == "Busy" else "failed"
    return "attention" if in_row == "attention" else "completed"


async def _row(flow_run_id: UUID) -> dict[str, Any] | None:
    found = [one for one in await _artifacts(flow_run_id, "table") if str(one.key).endswith(f"-{FIGURES_ROW}")]
    if not found:
        return None
    newest = max(found, key=lambda one: str(one.created))
    rows: list[dict[str, Any]] = json.loads(str(newest.data))
    return rows[0]


async def _artifacts(flow_run_id: UUID, kind: str) -> list[Artifact]:
    async with get_client() as client:
        return await client.read_artifacts(
            artifact_filter=ArtifactFilter(
                flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]), type=ArtifactFilterType(any_=[kind])
            )
        )


async def mark_overtaken(line: OutletLine, log: Logger) -> None:
    """Write into the report of a crawl that some of its articles are copies by now. Does nothing a second time."""
    if line.overtaken and line.flow_run_id:
        await attempt(_mark_overtaken(line), log, f"the report of {line.outlet}")


async def _mark_overtaken(line: OutletLine) -> None:
    for one in await _artifacts(UUID(line.flow_run_id), "markdown"):
        report = str(one.data)
        corrected = with_overtaken(report, line.overtaken)
        if str(one.key).endswith(f"-{REPORT}") and corrected.split("\n")[2] not in report:
            async with get_client() as client:
                await client.update_artifact(one.id, ArtifactUpdate(data=corrected))

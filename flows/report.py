"""Report a crawl to the Prefect UI: log lines, a progress bar, and at its end the report.

A report that fails is logged and does not stop the crawl: the server may be away, and the store holds every count.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from uuid import UUID

import anyio
from prefect.artifacts import aupdate_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, ArtifactFilterType
from prefect.client.schemas.objects import Artifact, FlowRun

from crawlers.messages import Counts, Ended, LogLine, Message, Progress, Started

from .artifacts import Draft, Logger, attempt, key, publish
from .crawl_report import ReportLinks, report_markdown, with_overtaken
from .figures import read_figures, written_figures
from .gate import LogGate
from .summary import OutletLine, State, headline

INFO_EVERY = 6.0  # seconds between progress lines in the log
ARTIFACT_EVERY = 5.0  # seconds between updates of the progress bar; each costs the server 30-50 ms
REPORT = "report"  # the last word of the key of a crawl's report

_LEVELS = {"warning": logging.WARNING, "error": logging.ERROR, "critical": logging.ERROR}


class CrawlReport:
    """Listens to one crawl. `on_message` takes the child's messages; `publish` writes the report.

    `flow_run`: the run that is reported, if it is not the current one. Its bar is drawn only if it takes a while.
    `seeds_read` is set as soon as the crawl has read its seeds, or has ended.
    """

    def __init__(self, outlet: str, log: Logger, flow_run: UUID | None = None) -> None:
        self._outlet, self._log, self._flow_run = outlet, log, flow_run
        self._gate = LogGate()
        self._logged_at = self._drawn_at = time.monotonic() if flow_run else 0.0
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
            draft = Draft(key(self._outlet, "progress"), "progress", percent, title)
            self._bar = await publish(draft, self._log, self._flow_run)
        else:
            await attempt(aupdate_progress_artifact(self._bar, progress=percent), self._log, "the progress")

    async def publish(self, line: OutletLine, links: ReportLinks | None = None) -> None:
        """Write the report and the last state of the progress bar. Safe in a run that is being cancelled."""
        counts = self.ended.counts if self.ended else self.counts
        with anyio.CancelScope(shield=True):
            if self._gate.held_back:
                self._log.info("%s more log lines were held back; the crawl's own log has them", self._gate.held_back)
            if self._bar is not None or (line.state == "completed" and self._flow_run is None):
                await self._draw(100.0 if line.state in ("completed", "attention") else share_done(counts))
            await publish(report_draft(line, counts, links), self._log, self._flow_run)


def report_draft(line: OutletLine, counts: Counts, links: ReportLinks | None = None) -> Draft:
    """Return the report of a crawl that has ended. Its metadata are the figures, which `line_of` reads."""
    said = headline(counts) if line.state in ("completed", "attention") else f"{line.state}: {line.remark}"
    text = report_markdown(line, counts, links)
    return Draft(key(line.outlet, REPORT), "markdown", text, f"{line.outlet}: {said}", written_figures(line))


def share_done(counts: Counts) -> float:
    """Return the percentage of the run's pages that have an outcome; 0 while none are known."""
    ended = counts.stored + counts.unchanged + counts.duplicate + counts.rejected + counts.gone + counts.failed
    total = ended + counts.waiting
    return round(100 * ended / total, 1) if total else 0.0


async def line_of(outlet: str, run: FlowRun, log: Logger) -> OutletLine:
    """Return the summary line of a crawl's flow run, from its state and the figures with its report."""
    report = await attempt(_newest_report(run.id), log, f"reading the figures of {outlet}")
    line = (
        read_figures(report.metadata_ or {})
        if report
        else OutletLine(outlet, "failed", seconds=run.total_run_time.total_seconds())
    )
    line = replace(line, outlet=outlet, state=_state(run, line.state), flow_run_id=str(run.id))
    if line.state in ("failed", "busy", "stopped") and not line.note and run.state is not None:
        return replace(line, note=run.state.message or run.state.name or "")
    return line


def _state(run: FlowRun, reported: State) -> State:
    """Return the state by Prefect. The state in the report only tells a success that needs a person."""
    if run.state is not None and (run.state.is_cancelled() or run.state.is_cancelling()):
        return "stopped"
    if run.state is None or not run.state.is_completed():
        return "busy" if run.state is not None and run.state.name == "Busy" else "failed"
    return "attention" if reported == "attention" else "completed"


async def _newest_report(flow_run_id: UUID) -> Artifact | None:
    return max(await _reports(flow_run_id), key=lambda one: str(one.created), default=None)


async def _reports(flow_run_id: UUID) -> list[Artifact]:
    """Return the reports of a crawl: one for each time that it was run."""
    which = ArtifactFilter(
        flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]), type=ArtifactFilterType(any_=["markdown"])
    )
    async with get_client() as client:
        found = await client.read_artifacts(artifact_filter=which)
    return [one for one in found if str(one.key).endswith(f"-{REPORT}")]


async def mark_overtaken(line: OutletLine, log: Logger) -> None:
    """Write into the report of a crawl, and into its figures, that some of its articles are copies by now.

    Does nothing a second time.
    """
    if line.overtaken and line.flow_run_id:
        await attempt(_mark_overtaken(line), log, f"the report of {line.outlet}")


async def _mark_overtaken(line: OutletLine) -> None:
    for one in await _reports(UUID(line.flow_run_id)):
        report = str(one.data)
        corrected = with_overtaken(report, line.overtaken)
        if corrected.split("\n")[2] not in report:
            async with get_client() as client:
                changed = ArtifactUpdate(data=corrected, metadata_=written_figures(line))
                await client.update_artifact(one.id, changed)

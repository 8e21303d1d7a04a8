"""Report a crawl to the Prefect UI: log lines, a progress bar, a table of counts.

A report that fails is logged and does not stop the crawl: the server may be away, and the store holds every count.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import anyio
import httpx
from prefect.artifacts import (
    acreate_markdown_artifact,
    aupdate_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, ArtifactFilterType
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectException
from prefect.utilities.context import get_task_and_flow_run_ids

from crawlers.messages import Counts, Ended, LogLine, Message, Progress, Started

from .gate import LogGate
from .summary import FIGURES, NightlySummary, OutletLine, State, equation, headline

INFO_EVERY = 6.0  # seconds between progress lines in the log
ARTIFACT_EVERY = 5.0  # seconds between updates of the progress bar; each costs the server 30-50 ms
PATIENCE = 10.0  # seconds that the server may take; the crawl does not wait longer for it

SERVER_TROUBLE = (httpx.HTTPError, PrefectException, OSError, TimeoutError)
_LEVELS = {"warning": logging.WARNING, "error": logging.ERROR, "critical": logging.ERROR}
# How the rows of a crawl's table are called, beside those that are figures of the summary.
_COUNT_LABELS = {
    "discovered": "pages discovered",
    "known": "pages known before",
    "due": "known pages to fetch again",
    "unchanged": "unchanged",
    "duplicate": "duplicate",
    "put_back": "pages put back",
    "seeds_unchanged": "seed documents unchanged",
    "bytes": "bytes received",
}
_REQUEST_LABELS = {"seed": "requests for seeds", "robots": "requests for robots.txt", "article": "requests for pages"}

Logger = logging.Logger | logging.LoggerAdapter[Any]


def key(*words: str) -> str:
    """Return an artifact's key: lower-case letters, digits and dashes."""
    return "-".join(words).replace("_", "-").lower()


async def attempt(work: Awaitable[Any], log: Logger, what: str) -> Any:
    """Return the result of a call to the server; if the server is away or slow, log it and return None."""
    try:
        with anyio.fail_after(PATIENCE):
            return await work
    except SERVER_TROUBLE as trouble:
        log.warning("the Prefect server did not answer (%s): %s", what, trouble or type(trouble).__name__)
        return None


class CrawlReport:
    """Listens to one crawl. `on_message` takes the child's messages; `publish` writes the table of counts.

    `flow_run`: the run that is reported, if it is not the current one. Its bar is drawn only if it takes a while.
    """

    def __init__(self, outlet: str, log: Logger, flow_run: UUID | None = None) -> None:
        self._outlet, self._log, self._flow_run = outlet, log, flow_run
        self._gate = LogGate()
        self._logged_at = self._drawn_at = time.monotonic() if flow_run else 0.0
        self._bar: UUID | None = None
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
                self.ended = message

    def _started(self, started: Started) -> None:
        recovered = f"; {started.recovered} pages of a dead run were put back" if started.recovered else ""
        self._log.info("run %s of %s began (process %s)%s", started.run, self._outlet, started.pid, recovered)

    async def _progress(self, progress: Progress) -> None:
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
            draft = ArtifactCreate(key=key(self._outlet, "progress"), type="progress", description=title, data=percent)
            self._bar = await attempt(write_artifact(draft, self._flow_run), self._log, "the progress")
        else:
            await attempt(aupdate_progress_artifact(self._bar, progress=percent), self._log, "the progress")

    async def publish(self, line: OutletLine) -> None:
        """Write the table of counts and the last state of the progress bar. Safe in a run that is being cancelled."""
        counts = self.ended.counts if self.ended else Counts()
        with anyio.CancelScope(shield=True):
            if self._gate.held_back:
                self._log.info("%s more log lines were held back; the crawl's own log has them", self._gate.held_back)
            if self._bar is not None or (line.state == "completed" and self._flow_run is None):
                await self._draw(100.0 if line.state in ("completed", "attention") else share_done(counts))
            description = f"{self._outlet}: {headline(counts)}. The ledger: {equation(counts.ledger)}."
            draft = ArtifactCreate(
                key=key(self._outlet, "counts"), type="table", description=description,
                data=json.dumps(table(line, counts)),
            )  # fmt: skip
            await attempt(write_artifact(draft, self._flow_run), self._log, "the table of counts")


async def write_artifact(draft: ArtifactCreate, flow_run: UUID | None = None) -> UUID:
    """Write an artifact to the current flow run, or to another one. Return its id."""
    task_run, current = get_task_and_flow_run_ids()
    where = {"flow_run_id": flow_run} if flow_run else {"flow_run_id": current, "task_run_id": task_run}
    async with get_client() as client:
        return (await client.create_artifact(draft.model_copy(update=where))).id


def share_done(counts: Counts) -> float:
    """Return the percentage of the run's pages that have an outcome; 0 while none are known."""
    ended = counts.stored + counts.unchanged + counts.duplicate + counts.rejected + counts.gone + counts.failed
    total = ended + counts.waiting
    return round(100 * ended / total, 1) if total else 0.0


def table(line: OutletLine, counts: Counts) -> list[dict[str, Any]]:
    """Return the rows of the table of counts. The first ones are the summary line, which `line_of` reads back."""
    rows = [(name, getattr(line, name)) for name in ("state", *FIGURES, "seconds", "note")]
    rows += [(label, getattr(counts, name)) for name, label in _COUNT_LABELS.items()]
    rows += [(_REQUEST_LABELS.get(role, f"requests: {role}"), number) for role, number in counts.requests.items()]
    rows += counts.reasons.items()
    rows += [(f"ledger: {name}", number) for name, number in counts.ledger.items()]
    rows += [(f"counter: {name}", number) for name, number in counts.counter.items()]
    rows += [("found", note) for note in counts.notes]
    rows += [("needs a person", problem) for problem in counts.problems]
    return [{"what": what, "count": count} for what, count in rows]


async def line_of(outlet: str, run: FlowRun, log: Logger) -> OutletLine:
    """Return the summary line of a crawl's flow run, from its state and its table of counts."""
    rows = await attempt(_rows(run.id), log, f"reading the counts of {outlet}") or {}
    known = {
        field.name: rows[field.name]
        for field in fields(OutletLine)
        if field.name in rows and field.name not in ("outlet", "state", "note")
    }
    state = _state(run, rows.get("state"))
    note = rows.get("note") or ""
    if state in ("failed", "busy", "stopped") and run.state is not None:
        note = note or run.state.message or run.state.name
    if not rows:
        known["seconds"] = run.total_run_time.total_seconds()
    return OutletLine(outlet, state, **known, note=note)


def _state(run: FlowRun, in_table: str | None) -> State:
    """Return the state by Prefect. The state in the table only tells a success that needs a person."""
    if run.state is not None and (run.state.is_cancelled() or run.state.is_cancelling()):
        return "stopped"
    if run.state is None or not run.state.is_completed():
        return "busy" if run.state is not None and run.state.name == "Busy" else "failed"
    return "attention" if in_table == "attention" else "completed"


async def _rows(flow_run_id: UUID) -> dict[str, Any]:
    async with get_client() as client:
        found = await client.read_artifacts(
            artifact_filter=ArtifactFilter(
                flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]), type=ArtifactFilterType(any_=["table"])
            )
        )
    rows: Sequence[Mapping[str, Any]] = json.loads(str(found[0].data)) if found else []
    return {row["what"]: row["count"] for row in reversed(rows)}


async def publish_summary(summary: NightlySummary, title: str, artifact: str, log: Logger) -> None:
    """Write the summary as a Markdown artifact."""
    await publish_markdown(summary.markdown(title), title, artifact, log)


async def publish_markdown(markdown: str, title: str, artifact: str, log: Logger) -> None:
    """Write a Markdown artifact."""
    work = acreate_markdown_artifact(markdown, key=key(artifact), description=title)
    await attempt(work, log, f"the artifact {artifact}")

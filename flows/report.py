"""What a crawl says to the Prefect UI: log lines, a progress bar, a table of counts. All of it at best effort.

The server may be away for a while; the crawl goes on, and the store holds the truth.
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
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, ArtifactFilterType
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectException

from .gate import LogGate
from .summary import FIGURES, NightlySummary, OutletLine, State, equation, headline

INFO_EVERY = 6.0  # seconds between progress lines in the log
ARTIFACT_EVERY = 5.0  # seconds between updates of the progress bar; each costs the server 30-50 ms
PATIENCE = 10.0  # seconds that the server may take; the crawl does not wait longer for it

SERVER_TROUBLE = (httpx.HTTPError, PrefectException, OSError, TimeoutError)
_LEVELS = {"warning": logging.WARNING, "error": logging.ERROR, "critical": logging.ERROR}

Logger = logging.Logger | logging.LoggerAdapter[Any]


def key(*words: str) -> str:
    """An artifact's key: lower-case letters, digits and dashes."""
    return "-".join(words).replace("_", "-").lower()


async def attempt(work: Awaitable[Any], log: Logger, what: str) -> Any:
    """The result of a call to the server; None, and a line in the log, if the server is away or slow."""
    try:
        with anyio.fail_after(PATIENCE):
            return await work
    except SERVER_TROUBLE as trouble:
        log.warning("%s could not be written to the Prefect server: %s", what, trouble or type(trouble).__name__)
        return None


class CrawlReport:
    """Listens to one crawl. `line` takes the child's lines; `publish` writes the table when the crawl is over."""

    def __init__(self, outlet: str, log: Logger) -> None:
        self._outlet, self._log = outlet, log
        self._gate = LogGate()
        self._told_at = self._drawn_at = 0.0
        self._bar: UUID | None = None
        self.end: dict[str, Any] | None = None

    async def line(self, line: Mapping[str, Any]) -> None:
        match line["type"]:
            case "start":
                self._started(line)
            case "progress":
                await self._progress(line)
            case "log":
                if self._gate.passes(line["message"]):
                    self._log.log(_LEVELS.get(line["level"], logging.INFO), "%s", line["message"])
            case "end":
                self.end = dict(line)

    def _started(self, line: Mapping[str, Any]) -> None:
        recovered = line.get("recovered")
        aside = f"; {recovered} pages of a run that died go back to the ledger" if recovered else ""
        self._log.info("run %s of %s began (process %s)%s", line.get("run"), self._outlet, line.get("pid"), aside)

    async def _progress(self, line: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if now - self._told_at >= INFO_EVERY:
            self._told_at = now
            self._log.info("%s: %s, %s waiting", line["phase"], headline(line["counts"]), line.get("waiting", 0))
        if now - self._drawn_at >= ARTIFACT_EVERY:
            self._drawn_at = now
            await self._draw(share_done(line["counts"]))

    async def _draw(self, percent: float) -> None:
        if self._bar is None:
            title = f"{self._outlet}: pages that have ended, of those known"
            work = acreate_progress_artifact(percent, key=key(self._outlet, "progress"), description=title)
            self._bar = await attempt(work, self._log, "the progress")
        else:
            await attempt(aupdate_progress_artifact(self._bar, progress=percent), self._log, "the progress")

    async def publish(self, line: OutletLine) -> None:
        """The table of counts, and the progress bar's last position; safe in a run that is being cancelled."""
        counts = (self.end or {}).get("counts") or {}
        with anyio.CancelScope(shield=True):
            if self._gate.held_back:
                self._log.info("%s more log lines were held back; the crawl's own log has them", self._gate.held_back)
            if self._bar is not None or line.state == "completed":
                await self._draw(100.0 if line.state in ("completed", "attention") else share_done(counts))
            description = f"{self._outlet}: {headline(counts)}. The ledger: {equation(counts.get('ledger', {}))}."
            work = acreate_table_artifact(table(line, counts), key=key(self._outlet, "counts"), description=description)
            await attempt(work, self._log, "the table of counts")


def share_done(counts: Mapping[str, Any]) -> float:
    """Percent of the pages of this run that have ended; 0 while none are known."""
    ended = sum(counts.get(name, 0) for name in ("stored", "unchanged", "duplicate", "rejected", "gone", "failed"))
    total = ended + counts.get("ledger", {}).get("waiting", 0)
    return round(100 * ended / total, 1) if total else 0.0


def table(line: OutletLine, counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The counts as rows. The first ones are the line of the nightly summary, which reads them back."""
    rows = [{"what": name, "count": getattr(line, name)} for name in ("state", *FIGURES, "seconds", "note")]
    for name in ("discovered", "known", "due", "unchanged", "duplicate", "put_back", "seeds_unchanged", "bytes"):
        rows.append({"what": name, "count": counts.get(name, 0)})
    rows += [{"what": f"requests for {role}s", "count": number} for role, number in counts.get("requests", {}).items()]
    rows += [{"what": reason, "count": number} for reason, number in counts.get("reasons", {}).items()]
    rows += [{"what": f"ledger: {name}", "count": number} for name, number in counts.get("ledger", {}).items()]
    rows += [{"what": "needs a person", "count": problem} for problem in counts.get("problems", ())]
    return rows


async def line_of(outlet: str, run: FlowRun, log: Logger) -> OutletLine:
    """The summary line of a crawl's flow run, from its state and its table of counts."""
    rows = await attempt(_rows(run.id), log, f"a question for the counts of {outlet}") or {}
    known = {
        field.name: rows[field.name]
        for field in fields(OutletLine)
        if field.name in rows and field.name not in ("outlet", "state", "note")
    }
    state = _state(run, rows.get("state"))
    said = rows.get("note") or ""
    if state in ("failed", "busy", "stopped") and run.state is not None:
        said = said or run.state.message or run.state.name
    if not rows:
        known["seconds"] = run.total_run_time.total_seconds()
    return OutletLine(outlet, state, **known, note=said)


def _state(run: FlowRun, said: str | None) -> State:
    """Prefect's state decides; the crawl's own word tells a busy outlet from a failed one, and a doubtful success."""
    if run.state is not None and (run.state.is_cancelled() or run.state.is_cancelling()):
        return "stopped"
    if run.state is None or not run.state.is_completed():
        return "busy" if run.state is not None and run.state.name == "Busy" else "failed"
    return "attention" if said == "attention" else "completed"


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
    """The night as a Markdown artifact."""
    work = acreate_markdown_artifact(summary.markdown(title), key=key(artifact), description=title)
    await attempt(work, log, "the summary")

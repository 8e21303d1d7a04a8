"""Start a run of a deployment on a running Prefect server, and follow it to its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.logging.loggers import get_logger
from prefect.settings import PREFECT_API_URL, PREFECT_UI_URL, temporary_settings

from .errors import DeploymentMissingError, RefusedParametersError, ServerUnreachableError
from .follow import POLL, children_of
from .places import ui_of
from .report import line_of
from .run_events import OnRunEvent, RunCreated, StateChanged
from .summary import NightlySummary, OutletLine, summarise

NAMES = {
    "nightly": "nightly/nightly",
    "poll": "poll/poll",
    "crawl": "crawl/crawl",
    "backfill": "backfill/backfill",
    "window": "crawl-window/window",
    "reextract": "reextract/reextract",
    "import": "import/import",
    "maintain": "maintain/maintain",
    "check": "check/check",
    "check-outlets": "check-outlets/check-outlets",
}


@dataclass(frozen=True, slots=True)
class Followed:
    """A flow run that has ended. `summary`: its crawls, outlet by outlet; of a crawl itself, that one."""

    flow_run_id: UUID
    name: str
    state: str
    completed: bool
    message: str
    url: str
    summary: NightlySummary


async def trigger(
    flow_name: str,
    parameters: dict[str, Any],
    api_url: str,
    on_event: OnRunEvent = lambda _outlet, _event: None,
    tags: tuple[str, ...] = (),
) -> Followed:
    """Run one of `NAMES` on the server at `api_url`, and wait for the end.

    `on_event` is called when the run has been created, and at each change of its state or of a crawl below it.
    Raises ServerUnreachableError, DeploymentMissingError, RefusedParametersError. When cancelled, the run goes on.
    """
    with temporary_settings({PREFECT_API_URL: api_url, PREFECT_UI_URL: ui_of(api_url)}):
        try:
            async with get_client() as client:
                run = await _create(client, NAMES.get(flow_name, flow_name), parameters, api_url, tags)
                url = f"{ui_of(api_url)}/runs/flow-run/{run.id}"
                on_event("", RunCreated(str(run.id), run.name, url))
                run = await _follow(client, run, on_event)
                return await _followed(client, run, url)
        except httpx.TransportError as trouble:
            raise ServerUnreachableError(api_url, str(trouble) or type(trouble).__name__) from trouble


async def _create(
    client: PrefectClient, name: str, parameters: dict[str, Any], api_url: str, tags: tuple[str, ...]
) -> FlowRun:
    try:
        deployment = await client.read_deployment_by_name(name)
        return await client.create_flow_run_from_deployment(deployment.id, parameters=parameters, tags=tags)
    except ObjectNotFound as missing:
        raise DeploymentMissingError(name, api_url) from missing
    except PrefectHTTPStatusError as refused:
        if refused.response.status_code not in (409, 422):
            raise
        raise RefusedParametersError(name, refused.response.json().get("detail", refused.response.text)) from refused


async def _follow(client: PrefectClient, run: FlowRun, on_event: OnRunEvent) -> FlowRun:
    reported: dict[UUID, str] = {}
    while True:
        run = await client.read_flow_run(run.id)
        for outlet, each in [("", run), *((_outlet(child), child) for child in await children_of(client, run.id))]:
            if each.state is not None and reported.get(each.id) != each.state.name:
                reported[each.id] = each.state.name or ""
                on_event(outlet, StateChanged(each.state.name or "", each.state.message or ""))
        if run.state is not None and run.state.is_final():
            return run
        await asyncio.sleep(POLL)


async def _followed(client: PrefectClient, run: FlowRun, url: str) -> Followed:
    crawls = [run] if "outlet" in run.parameters else await children_of(client, run.id)
    log = get_logger("pressrun")
    lines: list[OutletLine] = [await line_of(_outlet(crawl), crawl, log) for crawl in crawls]
    state = run.state
    return Followed(
        flow_run_id=run.id,
        name=run.name,
        state=(state.name if state else "") or "",
        completed=bool(state and state.is_completed()),
        message=(state.message if state else "") or "",
        url=url,
        summary=summarise(lines, run.total_run_time.total_seconds()),
    )


def _outlet(run: FlowRun) -> str:
    return str(run.parameters.get("outlet", ""))

"""Artifacts of the Prefect UI: what is to be shown, and how it gets to the server.

A call that fails is logged and stops nothing: the server may be away, and the store holds every count.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import anyio
import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_UI_URL
from prefect.utilities.context import get_task_and_flow_run_ids

from .markdown import cell

PATIENCE = 10.0  # seconds that the server may take; the crawl does not wait longer for it
SERVER_TROUBLE = (httpx.HTTPError, PrefectException, OSError, TimeoutError)

Logger = logging.Logger | logging.LoggerAdapter[Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """An artifact to be written. `data`: Markdown, or the rows of a table, or a percentage. `title` is shown above it.

    `metadata` is for programs; its values have at most 500 characters.
    """

    key: str
    kind: Literal["markdown", "table", "progress"]
    data: str | float | list[dict[str, Any]]
    title: str
    metadata: Mapping[str, str] = field(default_factory=dict)


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


async def publish(draft: Draft, log: Logger, flow_run_id: UUID | str | None = None) -> UUID | None:
    """Write the artifact to the current flow run, or to another one. Return its id; None if the server was away."""
    made = await attempt(_create(draft, flow_run_id), log, f"the artifact {draft.key}")
    return made if isinstance(made, UUID) else None


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row whose texts are shown as they are: the UI reads each cell as Markdown."""
    return {name: cell(value) if isinstance(value, str) else value for name, value in row.items()}


async def _create(draft: Draft, flow_run_id: UUID | str | None) -> UUID:
    task_run, flow_run = (None, UUID(str(flow_run_id))) if flow_run_id else get_task_and_flow_run_ids()
    data = json.dumps([_shown(row) for row in draft.data]) if isinstance(draft.data, list) else draft.data
    wanted = ArtifactCreate(
        key=key(draft.key), type=draft.kind, description=draft.title, data=data, flow_run_id=flow_run,
        task_run_id=task_run, metadata_=dict(draft.metadata) or None,
    )  # fmt: skip
    async with get_client() as client:
        return (await client.create_artifact(wanted)).id


def run_link(flow_run_id: UUID | str) -> str:
    """Return the path of a flow run's page; empty without an id."""
    return f"{_base()}/runs/flow-run/{flow_run_id}" if flow_run_id else ""


def artifact_link(artifact_id: UUID | None) -> str:
    """Return the path of an artifact's page; empty without an id."""
    return f"{_base()}/artifacts/artifact/{artifact_id}" if artifact_id else ""


def _base() -> str:
    """Return the path of the UI on its server. A path alone is right through a tunnel and behind a proxy as well."""
    return urlsplit(PREFECT_UI_URL.value() or "/v2").path.rstrip("/")

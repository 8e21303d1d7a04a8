"""Register the deployments of prefect.yaml on a Prefect server."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

POOL = "pressrun"


def prefect_yaml() -> Path:
    """Return the file of the deployments: deploy/prefect.yaml in a checkout, beside this module in a wheel."""
    here = Path(__file__).parent
    installed = here / "prefect.yaml"
    return installed if installed.exists() else here.parent / "deploy" / "prefect.yaml"


def read_deployments(file: Path) -> list[dict[str, Any]]:
    """Return the deployments as they stand in the file."""
    deployments: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"]
    return deployments


async def register(file: Path | None = None) -> list[str]:
    """Create or update the work pool and all deployments. Returns their names, FLOW/DEPLOYMENT. Safe to repeat.

    A schedule or deployment that was paused in the UI stays paused; everything else is set as in the file.
    """
    await _ensure_pool()
    names = []
    for spec in read_deployments(file or prefect_yaml()):
        flow: Flow[..., Any] = load_flow_from_entrypoint(spec["entrypoint"])
        name = f"{flow.name}/{spec['name']}"
        known = await _known(name)
        paused = {each.slug for each in known.schedules if not each.active} if known else set()
        deployment = await flow.ato_deployment(
            spec["name"],
            paused=known.paused if known else None,
            description=spec.get("description"),
            tags=spec.get("tags"),
            parameters=spec.get("parameters"),
            schedules=[_schedule(entry, paused) for entry in spec.get("schedules", ())],
            concurrency_limit=ConcurrencyLimitConfig(**spec["concurrency_limit"])
            if "concurrency_limit" in spec
            else None,
            work_pool_name=spec["work_pool"]["name"],
            job_variables=spec["work_pool"].get("job_variables"),
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        await deployment.aapply()
        names.append(name)
    return names


async def _ensure_pool() -> None:
    async with get_client() as client:
        template = ProcessWorker.get_default_base_job_template()
        try:
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process", base_job_template=template))
        except ObjectAlreadyExists:
            return


async def _known(name: str) -> DeploymentResponse | None:
    async with get_client() as client:
        try:
            return await client.read_deployment_by_name(name)
        except ObjectNotFound:
            return None


def _schedule(entry: dict[str, Any], paused: Collection[str | None]) -> Schedule:
    return Cron(
        entry["cron"],
        timezone=entry["timezone"],
        slug=entry["slug"],
        parameters=entry.get("parameters", {}),
        active=entry["slug"] not in paused,
    )

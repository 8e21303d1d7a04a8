"""Register the deployments of prefect.yaml on a Prefect server, with their pool and queues, and remove those gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig, DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from crawlers.catalog import load_outlets
from crawlers.environment import read_settings

from .schedules import nightly_schedules

POOL = "pressrun"
OURS = "pressrun"  # the tag of all deployments
# What a deployment is compared by: changes of these are told.
COMPARED = (
    "entrypoint", "description", "tags", "parameters", "schedules", "work_queue_name", "job_variables",
    "concurrency_options", "parameter_openapi_schema",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one thing on the server: created, changed (and what of it), unchanged, or removed."""

    thing: str
    how: str

    @property
    def line(self) -> str:
        """The change in a line for a person."""
        return f"{self.thing}: {self.how}"


def prefect_yaml() -> Path:
    """Return the file of the deployments: deploy/prefect.yaml in a checkout, beside this module in a wheel."""
    return _of_deploy("prefect.yaml")


def _of_deploy(name: str) -> Path:
    here = Path(__file__).parent
    installed = here / name
    return installed if installed.exists() else here.parent / "deploy" / name


def read_deployments(file: Path) -> list[dict[str, Any]]:
    """Return the deployments as they stand in the file."""
    deployments: list[dict[str, Any]] = _read(file)["deployments"]
    return deployments


def read_queues(file: Path) -> list[str]:
    """Return the names of the work queues, the most urgent first."""
    queues: list[str] = _read(file)["definitions"]["queues"]
    return queues


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


async def register(file: Path | None = None) -> list[Change]:
    """Create or update the work pool, its queues and all deployments; remove those of ours that are gone.

    Safe to repeat. A schedule or deployment that was paused in the UI stays paused, and schedules that a person added
    stay; everything else is set as in the file, in the `[schedule]` of the outlet files and in PRESSRUN_POLL_CRON.
    Returns what became of each thing.
    """
    source = file or prefect_yaml()
    changes = [await _ensure_pool(), *await _ensure_queues(read_queues(source))]
    names = []
    for spec in read_deployments(source):
        changes.append(await _register(spec))
        names.append(changes[-1].thing.removeprefix("deployment "))
    return [*changes, *await _remove_others(names)]


async def _register(spec: Mapping[str, Any]) -> Change:
    flow: Flow[..., Any] = load_flow_from_entrypoint(spec["entrypoint"])
    name = f"{flow.name}/{spec['name']}"
    known = await _known(name)
    paused = {each.slug for each in known.schedules if not each.active} if known else set()
    entries = _entries(spec)
    own = [_kept(each) for each in known.schedules if not _is_ours(spec, each.slug)] if known else []
    deployment = await flow.ato_deployment(
        spec["name"],
        paused=known.paused if known else None,
        description=spec.get("description"),
        tags=spec.get("tags"),
        parameters=spec.get("parameters"),
        schedules=[*(_schedule(entry, paused) for entry in entries), *own],
        concurrency_limit=ConcurrencyLimitConfig(**spec["concurrency_limit"]) if "concurrency_limit" in spec else None,
        work_pool_name=spec["work_pool"]["name"],
        work_queue_name=spec["work_pool"]["work_queue_name"],
        job_variables=spec["work_pool"].get("job_variables"),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    await deployment.aapply()
    if known:
        await _remove_schedules(known, {*(entry["slug"] for entry in entries), *(each.slug for each in own)})
    return Change(f"deployment {name}", _difference(known, await _known(name)))


def _is_ours(spec: Mapping[str, Any], slug: str | None) -> bool:
    """Return True for the slug of a schedule of ours: that of the deployment, with or without a group behind it."""
    return slug is not None and (slug == spec["name"] or slug.startswith(f"{spec['name']}-"))


def _kept(schedule: DeploymentSchedule) -> DeploymentScheduleCreate:
    """Return a person's schedule as it is. It needs a slug: where one has none, Prefect replaces all by those given."""
    return DeploymentScheduleCreate(
        schedule=schedule.schedule,
        active=schedule.active,
        max_scheduled_runs=schedule.max_scheduled_runs,
        parameters=schedule.parameters,
        slug=schedule.slug or f"own-{str(schedule.id)[:8]}",
    )


async def _remove_schedules(known: DeploymentResponse, slugs: Collection[str | None]) -> None:
    """Delete the schedules of groups that are gone. Prefect only adds and updates."""
    gone = [each.id for each in known.schedules if each.slug and each.slug not in slugs]
    if not gone:
        return
    async with get_client() as client:
        for schedule in gone:
            await client.delete_deployment_schedule(known.id, schedule)


def _entries(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = list(spec.get("schedules", ()))
    settings = read_settings()
    if spec["name"] == "nightly" and entries:
        return nightly_schedules(entries[0], load_outlets(settings.outlets)) + entries[1:]
    if spec["name"] == "poll" and settings.poll_cron:
        return [entry | {"cron": settings.poll_cron} for entry in entries]
    return entries


def _difference(before: DeploymentResponse | None, after: DeploymentResponse | None) -> str:
    if before is None or after is None:
        return "created"
    old, new = _comparable(before), _comparable(after)
    changed = [name.replace("_", " ") for name in COMPARED if old[name] != new[name]]
    return f"changed: {', '.join(changed)}" if changed else "unchanged"


def _comparable(deployment: DeploymentResponse) -> dict[str, Any]:
    values = deployment.model_dump(mode="json", include=set(COMPARED))
    schedules = [(each.slug, each.active, each.schedule.model_dump(mode="json"), each.parameters)
                 for each in deployment.schedules]  # fmt: skip
    return values | {"schedules": sorted(schedules, key=str), "tags": sorted(deployment.tags)}


async def _ensure_pool() -> Change:
    async with get_client() as client:
        template = ProcessWorker.get_default_base_job_template()
        try:
            await client.create_work_pool(WorkPoolCreate(name=POOL, type="process", base_job_template=template))
        except ObjectAlreadyExists:
            return Change(f"work pool {POOL}", "unchanged")
        return Change(f"work pool {POOL}", "created")


async def _ensure_queues(names: list[str]) -> list[Change]:
    async with get_client() as client:
        known = {queue.name: queue for queue in await client.read_work_queues(work_pool_name=POOL)}
        created = [name for name in names if name not in known]
        for name in created:
            known[name] = await client.create_work_queue(name=name, work_pool_name=POOL)
        moved = await _set_priorities(client, names)
    return [
        Change(f"queue {name}", "created" if name in created else "changed: priority" if name in moved else "unchanged")
        for name in names
    ]


async def _set_priorities(client: PrefectClient, names: list[str]) -> list[str]:
    """Give the queues the priorities 1, 2, 3 ... in this order. Returns those that had another one.

    The server moves the other queues when one gets a priority, so each is looked up anew.
    """
    moved = []
    for priority, name in enumerate(names, start=1):
        (queue,) = [each for each in await client.read_work_queues(work_pool_name=POOL) if each.name == name]
        if queue.priority != priority:
            await client.update_work_queue(queue.id, priority=priority)
            moved.append(name)
    return moved


async def _remove_others(names: Collection[str]) -> list[Change]:
    """Delete the deployments of earlier versions: in our pool, with our tag, and not in the file."""
    changes = []
    async with get_client() as client:
        ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[OURS]))
        for deployment in await client.read_deployments(deployment_filter=ours):
            flow = await client.read_flow(deployment.flow_id)
            name = f"{flow.name}/{deployment.name}"
            if name not in names and deployment.work_pool_name == POOL:
                await client.delete_deployment(deployment.id)
                changes.append(Change(f"deployment {name}", "removed"))
    return changes


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

"""Tags of flow runs: outlet:azernews, country:az, kind:nightly. The lists of the Prefect UI are filtered by them."""

from __future__ import annotations

from collections.abc import Collection

from prefect import runtime
from prefect.client.orchestration import get_client

from crawlers.catalog import Catalog
from crawlers.errors import OutletFileError, UnknownOutletError
from crawlers.job import Kind

from .artifacts import Logger, attempt

NIGHTLY, POLL, BACKFILL, CRAWL = "nightly", "poll", "backfill", "crawl"  # the kinds of runs
SHARD = "pressrun-shard"  # of runs that use all cores of a machine: a worker takes one of them at a time


def tag(kind: str) -> str:
    """Return the tag of a kind of run."""
    return f"kind:{kind}"


def run_tags(catalog: Catalog, outlet: str, kind: str) -> tuple[str, ...]:
    """Return the tags of a crawl's flow run. The country is left out if the outlet's file is wrong."""
    try:
        country: tuple[str, ...] = (f"country:{catalog.get(outlet).country}",)
    except (UnknownOutletError, OutletFileError):
        country = ()
    return (f"outlet:{outlet}", *country, tag(kind))


def kind_of_run(tags: Collection[str]) -> Kind:
    """Return the kind of a crawl by its tags: those that nights start are nightly, all others are crawls."""
    return "nightly" if tag(NIGHTLY) in tags else "crawl"


async def tag_this_run(tags: Collection[str], log: Logger) -> None:
    """Add tags to the current flow run; one kind is enough, so that of a run that has one is kept."""
    have = set(runtime.flow_run.tags)
    has_kind = any(one.startswith("kind:") for one in have)
    missing = {one for one in tags if not (has_kind and one.startswith("kind:"))} - have
    if missing:
        await attempt(_set_tags(sorted(have | missing)), log, "the tags of the run")


async def _set_tags(tags: list[str]) -> None:
    async with get_client() as client:
        await client.update_flow_run(runtime.flow_run.id, tags=tags)

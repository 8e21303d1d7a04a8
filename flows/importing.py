"""The import flows: WARC and ARC files, each read by `pressrun import` in a child process, on one machine or many."""

from __future__ import annotations

import asyncio
import glob
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from prefect import flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed, Failed
from pydantic import Field

from .artifacts import Draft, publish, run_link
from .command_child import CommandEnd, run_command
from .command_progress import Bar, CommandProgress
from .follow import run_to_its_end, stopping_children
from .markdown import cell, link, many, page, table
from .parameters import OutletId
from .places import settings_of_flow_run
from .reextract_shards import outcome_line
from .tags import SHARD

File = Annotated[str, Field(min_length=1)]


def run_name() -> str:
    """Return a name such as "import 2026-11-25"."""
    return f"import {datetime.now(UTC):%Y-%m-%d}"


def file_run_name() -> str:
    """Return a name such as "import CC-NEWS-1.warc.gz"."""
    return f"import {name_of(runtime.flow_run.parameters['file'])}"


def name_of(file: str) -> str:
    """Return the last part of a path or an address."""
    return urlsplit(file).path.rstrip("/").rpartition("/")[2] or file


@flow(name="import", flow_run_name=run_name)
async def import_files(
    files: Annotated[list[File], Field(min_length=1)],
    outlets: list[OutletId] | None = None,
    every_site: bool = False,
    max_parallel: Annotated[int, Field(ge=1, le=64)] = 8,
) -> State[Any]:
    """Import the pages of WARC and ARC files, several at a time. A file that was interrupted is continued.

    Args:
        files: Paths, which every worker must be able to read, or http and https addresses. `*` stands for anything.
        outlets: Import only articles of these outlets; of all that have a file if none is named.
        every_site: Import the pages of all sites, also of those without an outlet file.
        max_parallel: How many files at a time. Each worker takes one at a time and uses all of its cores.
    """
    found, missing = await find_files(files)
    if missing:
        return Failed(message=f"no such file: {', '.join(missing)}; a path is that of the worker's machine"[:2000])
    wanted = [] if every_site else [outlet.value for outlet in outlets or ()] or ["all"]
    slots = asyncio.Semaphore(max_parallel)

    async def import_one(file: str) -> FlowRun:
        async with slots:
            return await start_file(file, wanted)

    async with stopping_children():
        runs = await asyncio.gather(*map(import_one, found))
    await publish_files([_row(file, run) for file, run in zip(found, runs, strict=True)])
    failed = [name_of(file) for file, run in zip(found, runs, strict=True) if not _is_completed(run)]
    if failed:
        return Failed(message=f"{len(failed)} of {many(len(runs), 'file')} failed: {', '.join(failed)}"[:2000])
    return Completed(message=f"{many(len(runs), 'file')} imported")


def _is_completed(run: FlowRun) -> bool:
    return run.state is not None and run.state.is_completed()


@task(task_run_name="find the files", cache_policy=NO_CACHE)
async def find_files(patterns: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the files of the patterns, each once, and the patterns without any. A rerun looks again."""
    found: dict[str, None] = {}
    missing = []
    for pattern in patterns:
        files = [pattern] if "://" in pattern else sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - absolute
        found.update(dict.fromkeys(files))
        if not files:
            missing.append(pattern)
    return list(found), missing


@task(task_run_name="{file}", cache_policy=NO_CACHE)
async def start_file(file: str, outlets: list[str]) -> FlowRun:
    """Start the file's flow run and wait for it. A rerun finds it again, and repeats it unless it has completed."""
    name = f"import {file}"  # of the whole path: it also tells the runs of this import apart
    return await run_to_its_end("import-file/file", {"file": file, "outlets": outlets}, name, (SHARD,))


@flow(name="import-file", flow_run_name=file_run_name)
async def import_file(file: File, outlets: list[str] | None = None) -> State[Any]:
    """Import one WARC or ARC file; the import flow starts these.

    Args:
        file: A path, or an http or https address.
        outlets: Import only articles of these outlets; `all`: of all that have a file. None: the pages of all sites.
    """
    end = await read_file(["import", file, *(["--outlets", ",".join(outlets)] if outlets else [])])
    if end.failure:
        return Failed(message=end.failure[:2000])
    counts = end.counts
    return Completed(message=f"{counts['records']:,} records, {outcome_line(counts, counts['problems'])}"[:2000])


@task(task_run_name="import", cache_policy=NO_CACHE)
async def read_file(command: list[str]) -> CommandEnd:
    """Run the child. A rerun continues where it was stopped."""
    log = get_run_logger()
    progress = CommandProgress(Bar("import-progress", "Share of the file that is read", log), log)
    return await run_command(settings_of_flow_run(), command, progress.on_line)


@task(task_run_name="publish the files", cache_policy=NO_CACHE)
async def publish_files(rows: list[list[str]]) -> None:
    """Write the artifact with a line for each file. A rerun writes it again."""
    title = str(runtime.flow_run.name)
    text = page(f"# {title}", table(["file", "state", "what it brought", "#seconds"], rows))
    await publish(Draft("import-files", "markdown", text, title), get_run_logger())


def _row(file: str, run: FlowRun) -> list[str]:
    state, told = (run.state.name or "", run.state.message or "") if run.state else ("", "")
    return [link(name_of(file), run_link(run.id)), state, cell(told), f"{run.total_run_time.total_seconds():.0f}"]

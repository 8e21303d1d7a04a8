"""The systems that are compared: how each is called, and the environment of its own in which others run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.processes import cpu_of_ended_children, cpu_of_running

ROOT = Path(__file__).resolve().parent.parent
RUNNERS = Path(__file__).parent / "runners"
ENVIRONMENTS = ROOT / ".bench"  # ignored by git; delete it to build them anew


class SystemFailedError(Exception):
    """A system cannot be installed, or does not run."""


@dataclass(frozen=True)
class System:
    """`packages`: pinned, installed into an environment of their own; none for what this checkout has."""

    name: str
    command: tuple[str, ...]
    packages: tuple[str, ...] = ()


SYSTEMS = {
    system.name: system
    for system in (
        System("pressrun", ("-m", "crawlers.extraction.workers.batch", "-")),
        System("trafilatura", (str(RUNNERS / "trafilatura_alone.py"),)),
        System("newspaper4k", (str(RUNNERS / "newspaper4k.py"),), ("newspaper4k==0.9.6", "lxml_html_clean==0.4.6")),
        System("news-please", (str(RUNNERS / "news_please.py"),), ("news-please==1.6.16", "lxml_html_clean==0.4.6")),
    )
}


def answers(system: System, rows: list[dict[str, Any]]) -> tuple[dict[str, dict[str, Any]], float]:
    """Return each page's answer by its id, and CPU milliseconds a page.

    Only the second half of the pages counts: the first takes the start with it, and what a system loads or compiles
    when it first meets a form of page. Of trafilatura that is more than a second, most of it for dates.
    """
    half = len(rows) // 2
    with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as errors:
        asked.writelines(json.dumps(row) + "\n" for row in rows)
        asked.seek(0)
        before = cpu_of_ended_children()
        process = subprocess.Popen(
            [_python(system), *system.command], stdin=asked, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT) if not system.packages else ""},
        )  # fmt: skip
        with process:
            told, spent = _read_answers(process, half)
        errors.seek(0)
        if process.returncode:
            last = errors.read().strip().splitlines()[-1:] or ["no message"]
            raise SystemFailedError(f"{system.name} ended with exit code {process.returncode}: {last[0]}")
    found = {row["id"]: row for row in told}
    return found, 1000 * max(0.0, cpu_of_ended_children() - before - spent) / max(1, len(rows) - half)


def _read_answers(process: subprocess.Popen[str], half: int) -> tuple[list[dict[str, Any]], float]:
    """Return all answers, and the CPU seconds that were used when half of them were there."""
    told: list[dict[str, Any]] = []
    spent = 0.0
    assert process.stdout is not None
    for line in filter(str.strip, process.stdout):
        told.append(json.loads(line))
        if len(told) == half:
            spent = cpu_of_running(process.pid)
    return told, spent


def _python(system: System) -> str:
    """The interpreter of the system's own environment, built if it is not there."""
    if not system.packages:
        return sys.executable
    place = ENVIRONMENTS / "-".join([system.name, system.packages[0].partition("==")[2]])
    python = place / "bin" / "python"
    if (place / "ready").exists():
        return str(python)
    print(f"building {place.relative_to(ROOT)} ...", file=sys.stderr)
    venv.create(place, with_pip=True, clear=True)
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", *system.packages], capture_output=True, text=True
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise SystemFailedError(f"{system.name} cannot be installed: {last[0]}; is a package index reachable?")
    (place / "ready").touch()
    return str(python)

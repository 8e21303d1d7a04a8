"""The systems that are compared: how each is called, and the environment of its own in which others run."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    """Each page's answer by its id, and CPU milliseconds a page; the start is measured apart and taken off."""
    python = _python(system)
    _, start = _run(system, python, rows[:1])
    told, spent = _run(system, python, rows)
    found = {row["id"]: row for row in map(json.loads, filter(str.strip, told.splitlines()))}
    return found, 1000 * max(0.0, spent - start) / max(1, len(rows) - 1)


def _run(system: System, python: str, rows: list[dict[str, Any]]) -> tuple[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [python, *system.command], input="".join(json.dumps(row) + "\n" for row in rows), text=True,
        capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT) if not system.packages else ""},
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise SystemFailedError(f"{system.name} ended with exit code {done.returncode}: {last[0]}")
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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

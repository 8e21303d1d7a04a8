"""Crawls as a person follows them: live bars in a terminal, plain lines elsewhere, one JSON value for machines."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

from .show import say_json

ENDS = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed")
PLAIN_EVERY = 10.0  # seconds between progress lines where there is no terminal

Line = dict[str, Any]


def watch(*, as_json: bool, quiet: bool = False) -> Watch:
    """What follows the lines of crawls; a context manager. Call `saw(outlet, line)` for each line of a crawl.

    `quiet`: the caller sums the ends up itself.
    """
    if as_json:
        return JsonWatch(quiet=quiet)
    return LiveWatch(quiet=quiet) if sys.stderr.isatty() else Watch(quiet=quiet)


class Watch:
    """Plain lines: begin, warnings, progress now and then, end."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.ends: dict[str, Line] = {}
        self._quiet = quiet
        self._told: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def saw(self, outlet: str, line: Line) -> None:
        match line["type"]:
            case "start":
                self.began(outlet, line)
            case "progress":
                self.progress(outlet, line)
            case "log":
                self.say(f"{outlet}: {line['level']}: {line['message']}")
            case "end":
                self.ends[outlet] = line
                self.ended(outlet, line)

    def say(self, text: str) -> None:
        click.echo(text)

    def began(self, outlet: str, line: Line) -> None:
        recovered = line.get("recovered") or 0
        more = f"; {recovered} pages of a run that died go on" if recovered else ""
        self.say(f"{outlet}: run {line['run']} begins{more}")
        self._told[outlet] = time.monotonic()

    def progress(self, outlet: str, line: Line) -> None:
        if time.monotonic() - self._told.get(outlet, 0.0) >= PLAIN_EVERY:
            self._told[outlet] = time.monotonic()
            self.say(f"{outlet}: {_so_far(line)}")

    def ended(self, outlet: str, line: Line) -> None:
        for text in () if self._quiet else told(outlet, line):
            self.say(text)


class JsonWatch(Watch):
    """Nothing meanwhile; what the crawls came to when all have ended."""

    def say(self, text: str) -> None:
        click.echo(text, err=True)

    def began(self, outlet: str, line: Line) -> None:
        pass

    def progress(self, outlet: str, line: Line) -> None:
        pass

    def ended(self, outlet: str, line: Line) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self._quiet:
            names = ("state", "run", "counts", "error", "seconds")
            say_json(
                [{"outlet": outlet} | {name: line.get(name) for name in names} for outlet, line in self.ends.items()]
            )


class LiveWatch(Watch):
    """A bar for each crawl under way; what ends or warns is printed above."""

    def __init__(self, *, quiet: bool = False) -> None:
        super().__init__(quiet=quiet)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bars: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def say(self, text: str) -> None:
        from rich.text import Text

        self._progress.console.print(Text(text), highlight=False)

    def began(self, outlet: str, line: Line) -> None:  # noqa: ARG002 - a bar says it
        self._bars[outlet] = self._progress.add_task(outlet, total=None, counts="asking the seeds")

    def progress(self, outlet: str, line: Line) -> None:
        if outlet in self._bars:
            done = sum(line["counts"].get(end, 0) for end in ENDS)
            total = done + line.get("waiting", 0)
            self._progress.update(self._bars[outlet], completed=done, total=total or None, counts=_so_far(line))

    def ended(self, outlet: str, line: Line) -> None:
        if outlet in self._bars:
            self._progress.remove_task(self._bars.pop(outlet))
        super().ended(outlet, line)


def _so_far(line: Line) -> str:
    phase = "asking the seeds, " if line.get("phase") == "seeds" else ""
    return f"{phase}{_outcomes(line['counts'])}; {line.get('waiting', 0)} waiting"


def _outcomes(counts: dict[str, Any]) -> str:
    return ", ".join(f"{counts[end]} {end}" for end in ENDS if counts.get(end)) or "no page ended"


def told(outlet: str, end: Line) -> list[str]:
    """The end of a crawl in a few lines: what came of it, why pages were refused, what a person should look at."""
    counts = end.get("counts") or {}
    if not counts:
        return []  # it never began; its error is told apart
    requests = counts.get("requests", {})
    lines = [
        f"{outlet}: {end['state']} in {end.get('seconds', 0):.1f} s: {counts.get('discovered', 0)} pages new, "
        f"{_outcomes(counts)}; {counts.get('copies', 0)} copies; {requests.get('article', 0)} articles and "
        f"{requests.get('seed', 0)} seeds asked for; {counts.get('ledger', {}).get('waiting', 0)} waiting"
    ]
    if reasons := [f"{count} {reason}" for reason, count in counts.get("reasons", {}).items()]:
        lines.append(f"{outlet}: of these {', '.join(reasons)}")
    return lines + [f"{outlet}: to look at: {problem}" for problem in counts.get("problems", [])]

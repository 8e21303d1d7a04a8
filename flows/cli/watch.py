"""Show crawls under way: live bars in a terminal, plain lines elsewhere, one JSON value for machines."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

from crawlers.messages import Counts, Ended, LogLine, Message, Progress, Started, as_dict

from .show import say_json

OUTCOMES = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed")
PLAIN_EVERY = 10.0  # seconds between progress lines where there is no terminal


def watch(*, as_json: bool, quiet: bool = False) -> Watch:
    """Return a context manager that shows crawls. Call `saw(outlet, message)` for each message of a crawl.

    `quiet`: show no ends, since the caller sums them up.
    """
    if as_json:
        return JsonWatch(quiet=quiet)
    return LiveWatch(quiet=quiet) if sys.stderr.isatty() else Watch(quiet=quiet)


class Watch:
    """Plain lines: start, warnings, progress from time to time, end."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.ends: dict[str, Ended] = {}
        self._quiet = quiet
        self._shown_at: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def saw(self, outlet: str, message: Message) -> None:
        """Show a message of a crawl; `outlet` is the name to show it under."""
        match message:
            case Started():
                self.began(outlet, message)
            case Progress():
                self.progress(outlet, message)
            case LogLine():
                self.say(f"{outlet}: {message.level}: {message.message}")
            case Ended():
                self.ends[outlet] = message
                self.ended(outlet, message)

    def say(self, text: str) -> None:
        click.echo(text)

    def began(self, outlet: str, started: Started) -> None:
        recovered = f"; {started.recovered} pages of a dead run were put back" if started.recovered else ""
        self.say(f"{outlet}: run {started.run} begins{recovered}")
        self._shown_at[outlet] = time.monotonic()

    def progress(self, outlet: str, progress: Progress) -> None:
        if time.monotonic() - self._shown_at.get(outlet, 0.0) >= PLAIN_EVERY:
            self._shown_at[outlet] = time.monotonic()
            self.say(f"{outlet}: {_so_far(progress)}")

    def ended(self, outlet: str, ended: Ended) -> None:
        for text in () if self._quiet else summary_lines(outlet, ended):
            self.say(text)


class JsonWatch(Watch):
    """One JSON value when all crawls have ended; warnings go to standard error."""

    def say(self, text: str) -> None:
        click.echo(text, err=True)

    def began(self, outlet: str, started: Started) -> None:
        pass

    def progress(self, outlet: str, progress: Progress) -> None:
        pass

    def ended(self, outlet: str, ended: Ended) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self._quiet:
            names = ("state", "run", "counts", "error", "seconds")
            ends = [(outlet, as_dict(ended)) for outlet, ended in self.ends.items()]
            say_json([{"outlet": outlet} | {name: values[name] for name in names} for outlet, values in ends])


class LiveWatch(Watch):
    """A bar for each crawl under way; ends and warnings are printed above the bars."""

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

    def began(self, outlet: str, started: Started) -> None:  # noqa: ARG002 - the bar shows it
        self._bars[outlet] = self._progress.add_task(outlet, total=None, counts="reading seeds")

    def progress(self, outlet: str, progress: Progress) -> None:
        if outlet in self._bars:
            done = sum(getattr(progress.counts, outcome) for outcome in OUTCOMES)
            total = done + progress.waiting
            self._progress.update(self._bars[outlet], completed=done, total=total or None, counts=_so_far(progress))

    def ended(self, outlet: str, ended: Ended) -> None:
        if outlet in self._bars:
            self._progress.remove_task(self._bars.pop(outlet))
        super().ended(outlet, ended)


def _so_far(progress: Progress) -> str:
    phase = "reading seeds, " if progress.phase == "seeds" else ""
    return f"{phase}{_outcomes(progress.counts)}; {progress.waiting} waiting"


def _outcomes(counts: Counts) -> str:
    numbers = {outcome: getattr(counts, outcome) for outcome in OUTCOMES}
    return ", ".join(f"{number} {outcome}" for outcome, number in numbers.items() if number) or "no page has ended"


def summary_lines(outlet: str, ended: Ended) -> list[str]:
    """Return the end of a crawl in a few lines: its counts, the reasons of refusals, what a person should look at.

    Nothing for a run that never began: its error is shown by the caller.
    """
    if ended.run is None:
        return []
    counts = ended.counts
    lines = [
        f"{outlet}: {ended.state} in {ended.seconds:.1f} s: {counts.discovered} pages discovered, {_outcomes(counts)}; "
        f"{counts.copies} copies; {counts.requests.get('article', 0)} pages and {counts.requests.get('seed', 0)} seeds "
        f"requested; {counts.waiting} waiting"
    ]
    if reasons := [f"{count} {reason}" for reason, count in counts.reasons.items()]:
        lines.append(f"{outlet}: reasons: {', '.join(reasons)}")
    if counter := [f"{count} {name}" for name, count in counts.counter.items() if count]:
        lines.append(f"{outlet}: counter: {', '.join(counter)}")
    lines += [f"{outlet}: {note}" for note in counts.notes]
    return lines + [f"{outlet}: needs a person: {problem}" for problem in counts.problems]

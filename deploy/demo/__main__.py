"""`make demo`: run the nightly flow twice over three invented outlets, under a real Prefect server, and report."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from crawlers.environment import Settings
from flows.run_events import RunCreated, StateChanged
from flows.up import PORT, RunningPrefect, running_prefect
from storage.errors import PressrunError

from .place import ROOT, clean_place
from .press import Press
from .report import Requests, fetched_nothing, say_requests, say_store, say_what_next
from .schedules import set_schedule

IDS = ("demo_herald", "demo_digest", "demo_xeber")
NIGHTS = ("first night", "second night")
LOOKS = 4  # updates of the display a second

console = Console(highlight=False, soft_wrap=True)


def main(root: Path = ROOT) -> int:
    """Run the demo, keeping what it collects in root/data; returns its exit code."""
    began = time.monotonic()
    try:
        with Press() as press:
            settings = clean_place(IDS, press.outlet_folder, root)
            nights = _nights(press, settings)
            seconds = time.monotonic() - began
    except PressrunError as error:
        console.print(f"demo: {error}", markup=False, style="red")
        return error.exit_code
    except KeyboardInterrupt:
        console.print("demo: interrupted")
        return 130
    promises = say_store(console, settings, IDS)
    say_requests(console, NIGHTS, nights)
    good = fetched_nothing(console, nights[-1]) and promises
    say_what_next(console, settings, root, seconds)
    return 0 if good else 1


def _nights(press: Press, settings: Settings) -> list[Requests]:
    """Run both nights under one Prefect server. Returns the requests of each."""
    console.print("[bold]Pressrun's demo[/]: three invented outlets on this machine, crawled on two nights.\n")
    for outlet in ("herald", "digest", "xeber"):
        console.print(f"  {press.origin(outlet)}  {len(press.stories(outlet))} articles")
    console.print()
    nights = []
    # Prefect's client takes a second or two to import: done while its server starts.
    threading.Thread(target=importlib.import_module, args=("flows.trigger",), name="import").start()
    with _prefect(settings) as prefect:
        console.print(f"Prefect is up: {prefect.ui_url}\n")
        for name in NIGHTS:
            before = Requests.so_far(press)
            _night(name, press, prefect)
            nights.append(Requests.so_far(press) - before)
    return nights


@contextmanager
def _prefect(settings: Settings) -> Iterator[RunningPrefect]:
    """The server on its usual port, or on a free one where that is taken."""
    from flows.errors import PortTakenError

    def tell(line: str) -> None:
        console.print(line, style="dim", markup=False)

    try:
        starting = running_prefect(settings, PORT, progress=tell)
        prefect = starting.__enter__()
    except PortTakenError:
        starting = running_prefect(settings, 0, progress=tell)
        prefect = starting.__enter__()
    try:
        set_schedule(prefect.api_url, "poll/poll", active=False)  # the demo counts requests
        yield prefect
    finally:
        starting.__exit__(*sys.exc_info())


class Night:
    """Shows one night: the state of each crawl, and the requests so far."""

    def __init__(self, name: str, press: Press) -> None:
        self._name, self._press = name, press
        self._before = Requests.so_far(press)
        self._states: dict[str, str] = {}

    def saw(self, outlet: str, event: RunCreated | StateChanged) -> None:
        """Show an event of the flow run, or of a crawl below it."""
        if isinstance(event, RunCreated):
            console.print(f"[bold]{self._name}[/]: {event.url}")
        elif outlet:
            self._states[outlet] = event.state
            if not console.is_terminal:
                console.print(f"  {outlet}: {event.state} {event.message}", markup=False)

    def __rich__(self) -> Group:
        asked = Requests.so_far(self._press) - self._before
        table = Table.grid(padding=(0, 2))
        for outlet in IDS:
            table.add_row("", outlet, self._states.get(outlet, "waiting"))
        return Group(table, f"  [dim]requests: {asked}[/]")


def _night(name: str, press: Press, prefect: RunningPrefect) -> None:
    from flows.trigger import trigger

    night = Night(name, press)
    live = Live(night, console=console, refresh_per_second=LOOKS, transient=True)
    with live if console.is_terminal else nullcontext():
        followed = asyncio.run(trigger("nightly", {"outlets": list(IDS)}, prefect.api_url, night.saw))
    for line in followed.summary.lines:
        console.print(f"  {line.outlet}: {line.state}, {line.new} new, {line.copies} copies", markup=False)
        for remark in filter(None, (line.overtaken_note, line.note)):
            console.print(f"    {remark}", markup=False)
    console.print(f"  the flow: {followed.state}, {followed.message}\n", markup=False)


if __name__ == "__main__":
    sys.exit(main())

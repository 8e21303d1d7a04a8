"""Progress bars of commands that are soon done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .options import CommonOptions

Draw = Callable[[str, int, int | None], None]  # the name of a bar, how much is done, and of how much


@contextmanager
def bars(options: CommonOptions, *names: str) -> Iterator[Draw | None]:
    """Show bars of these names in a terminal; None elsewhere, and with --json."""
    if options.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks = {name: progress.add_task(name, total=None) for name in names}
        yield lambda name, done, of: progress.update(tasks[name], completed=done, total=of)

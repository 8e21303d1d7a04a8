"""What happens to a flow run that is followed. Imports no Prefect, so that listeners start at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunCreated:
    """The server has created the flow run. `url` is its page."""

    run_id: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The flow run, or a crawl below it, has a new state. `message` may be empty."""

    state: str
    message: str


OnRunEvent = Callable[[str, RunCreated | StateChanged], None]  # the outlet, or "" for the flow run itself

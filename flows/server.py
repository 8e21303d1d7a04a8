"""The Prefect server as a process: `python -m flows.server`, the way `pressrun up` starts it.

The same as `prefect server start`, with its settings from the environment, but started faster, and ended by its life
line when `pressrun up` is gone.
"""

from __future__ import annotations

import uvicorn
from prefect.server.api.server import create_app
from prefect.settings import get_current_settings

from .lifeline import end_with_parent


def main() -> None:
    end_with_parent()
    api = get_current_settings().server.api
    uvicorn.run(
        create_app(final=True),
        host=api.host,
        port=api.port,
        timeout_keep_alive=api.keepalive_timeout,
        timeout_graceful_shutdown=3,  # open browsers hold web sockets
        log_level="warning",
    )


if __name__ == "__main__":
    main()

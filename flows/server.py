"""The Prefect server as a process: `python -m flows.server`, the way `pressrun up` starts it.

The same as `prefect server start` with settings from the environment, but it starts faster, ends when `pressrun up` is
gone, and is faster on SQLite when several runs report at once.
"""

from __future__ import annotations

from typing import Any

import uvicorn
from prefect.server.api.server import create_app
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import get_current_settings

from .lifeline import end_with_parent


def take_the_write_lock_first() -> None:
    """Begin every transaction of the server on SQLite with IMMEDIATE, as Prefect does for some.

    Prefect 3.8 begins most of them DEFERRED. Two requests that read and then write collide at once, whatever the busy
    timeout; the loser answers 503, and its client waits two seconds, then four, then eight. Measured, three crawls at a
    time: a nightly run of 25 to 31 s instead of 10.
    """
    begin = AioSqliteConfiguration.begin_transaction

    def immediate(self: AioSqliteConfiguration, session: Any, with_for_update: bool = True) -> Any:
        del with_for_update
        return begin(self, session, with_for_update=True)

    AioSqliteConfiguration.begin_transaction = immediate  # type: ignore[method-assign]


class OwnHostAlone:
    """Tells browsers that the pages may talk to this server alone.

    Prefect 3.8's pages ask a third party's host for its settings, whether analytics are on or off.
    """

    POLICY = b"connect-src 'self'; img-src 'self' data: blob:"

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_policy(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", self.POLICY)]
            await send(message)

        await self._app(scope, receive, with_policy if scope["type"] == "http" else send)


def main() -> None:
    end_with_parent()
    take_the_write_lock_first()
    api = get_current_settings().server.api
    uvicorn.run(
        OwnHostAlone(create_app(final=True)),
        host=api.host,
        port=api.port,
        timeout_keep_alive=api.keepalive_timeout,
        timeout_graceful_shutdown=3,  # open browsers hold web sockets
        log_level="warning",
    )


if __name__ == "__main__":
    main()

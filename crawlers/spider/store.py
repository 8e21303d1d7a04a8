"""The thread of a crawl that uses the database, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Runs calls one after the other in its own thread, each in the context of its caller."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the function's result or raise its exception. A cancelled call that has begun is finished."""
        context = contextvars.copy_context()
        return await asyncio.wrap_future(self._thread.submit(lambda: context.run(function, *args, **kwargs)))

    def close(self) -> None:
        """Wait for the last call and end the thread."""
        self._thread.shutdown(wait=True)

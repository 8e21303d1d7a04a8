"""A thread for calls that have to be made by one and the same thread, beside the event loop."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class OneThread:
    """Runs calls one after the other in its own thread, each in the context of its caller."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the function's result or raise its exception. A cancelled call that has begun is finished."""
        context = contextvars.copy_context()
        return await asyncio.wrap_future(self._thread.submit(lambda: context.run(function, *args, **kwargs)))

    def close(self, *, wait: bool = True) -> None:
        """End the thread after its last call; `wait` for that."""
        self._thread.shutdown(wait=wait)

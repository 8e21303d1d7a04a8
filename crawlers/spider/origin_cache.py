"""What was read of origins, such as their robots.txt: kept for a time, then read again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from storage.instants import steady_now

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A value, and until when it holds."""

    value: T
    until: datetime


def kept_for(value: T, span: timedelta) -> Kept[T]:
    """Return the value, to be kept for so long from now."""
    return Kept(value, steady_now() + span)


class OriginCache(Generic[T]):
    """Values by origin. Each is read once for as long as it holds; whoever asks meanwhile gets the same reading."""

    def __init__(self) -> None:
        self._readings: dict[str, asyncio.Future[Kept[T]]] = {}

    async def get(self, origin: str, read: Callable[[], Coroutine[Any, Any, Kept[T]]]) -> T:
        """Return the value of an origin, by `read` if none is kept. Raises what `read` raises.

        A reading that failed, such as by a pause of its host or by the store, is not kept.
        """
        reading = self._readings.get(origin)
        if reading is None or _is_over(reading):
            reading = self._readings[origin] = asyncio.ensure_future(read())
        # Shielded: the first page that waits may be cancelled, while others still wait.
        return (await asyncio.shield(reading)).value


def _is_over(reading: asyncio.Future[Kept[Any]]) -> bool:
    if not reading.done():
        return False
    if reading.cancelled():
        return True
    return reading.exception() is not None or steady_now() >= reading.result().until

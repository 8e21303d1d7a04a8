"""A process that reads seed documents: `python -m crawlers.discovery.worker BYTES`. Documents in, what they say out.

BYTES is the address space that it may take.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from crawlers.confined import ExhaustedError, serve
from crawlers.discovery import read_in_batches
from crawlers.outlet import Outlet, Seed

from .codec import reading_to_json

MOST_OUTLETS = 200  # whose files are kept in memory

_SEED: TypeAdapter[Seed] = TypeAdapter(Seed)


class Documents:
    """Answers documents, and remembers the outlets that it was told of."""

    def __init__(self) -> None:
        self._outlets: dict[str, Outlet] = {}

    def answers(self, head: dict[str, Any], body: bytes) -> Iterator[dict[str, Any]]:
        """Give the readings of a document, or `over`: which limit it went beyond, or `fault`: of ours, in one line."""
        seed = _SEED.validate_json(head["seed"])
        try:
            for reading in read_in_batches(seed, self._outlet(head["outlet"]), head["url"], body, head["headers"]):
                yield from reading_to_json(reading)
        except MemoryError as over:
            yield {"over": "memory"}
            raise ExhaustedError from over
        except RecursionError:
            yield {"over": "depth"}
        except Exception as fault:  # noqa: BLE001 - whoever asked tells it of the document
            traceback.print_exc()
            yield {"fault": f"{type(fault).__name__}: {fault}"}

    def _outlet(self, raw: str) -> Outlet:
        if raw not in self._outlets:
            if len(self._outlets) >= MOST_OUTLETS:
                self._outlets.pop(next(iter(self._outlets)))
            self._outlets[raw] = Outlet.model_validate_json(raw)
        return self._outlets[raw]


if __name__ == "__main__":
    serve(Documents().answers)

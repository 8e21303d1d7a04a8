"""A process that reads seed documents: `python -m crawlers.discovery.worker BYTES`. Documents in, what they say out.

BYTES is the address space that it may take.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from crawlers.confined import ExhaustedError, serve
from crawlers.discovery import read_in_batches
from crawlers.outlet import Outlet, Seed
from storage.text import clean_text

from .codec import reading_to_json

MAX_LINE = 500  # characters of a fault
MOST_OUTLETS = 200  # whose files are kept in memory

_SEED: TypeAdapter[Seed] = TypeAdapter(Seed)


class SeedWorker:
    """Answers documents, and remembers the outlets that it was told of."""

    def __init__(self) -> None:
        self._outlets: dict[str, Outlet] = {}

    def read(self, head: dict[str, Any], body: bytes) -> Iterator[dict[str, Any]]:
        """Give the readings of a document; or `exceeded`, which limit, or `fault`, of ours: each in one line."""
        try:
            seed, outlet = _SEED.validate_json(head["seed"]), self._outlet(head["outlet"])
            for reading in read_in_batches(seed, outlet, head["url"], body, head["headers"]):
                yield from reading_to_json(reading)
        except MemoryError as exceeded:
            yield {"exceeded": "not read: it takes more memory than a document may"}
            raise ExhaustedError from exceeded
        except RecursionError:
            yield {"exceeded": "not read: it is nested deeper than a document may be"}
        except Exception as fault:  # noqa: BLE001 - whoever asked tells it of the document
            print(clean_text(traceback.format_exc()), file=sys.stderr)
            yield {"fault": " ".join(clean_text(f"{type(fault).__name__}: {fault}").split())[:MAX_LINE]}

    def _outlet(self, raw: str) -> Outlet:
        if raw not in self._outlets:
            if len(self._outlets) >= MOST_OUTLETS:
                self._outlets.pop(next(iter(self._outlets)))
            self._outlets[raw] = Outlet.model_validate_json(raw)
        return self._outlets[raw]


if __name__ == "__main__":
    serve(SeedWorker().read)

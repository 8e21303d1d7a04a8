"""Pages whose text came with a seed's answer: read again from the archive, where the answer lies."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawlers.discovery import pages_in_answer
from crawlers.outlet import Outlet
from storage.errors import ArchiveError
from storage.urls import canonical_url
from storage.warc import Place, read_place

log = logging.getLogger(__name__)

KEPT = 3  # answers that are kept in memory: pages come newest first, as their answers did


@dataclass(frozen=True, slots=True)
class ApiPage:
    """A page made of what an answer says of it, and when it said so."""

    html: bytes
    fetched_at: datetime


class ApiPages:
    """Gives the pages of archived answers in `folder`, each answer parsed once for all of its pages."""

    def __init__(self, outlet: Outlet, folder: Path) -> None:
        self._outlet, self._folder = outlet, folder
        self._read: OrderedDict[Place, dict[str, ApiPage]] = OrderedDict()
        self._lock = asyncio.Lock()

    async def page(self, place: Place, url: str) -> ApiPage | None:
        """The page at an address; None if the answer does not hold its whole text, or cannot be read any more."""
        async with self._lock:  # a hundred pages ask for one answer at once
            if place not in self._read:
                self._read[place] = await asyncio.to_thread(self._pages, place)
                while len(self._read) > KEPT:
                    self._read.popitem(last=False)
            self._read.move_to_end(place)
            return self._read[place].get(canonical_url(url))

    def _pages(self, place: Place) -> dict[str, ApiPage]:
        try:
            raw = read_place(self._folder, place)
        except ArchiveError as failure:
            log.warning("%s: its pages are fetched instead", failure)
            return {}
        pages = pages_in_answer(self._outlet, raw.url, raw.body)
        return {url: ApiPage(html, raw.fetched_at) for url, html in pages.items()}

"""Seed documents as JSON values, on their way from the process that read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from storage.codec import from_json, to_json
from storage.model import Link

from .seed_document import Child, SeedDocument

MOST_LINKS = 500  # of one answer: JSON is decoded without a break for the event loop


def reading_to_json(reading: SeedDocument) -> Iterator[dict[str, Any]]:
    """Give a reading as JSON values, a few hundred links at a time; `more` is True for all but the last piece."""
    links = reading.links
    while len(links) > MOST_LINKS:
        piece, links = links[:MOST_LINKS], links[MOST_LINKS:]
        yield {"links": [to_json(link) for link in piece], "more": True}
    yield {
        "links": [to_json(link) for link in links],
        "more": False,
        "children": [to_json(child) for child in reading.children],
        "next_page": reading.next_page,
        "skipped": reading.skipped,
        "problems": reading.problems,
        "complete": reading.complete,
        "refresh": None if reading.refresh is None else reading.refresh.total_seconds(),
        "final": reading.final,
        "times": dict(reading.times),
        "too_long": reading.too_long,
    }


class PieceJoiner:
    """Puts the pieces of readings together."""

    def __init__(self) -> None:
        self._links: tuple[Link, ...] = ()

    def add(self, piece: Mapping[str, Any]) -> SeedDocument | None:
        """Return the reading whose last piece this is; None for the others."""
        links = self._links + tuple(from_json(Link, link) for link in piece["links"])
        if piece["more"]:
            self._links = links
            return None
        self._links = ()
        return replace(_without_links(piece), links=links)


def _without_links(piece: Mapping[str, Any]) -> SeedDocument:
    return SeedDocument(
        (),
        tuple(from_json(Child, child) for child in piece["children"]),
        piece["next_page"],
        piece["skipped"],
        tuple(piece["problems"]),
        piece["complete"],
        None if piece["refresh"] is None else timedelta(seconds=piece["refresh"]),
        piece["final"],
        piece["times"],
        piece["too_long"],
    )

"""What a seed document announced, into the ledger: as one transaction, or all of it that can be written."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import frontier
from storage.database import Database
from storage.frontier import Discovery, Run, SeedFetch
from storage.model import Link

from .isolation import MAX_IN_A_ROW, ends_the_run, fault_line

log = logging.getLogger(__name__)


@dataclass
class Noted:
    """What became of a document's links, and what of it could not be written."""

    found: Discovery = field(default_factory=Discovery)
    problems: list[str] = field(default_factory=list)


def note(db: Database, run: Run, seed: SeedFetch, links: Sequence[Link], **how: Any) -> Noted:
    """Put a document and its links into the ledger; `how` goes to `frontier.discover`.

    A document that cannot be written as it is becomes problems: it is noted without what it said of itself, so that it
    is read whole again, and its links without the ones that cannot be written. Raises what ends the run.
    """
    try:
        return Noted(frontier.discover(db, run, seed, links, **how))
    except Exception as fault:
        if ends_the_run(fault):
            raise
        log.warning("%s cannot be noted as it is", seed.url, exc_info=fault)
        noted = Noted(problems=[f"{seed.url}: unwritable ({fault_line(fault)}); noted in part, and read again"])
    _note_links(db, run, _noted_bare(db, run, seed, len(links)), links, noted, how)
    return noted


def _noted_bare(db: Database, run: Run, seed: SeedFetch, entries: int) -> SeedFetch | None:
    """The document with nothing that came from outside but its address; None if that cannot be written either."""
    bare = SeedFetch(seed.kind, seed.url, entries=entries, problem="unwritable", keep_validators=False)
    try:
        frontier.discover(db, run, bare, [])
    except Exception as fault:
        if ends_the_run(fault):
            raise
        return None
    return bare


def _note_links(
    db: Database, run: Run, seed: SeedFetch | None, links: Sequence[Link], noted: Noted, how: dict[str, Any]
) -> None:
    """The links by halves of halves, down to each that cannot be written."""
    parts, culprits = [links], 0
    while parts and culprits <= MAX_IN_A_ROW:
        some = parts.pop()
        try:
            noted.found += frontier.discover(db, run, seed, some, **how)
        except Exception as fault:
            if ends_the_run(fault):
                raise
            if len(some) > 1:
                parts += [some[len(some) // 2 :], some[: len(some) // 2]]
                continue
            culprits += 1
            noted.problems.append(f"{some[0].url[:300]}: unwritable ({fault_line(fault)}); left out")
    if parts:
        noted.problems.append(f"more than {MAX_IN_A_ROW} links are unwritable; the rest of the document was left out")

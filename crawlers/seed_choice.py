"""The seeds of an outlet that a job asks."""

from __future__ import annotations

from .errors import NoSuchSeedError
from .outlet import Outlet, Seed


def seeds_of(outlet: Outlet, kind: str | None) -> tuple[Seed, ...]:
    """Return the outlet's seeds of one kind; all of them for None. Raises NoSuchSeedError."""
    seeds = tuple(seed for seed in outlet.seeds if kind in (None, seed.kind))
    if kind is not None and not seeds:
        raise NoSuchSeedError(outlet.id, kind, (seed.kind for seed in outlet.seeds))
    return seeds


def with_seeds(outlet: Outlet, kind: str | None) -> Outlet:
    """Return the outlet with its seeds of one kind; with all of them for None. Raises NoSuchSeedError."""
    seeds = seeds_of(outlet, kind)
    if kind is None:
        return outlet
    # Its pages may be on a host that only another seed names.
    return outlet.model_copy(update={"seeds": seeds, "hosts_too": tuple(sorted(outlet.hosts))})

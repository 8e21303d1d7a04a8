"""The seeds of an outlet that a job asks."""

from __future__ import annotations

from .errors import NoSuchSeedError
from .outlet import Outlet


def with_seeds(outlet: Outlet, kind: str | None) -> Outlet:
    """Return the outlet with its seeds of one kind; with all of them for None. Raises NoSuchSeedError."""
    if kind is None:
        return outlet
    seeds = tuple(seed for seed in outlet.seeds if seed.kind == kind)
    if not seeds:
        raise NoSuchSeedError(outlet.id, kind, (seed.kind for seed in outlet.seeds))
    # Its pages may be on a host that only another seed names.
    return outlet.model_copy(update={"seeds": seeds, "hosts_too": tuple(sorted(outlet.hosts))})

"""Outlets that were taken down as a whole are left out wherever outlets are chosen. Without Prefect."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from storage.errors import DatabaseOutdatedError, DatabaseUnreachableError, FolderNotWritableError
from storage.quick_check import has_no_removed_outlets


def removed_outlets(db_url: str, outlets: Iterable[str]) -> frozenset[str]:
    """Return which of these outlets were taken down. Raises the errors of `open_database`."""
    return _removed(db_url, outlets, as_it_is=False)


def known_removed_outlets(db_url: str, outlets: Iterable[str]) -> frozenset[str]:
    """Do as `removed_outlets`, without making or upgrading the store. Empty if it cannot be read as it is."""
    try:
        return _removed(db_url, outlets, as_it_is=True)
    except (DatabaseUnreachableError, DatabaseOutdatedError, FolderNotWritableError):
        return frozenset()


def _removed(db_url: str, outlets: Iterable[str], *, as_it_is: bool) -> frozenset[str]:
    if has_no_removed_outlets(db_url):
        return frozenset()
    from storage import frontier
    from storage.database import open_database  # imported when an outlet may have been removed

    with closing(open_database(db_url, upgrade=not as_it_is, create=not as_it_is)) as db:
        return frozenset(frontier.removed_outlets(db, outlets))

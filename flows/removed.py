"""Outlets that were taken down as a whole are left out wherever outlets are chosen. Without Prefect."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from storage.errors import DatabaseOutdatedError, DatabaseUnreachableError, FolderNotWritableError
from storage.quick_check import has_no_removed_outlets


def removed_outlets(db_url: str, outlets: Iterable[str]) -> frozenset[str]:
    """Return which of these outlets were taken down. Raises the errors of `open_database`."""
    if has_no_removed_outlets(db_url):
        return frozenset()
    from storage import frontier
    from storage.database import open_database  # imported when an outlet may have been removed

    with closing(open_database(db_url)) as db:
        return frozenset(frontier.removed_outlets(db, outlets))


def known_removed_outlets(db_url: str, outlets: Iterable[str]) -> frozenset[str]:
    """Do as `removed_outlets` where the store can be asked as it is; it is not made, changed or waited for.

    Empty if it cannot be.
    """
    if has_no_removed_outlets(db_url):
        return frozenset()
    from storage import frontier
    from storage.database import open_database

    try:
        with closing(open_database(db_url, upgrade=False, create=False)) as db:
            return frozenset(frontier.removed_outlets(db, outlets))
    except (DatabaseUnreachableError, DatabaseOutdatedError, FolderNotWritableError):
        return frozenset()

"""Errors of the store, grouped by remedy. A message is one line that names the thing and the remedy."""

from __future__ import annotations

from datetime import datetime


class PressrunError(Exception):
    """Base of all errors for people: shown without a traceback; the program ends."""

    exit_code = 2


class DatabaseUnreachableError(PressrunError):
    """The database does not answer, or its file cannot be opened."""


class DatabaseFailedError(PressrunError):
    """The database failed during work: lost, full, or locked for too long. What was committed is kept."""


class DatabaseDamagedError(PressrunError):
    """The database is corrupt. The message says whether to restore a backup or to rebuild the search index."""


class DatabaseNewerError(PressrunError):
    """The database was written by a newer Pressrun; this one would damage it."""


class DatabaseOutdatedError(PressrunError):
    """The database needs `pressrun db upgrade`."""


class FolderNotWritableError(PressrunError):
    """A folder or file that Pressrun writes is not writable."""


class ArchiveError(PressrunError):
    """A WARC file cannot be read, or a record is not where the ledger says."""


class BackupError(PressrunError):
    """A backup cannot be written or restored."""


class ImportRowError(PressrunError):
    """A file to import cannot be read."""


class DecisionError(PressrunError):
    """A person's decision about articles cannot be carried out."""


class RemovalError(PressrunError):
    """What is to be taken down is not there."""


class OutletRemovedError(PressrunError):
    """The outlet was taken down as a whole."""

    def __init__(self, outlet: str, at: datetime) -> None:
        super().__init__(
            f"{outlet} was removed from this archive on {at:%Y-%m-%d} and is not crawled again; name it no more, or "
            "switch it off by `enabled = false` in an outlet file of yours with its id"
        )


class OutletBusyError(PressrunError):
    """Another run holds the outlet."""

    exit_code = 75

    def __init__(self, outlet: str, run: int, pid: int, host: str, since: datetime) -> None:
        super().__init__(
            f"{outlet} is held by run {run} (process {pid} on {host} since {since:%Y-%m-%d %H:%M} UTC);"
            " let it end, or stop it"
        )


class HoldLostError(PressrunError):
    """This run no longer holds its outlet: it sent no heartbeat for so long that another run took over."""

    exit_code = 75

    def __init__(self, run: int) -> None:
        super().__init__(f"run {run} no longer holds its outlet; another run took over while this one was silent")

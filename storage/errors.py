"""What can go wrong with the store, grouped by remedy. A message is one line that names the thing and the remedy."""

from __future__ import annotations

from datetime import datetime


class PressrunError(Exception):
    """Base of every error that a person is meant to read: shown without a traceback, and ends the program."""

    exit_code = 2


class DatabaseUrlError(PressrunError):
    """The address of the database cannot be used. The address itself is not repeated: it may hold a password."""


class DatabaseUnreachableError(PressrunError):
    """Nothing answers at the database's address, or what is there is no database."""


class DatabaseFailedError(PressrunError):
    """The database stopped answering, or ran out of space, in the middle of the work."""


class DatabaseNewerError(PressrunError):
    """The database was written by a newer Pressrun."""

    def __init__(self, where: str, version: str, ours: str) -> None:
        super().__init__(
            f"{where} has schema {version}, written by a newer Pressrun; this one knows {ours}: install the newer Pressrun"
        )


class DatabaseOutdatedError(PressrunError):
    """The database was written by an older Pressrun, and upgrading was not asked for."""

    def __init__(self, where: str, version: str | None, ours: str) -> None:
        found = f"has schema {version}" if version else "holds no Pressrun tables"
        super().__init__(f"{where} {found}, {ours} is needed: run `pressrun db upgrade`")


class FolderNotWritableError(PressrunError):
    """A folder or file that must be written to cannot be."""

    def __init__(self, path: object, why: object = None) -> None:
        super().__init__(f"cannot write to {path}{f' ({why})' if why else ''}: choose another place or change its permissions")


class OutletBusyError(PressrunError):
    """Another run holds the outlet. Worth trying again later, hence the exit code of sysexits' EX_TEMPFAIL."""

    exit_code = 75

    def __init__(self, outlet_id: str, run_id: int, host: str, pid: int, since: datetime) -> None:
        super().__init__(
            f"{outlet_id} is being crawled by run {run_id} (process {pid} on {host}, since {since:%Y-%m-%d %H:%M:%S} UTC):"
            " wait for it or stop it"
        )
        self.outlet_id, self.run_id, self.host, self.pid, self.since = outlet_id, run_id, host, pid, since


class HoldLostError(PressrunError):
    """This run no longer holds its outlet: its heartbeat was missing for so long that another run took over."""

    exit_code = 75

    def __init__(self, run_id: int) -> None:
        super().__init__(f"run {run_id} no longer holds its outlet; another run took over, so this one ends")


class ArchiveError(PressrunError):
    """A WARC file, or a place in one, cannot be read."""


class ImportRowError(PressrunError):
    """A row of an import cannot be used; `line` counts from 1."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


class UnknownArticleError(PressrunError):
    """No article has the id that was asked for."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"there is no article {article_id}: `pressrun articles list` names those there are")

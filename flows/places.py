"""Settings that hold in any working folder, for processes that Prefect starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crawlers.environment import Settings, read_settings

from .errors import RelativeDatabaseError

_SQLITE = "sqlite:///"


def absolute(settings: Settings) -> Settings:
    """Return the settings with an absolute database path."""
    if not _is_relative(settings.db):
        return settings
    file, query, rest = settings.db.removeprefix(_SQLITE).partition("?")
    return replace(settings, db=f"{_SQLITE}{Path(file).absolute()}{query}{rest}")


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as environment variables for a process in another working folder."""
    here = absolute(settings)
    own = {"PRESSRUN_DB": here.db, "PRESSRUN_DATA": str(here.data), "PRESSRUN_CONTACT": here.contact}
    given = {
        "PRESSRUN_OUTLETS": here.outlets, "PRESSRUN_CDX": here.cdx, "PRESSRUN_KEEP_ARCHIVE": here.keep_archive,
        "PRESSRUN_KEEP_BACKUPS": here.keep_backups, "PRESSRUN_KEEP_LOGS": here.keep_logs,
        "PRESSRUN_NOTIFY": " ".join(here.notify),
        "PRESSRUN_IDENTITY": here.identity, "PRESSRUN_IDENTITY_URL": here.identity_url,
        "PRESSRUN_POLL_CRON": here.poll_cron,
    }  # fmt: skip
    return own | {name: str(value) for name, value in given.items() if value}


def settings_of_flow_run() -> Settings:
    """Return the settings of a flow run's process. Raises RelativeDatabaseError."""
    settings = read_settings()
    if _is_relative(settings.db):
        raise RelativeDatabaseError(settings.db)
    return settings


def _is_relative(db: str) -> bool:
    file = db.removeprefix(_SQLITE)
    return db.startswith(_SQLITE) and file not in ("", ":memory:") and not file.startswith("/")


def ui_of(api_url: str) -> str:
    """Return the URL of a server's UI, in its second version, whose forms work in every browser."""
    return f"{api_url.removesuffix('/').removesuffix('/api')}/v2"

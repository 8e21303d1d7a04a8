"""The settings of Pressrun, typed. An unknown or malformed one is an error that names it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from storage.utf8 import is_utf8

from .cron import read_cron
from .errors import SettingError

NAMES = {
    "PRESSRUN_DB": "db", "PRESSRUN_OUTLETS": "outlets", "PRESSRUN_DATA": "data", "PRESSRUN_CONTACT": "contact",
    "PRESSRUN_CDX": "cdx", "PRESSRUN_NOTIFY": "notify", "PRESSRUN_KEEP_ARCHIVE": "keep_archive",
    "PRESSRUN_KEEP_BACKUPS": "keep_backups", "PRESSRUN_KEEP_LOGS": "keep_logs", "PRESSRUN_TOKEN": "token",
    "PRESSRUN_IDENTITY": "identity", "PRESSRUN_IDENTITY_URL": "identity_url", "PRESSRUN_POLL_CRON": "poll_cron",
}  # fmt: skip
DEFAULT_DB = "sqlite:///data/pressrun.db"
DEFAULT_CONTACT = "https://example.org/set-PRESSRUN_CONTACT"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the store, outlets and data are, the contact address in the User-Agent, and a web archive's CDX server.

    `notify`: where changes of findings are sent: URLs of Apprise, or prefect://BLOCK-TYPE/NAME.
    What maintenance keeps: the raw answers of so many days (None: all), so many backups, the logs of so many days.
    `token`: what readers of `pressrun browse` must give.
    `identity`: the key by which requests are signed, and the address below which its directory is served.
    `poll_cron`: when polls begin, as a cron line; None: as in prefect.yaml.
    """

    db: str
    outlets: Path | None
    data: Path
    contact: str
    cdx: str | None = None
    notify: tuple[str, ...] = ()
    keep_archive: int | None = None
    keep_backups: int = 4
    keep_logs: int = 90
    token: str | None = field(default=None, repr=False)
    identity: Path | None = None
    identity_url: str | None = None
    poll_cron: str | None = None


def read_settings(env: Mapping[str, str] | None = None, **given: str | Path | None) -> Settings:
    """Return settings from the arguments, else from the environment, else the defaults. Raises SettingError."""
    env = os.environ if env is None else env
    for name in env:
        if name.startswith("PRESSRUN_") and name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            raise SettingError(
                f"unknown setting {name}; {f'did you mean {near[0]}?' if near else 'known are ' + ', '.join(NAMES)}"
            )
    found = {key: _utf8(name, env[name]) for name, key in NAMES.items() if env.get(name)}
    found |= {key: str(value) for key, value in given.items() if value is not None}
    db = found.get("db", DEFAULT_DB)
    return Settings(
        db,
        _outlets(found.get("outlets")),
        _data(found.get("data"), db),
        _contact(found.get("contact")),
        _cdx(found.get("cdx")),
        _notify(found.get("notify")),
        _number("PRESSRUN_KEEP_ARCHIVE", found.get("keep_archive"), None),
        _number("PRESSRUN_KEEP_BACKUPS", found.get("keep_backups"), 4) or 4,
        _number("PRESSRUN_KEEP_LOGS", found.get("keep_logs"), 90) or 90,
        found.get("token"),
        Path(found["identity"]).expanduser().absolute() if "identity" in found else None,
        _identity_url(found.get("identity_url")),
        _cron("PRESSRUN_POLL_CRON", found.get("poll_cron")),
    )


def _utf8(name: str, value: str) -> str:
    if not is_utf8(value):
        raise SettingError(f"{name} is not in UTF-8: {value!a}; rename what it names")
    return value


def _outlets(value: str | None) -> Path | None:
    if value is None:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise SettingError(f"the outlet folder {folder} does not exist; correct --outlets or PRESSRUN_OUTLETS")
    return folder.absolute()


def _data(value: str | None, db: str) -> Path:
    if value is not None:
        return Path(value).expanduser().absolute()
    scheme, _, file = db.partition(":///")
    return (Path(file).parent if scheme.startswith("sqlite") and file else Path("data")).absolute()


def _contact(value: str | None) -> str:
    contact = value or DEFAULT_CONTACT
    if not contact.isprintable() or not contact.isascii() or not (urlsplit(contact).netloc or "@" in contact):
        raise SettingError(f"PRESSRUN_CONTACT must be a web or mail address in ASCII, not {contact!r}")
    return contact


def _cdx(value: str | None) -> str | None:
    if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise SettingError(f"PRESSRUN_CDX must be the http(s) address of a CDX server, not {value!r}")
    return value


def _identity_url(value: str | None) -> str | None:
    """Check the address below which our public keys are served: https, or http on this machine, without a path."""
    parts = urlsplit(value or "")
    is_safe = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")
    if value is not None and not (parts.hostname and value.isascii() and is_safe and parts.path in ("", "/")):
        raise SettingError(f"PRESSRUN_IDENTITY_URL must be an https address without a path, not {value!r}")
    return value


def _number(name: str, value: str | None, default: int | None) -> int | None:
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 100_000):
        raise SettingError(f"{name} must be a number from 1, not {value!r}")
    return int(value)


def _cron(name: str, value: str | None) -> str | None:
    try:
        return None if value is None else read_cron(value)
    except ValueError as wrong:
        raise SettingError(f"{name} {wrong}") from None


def _notify(value: str | None) -> tuple[str, ...]:
    urls = tuple((value or "").split())
    for url in urls:
        if not urlsplit(url).scheme or "://" not in url:
            # The URL itself may hold a password, and is not repeated.
            raise SettingError("PRESSRUN_NOTIFY must be URLs with spaces between them, such as json://HOST/PATH")
    return urls

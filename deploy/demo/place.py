"""Where the demo keeps what it collects: in data/, if nothing but an earlier demo is there."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from crawlers.environment import Settings, read_settings
from storage import frontier
from storage.database import open_database

ROOT = Path(__file__).resolve().parent.parent.parent


def clean_place(ids: Sequence[str], outlets: Path, root: Path = ROOT) -> Settings:
    """Settings for the demo, with an empty store: root/data, or root/data/demo where root/data holds other articles.

    What an earlier demo left is removed, since this one's outlets live on other ports; nothing else ever is.
    """
    data = root / "data"
    if not _holds_only(data / "pressrun.db", ids):
        data = data / "demo"
        shutil.rmtree(data, ignore_errors=True)
    _remove_demo(data, ids)
    return read_settings({}, db=f"sqlite:///{data}/pressrun.db", data=data, outlets=outlets)


def _holds_only(store: Path, ids: Sequence[str]) -> bool:
    if not store.exists():
        return True
    db = open_database(f"sqlite:///{store}")
    try:
        return set(frontier.known_outlets(db)) <= set(ids)
    finally:
        db.close()


def _remove_demo(data: Path, ids: Sequence[str]) -> None:
    for suffix in ("", "-wal", "-shm"):
        (data / f"pressrun.db{suffix}").unlink(missing_ok=True)
    for outlet in ids:
        for file in (data / "archive").glob(f"*-{outlet.replace('_', '-')}-*.warc.gz*"):
            file.unlink()

"""Find outlet files, and search them for a host, without parsing them (parsing adds 0.1 s to a start)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from .errors import OutletFileError

BUILT_IN = Path(__file__).parent / "outlets"
PLATFORMS = "platforms"  # the folder of platform files in a folder of outlets


def outlet_files(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by outlet id. Raises OutletFileError if two have the same id."""
    files: dict[str, Path] = {}
    # A mounted ConfigMap has its files a second time, in hidden folders.
    found = [*folder.glob("*.toml"), *(path for path in folder.glob("*/*.toml") if path.parent.name[0] != ".")]
    for path in sorted(path for path in found if path.parent.name != PLATFORMS):
        if path.stem in files:
            raise OutletFileError(path, "", f"{files[path.stem]} has the same id; rename one of the two")
        files[path.stem] = path
    return files


def may_be_known(host: str) -> bool:
    """Return False if no built-in outlet file mentions this host, so that none has to be parsed for it."""
    if not host:
        return False
    from storage.urls import site_of_host

    return "xn--" in host or site_of_host(host) in _all_words()  # a file may hold an international name in its letters


@lru_cache(maxsize=1)
def _all_words() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in outlet_files(BUILT_IN).values()).lower()

"""Where outlet files are, and whom they may be about, without reading them as outlets, which costs a start 0.1 s."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from .errors import OutletFileError

BUILT_IN = Path(__file__).parent / "outlets"


def outlet_files(folder: Path) -> dict[str, Path]:
    """The files of a folder by the ids of their outlets; OutletFileError if two have the same."""
    files: dict[str, Path] = {}
    for path in sorted([*folder.glob("*.toml"), *folder.glob("*/*.toml")]):
        if path.stem in files:
            raise OutletFileError(path, "", f"{files[path.stem]} has the same id; rename one of the two")
        files[path.stem] = path
    return files


def may_be_known(host: str) -> bool:
    """False if no built-in outlet file says anything of this host, so that none need be read for its pages."""
    if not host:
        return False
    return "xn--" in host or host in _all_words()  # a file may write an international name in letters


@lru_cache(maxsize=1)
def _all_words() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in outlet_files(BUILT_IN).values()).lower()

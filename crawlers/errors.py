"""Errors in outlet files, settings and orders. A message is one line that names the fault and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from storage.errors import PressrunError


class OutletFileError(PressrunError):
    """An outlet file is not valid. Names the file, the key and the fault."""

    def __init__(self, file: Path, key: str, message: str) -> None:
        super().__init__(f"{file}: {f'{key}: ' if key else ''}{message}")
        self.file, self.key = file, key


class UnknownOutletError(PressrunError):
    """No outlet file has this id."""

    def __init__(self, outlet: str, known: Iterable[str]) -> None:
        ids = sorted(known)
        near = difflib.get_close_matches(outlet, ids, n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else "`pressrun outlets list` lists them all"
        super().__init__(f"there is no outlet {outlet!r}; {hint}")


class SettingError(PressrunError):
    """A setting is unknown or not valid."""


class CrawlOrderError(PressrunError):
    """The order that a crawl process got is not valid."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the job is not valid: {why}")


class NoSuchSeedError(PressrunError):
    """An outlet has no seed of the kind that was asked for."""

    def __init__(self, outlet: str, kind: str, has: Iterable[str]) -> None:
        kinds = ", ".join(dict.fromkeys(has)) or "none"
        super().__init__(f"{outlet} has no seed of the kind {kind}; its file has: {kinds}")

"""The catalog of outlets: built-in files and those of a user's own folder, found by their paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import OutletFileError, UnknownOutletError
from .outlet_files import BUILT_IN, may_be_known, outlet_files
from .platforms import Completed, complete, read_toml

if TYPE_CHECKING:
    from pydantic import ValidationError

    from .outlet import Outlet


class Catalog:
    """The outlets by id. A user's own file replaces the built-in one of the same id."""

    def __init__(self, files: dict[str, Path]) -> None:
        self.files = files
        self._read: dict[str, tuple[Outlet, Completed]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def get(self, outlet_id: str) -> Outlet:
        """Return the outlet of this id. Raises UnknownOutletError, or OutletFileError if its file is wrong."""
        return self.completed(outlet_id)[0]

    def completed(self, outlet_id: str) -> tuple[Outlet, Completed]:
        """Return the outlet of this id, and the values of its file completed by its platform. Raises as `get` does."""
        if outlet_id not in self.files:
            raise UnknownOutletError(outlet_id, self.files)
        if outlet_id not in self._read:
            self._read[outlet_id] = read_completed(self.files[outlet_id])
        return self._read[outlet_id]

    def __iter__(self) -> Iterator[Outlet]:
        return map(self.get, self.ids)

    def readable(self, named: Sequence[str] = ()) -> Iterator[Outlet]:
        """Yield the named outlets, or all, without those whose file is wrong or missing: each is reported by itself."""
        for outlet_id in named or self.ids:
            try:
                outlet = self.get(outlet_id)
            except (OutletFileError, UnknownOutletError):
                continue
            yield outlet

    def __len__(self) -> int:
        return len(self.files)

    def of_host(self, host: str) -> Outlet | None:
        """Return the outlet that owns this host, or another host of its site (www1., m.); None if no outlet does.

        A user's own files are always read, so that a wrong one is found out; of the built-in ones none is read in vain.
        """
        if not self._has_own_files and not may_be_known(host):
            return None
        from storage.urls import site_of_host

        owner = next((outlet for outlet in self if host in outlet.hosts), None)
        if owner is None and host:
            site = site_of_host(host)
            owner = next((outlet for outlet in self if site in map(site_of_host, outlet.hosts)), None)
        return owner

    @cached_property
    def _has_own_files(self) -> bool:
        return not all(path.is_relative_to(BUILT_IN) for path in self.files.values())


def load_outlets(folder: Path | str | None = None) -> Catalog:
    """Return the catalog of the built-in outlets and a user's folder (FOLDER/ID.toml or FOLDER/COUNTRY/ID.toml)."""
    own = outlet_files(Path(folder)) if folder else {}
    return Catalog(outlet_files(BUILT_IN) | own)


def read_outlet(path: Path) -> Outlet:
    """Return the outlet of a file. Raises OutletFileError, which names file and key."""
    return read_completed(path)[0]


def read_completed(path: Path) -> tuple[Outlet, Completed]:
    """Return the outlet of a file, and the values of the file completed by its platform. Raises OutletFileError."""
    from pydantic import ValidationError  # the ids alone need no models, whose import takes a tenth of a second

    from .outlet import Outlet

    own = read_toml(path)
    if "id" in own:
        raise OutletFileError(path, "id", "is not a key: the file's name is the id; remove it")
    completed = complete(path, own)
    try:
        return Outlet.model_validate({"id": path.stem} | completed.raw), completed
    except ValidationError as wrong:
        key, fault = _first(wrong)
        if completed.file and key in completed.inherited:
            raise OutletFileError(completed.file, key, f"{fault} (for the outlet {path.stem})") from wrong
        raise OutletFileError(path, key, fault) from wrong


def _first(wrong: ValidationError) -> tuple[str, str]:
    # An unknown key comes first: it is often the misspelt name of a key that is missing.
    fault = min(wrong.errors(), key=lambda each: each["type"] != "extra_forbidden")
    place = [part for part in fault["loc"] if not _is_tag(part, fault)]
    key = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", ".".join(map(str, place)))
    if fault["type"] == "extra_forbidden":
        return key, "unknown key; `pressrun outlets show` and docs/outlets.md list the known keys"
    more = f" (and {wrong.error_count() - 1} more)" if wrong.error_count() > 1 else ""
    return key, f"{fault['msg'].removeprefix('Value error, ')}{more}"


def _is_tag(part: Any, fault: Any) -> bool:
    """Return True for the kind of a seed, which pydantic adds to the path of a fault; it is no key."""
    from .seeds import KINDS

    return part in KINDS and "seeds" in fault["loc"]

"""Platform files: what the sites of one system have in common, completed by an outlet's own values.

`platform = "wordpress"` in an outlet file reads `platforms/wordpress.toml`, beside the outlet file, in the folder above
it, or among the built-in ones. See docs/outlets.md for what may stand in it and how the two are merged.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import OutletFileError
from .outlet_files import BUILT_IN, PLATFORMS

KEYS = frozenset({"values", "credits", "urls", "fetch", "seeds", "extract", "expect", "schedule"})
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Completed:
    """The values of an outlet file completed by its platform. `inherited`: the platform's, by key ("seeds[1].url")."""

    raw: dict[str, Any]
    file: Path | None = None  # the platform file; None for an outlet without a platform
    inherited: Mapping[str, Any] = field(default_factory=dict)


def complete(outlet_file: Path, own: dict[str, Any]) -> Completed:
    """Return an outlet's own values, completed by those of its platform; own values win.

    Raises OutletFileError if there is no such platform, if its file is wrong, or if a value that it needs is missing.
    """
    name = own.get("platform")
    if not isinstance(name, str):
        return Completed(own)
    file = _find(outlet_file, name)
    platform = read_toml(file)
    if unknown := sorted(platform.keys() - KEYS):
        raise OutletFileError(file, unknown[0], f"is no key of a platform file; it may hold {', '.join(sorted(KEYS))}")
    values = _values(outlet_file, name, own, platform.pop("values", {}))
    filled = {key: _filled(part, values, is_pattern=key == "urls") for key, part in platform.items()}
    merged = _merged(own, filled)
    return Completed(merged, file, dict(_differing(merged, own)))


def read_toml(file: Path) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises OutletFileError if it cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as failure:
        raise OutletFileError(file, "", f"cannot be read: {failure.strerror}") from failure
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise OutletFileError(file, "", f"is not valid TOML: {wrong}") from wrong


def _find(outlet_file: Path, name: str) -> Path:
    known = _known(outlet_file)
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(known))}"
    raise OutletFileError(outlet_file, "platform", f"there is no platform {name!r}; {hint}")


def _known(outlet_file: Path) -> dict[str, Path]:
    """Return the platform files that an outlet file may name; the nearest one wins."""
    above = outlet_file.parent.parent / PLATFORMS
    return _in_folder(BUILT_IN / PLATFORMS) | _in_folder(above) | _in_folder(outlet_file.parent / PLATFORMS)


def _in_folder(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in folder.glob("*.toml")}


def _values(outlet_file: Path, name: str, own: Mapping[str, Any], usual: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the placeholders: {home}, {language}, and those that the platform file declares."""
    home, languages = own.get("home"), own.get("languages")
    given = own.get("platform_values", {})
    if not isinstance(given, dict):
        raise OutletFileError(outlet_file, "platform_values", "must be a table, such as { site = 'example.ge' }")
    if unknown := sorted(given.keys() - usual.keys()):
        named = ", ".join(sorted(usual)) or "none"
        key = f"platform_values.{unknown[0]}"
        raise OutletFileError(outlet_file, key, f"is no value of the platform {name}; it has: {named}")
    values = {"home": home.rstrip("/") if isinstance(home, str) else "", "language": str((languages or [""])[0])}
    for key, text in usual.items():  # a later one may hold an earlier one
        values[key] = _with(str(given.get(key, text)), values)
    if missing := sorted(key for key in usual if not values[key]):
        raise OutletFileError(outlet_file, f"platform_values.{missing[0]}", f"is needed by the platform {name}")
    return values


def _with(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def _filled(part: Any, values: Mapping[str, str], *, is_pattern: bool) -> Any:
    """Return a part of a platform file with its placeholders filled in. Others, such as {year}, stay."""
    if isinstance(part, str):
        return _with(part, {key: re.escape(text) for key, text in values.items()} if is_pattern else values)
    if isinstance(part, list):
        return [_filled(each, values, is_pattern=is_pattern) for each in part]
    if isinstance(part, dict):
        return {key: _filled(each, values, is_pattern=is_pattern) for key, each in part.items()}
    return part


def _merged(own: dict[str, Any], platform: dict[str, Any]) -> dict[str, Any]:
    """Merge tables key by key, seeds by their kind, and the newest layout by its keys; own values win."""
    merged = _merged_tables(own, platform)
    if _are_tables(own.get("seeds", [])):
        merged["seeds"] = _merged_seeds(own.get("seeds", []), platform.get("seeds", []))
    if platform.get("extract") and _are_tables(own.get("extract", [])):
        merged["extract"] = _merged_layouts(own.get("extract", []), platform["extract"][0])
    return merged


def _merged_tables(own: dict[str, Any], platform: dict[str, Any]) -> dict[str, Any]:
    merged = platform | own
    for key in platform.keys() & own.keys():
        if isinstance(own[key], dict) and isinstance(platform[key], dict):
            merged[key] = _merged_tables(own[key], platform[key])
    return merged


def _are_tables(part: Any) -> bool:
    return isinstance(part, list) and all(isinstance(each, dict) for each in part)


def _merged_seeds(own: list[dict[str, Any]], platform: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Complete own seeds without `url` by the platform's seed of their kind, and append its seeds of other kinds."""
    by_kind = {seed.get("kind"): seed for seed in platform}
    completed = [seed if "url" in seed else by_kind.get(seed.get("kind"), {}) | seed for seed in own]
    kinds = {seed.get("kind") for seed in own}
    return [*completed, *(seed for seed in platform if seed.get("kind") not in kinds)]


def _merged_layouts(own: list[dict[str, Any]], platform: dict[str, Any]) -> list[dict[str, Any]]:
    """Complete the outlet's newest layout by the platform's selectors; it drops the lines that either of them names."""
    if not own or "until" in own[0]:
        return [platform, *own]
    drop = [*own[0].get("drop", []), *platform.get("drop", [])]
    return [platform | own[0] | ({"drop": drop} if drop else {}), *own[1:]]


def _differing(merged: Any, own: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the keys and values of `merged` that are not in `own`: "urls.article", "seeds[1].url"."""
    if isinstance(merged, dict):
        for key, value in merged.items():
            of_own = own.get(key) if isinstance(own, dict) else None
            yield from _differing(value, of_own, f"{path}.{key}" if path else key)
    elif _are_tables(merged):
        for place, value in enumerate(merged):
            of_own = own[place] if isinstance(own, list) and place < len(own) else None
            yield from _differing(value, of_own, f"{path}[{place}]")
    elif merged != own:
        yield path, merged

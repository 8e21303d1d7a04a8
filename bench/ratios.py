"""Past ratios to peers, kept in bench/ratios.toml, and what is worse than them.

A ratio is our CPU time divided by the peer's in the same run; lower is better. Both ran on the same machine with the
same load, so ratios of different days can be compared.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

KEPT = Path(__file__).with_name("ratios.toml")
WORSE = 0.15  # a ratio that has grown by more than this share is a failure


class RatiosFileError(ValueError):
    """The file of kept ratios cannot be read; the message names file and entry."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The ratios of one day by name, such as `layouts.scrapy`, with what was so then."""

    day: date
    note: str
    ratios: Mapping[str, float]


def read_kept(file: Path = KEPT) -> list[Kept]:
    """Return the kept ratios, oldest first. Raises RatiosFileError."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("kept", [])
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise RatiosFileError(f"{file}: {wrong}") from wrong
    return [_kept(file, number, row) for number, row in enumerate(rows, 1)]


def _kept(file: Path, number: int, row: dict[str, object]) -> Kept:
    day, note, ratios = (row.get(name) for name in ("day", "note", "ratios"))
    if not isinstance(day, date) or not isinstance(note, str) or not isinstance(ratios, dict) or not ratios:
        raise RatiosFileError(f"{file}: entry {number} needs `day`, `note` and `ratios`")
    for name, ratio in ratios.items():
        if not isinstance(ratio, int | float) or isinstance(ratio, bool) or ratio <= 0:
            raise RatiosFileError(f"{file}: entry {number}: the ratio {name} must be a number above 0, not {ratio!r}")
    return Kept(day, note, {name: float(ratio) for name, ratio in ratios.items()})


def last_kept(kept: Iterable[Kept]) -> dict[str, float]:
    """Return the latest ratio of each name: an entry need not hold them all."""
    return {name: ratio for each in kept for name, ratio in each.ratios.items()}


def middle(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of each ratio over several runs."""
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: median(run[name] for run in runs if name in run) for name in names}


def worsened(kept: Mapping[str, float], measured: Mapping[str, float], most: float = WORSE) -> list[str]:
    """Return a line for each ratio that is worse than the kept one by more than the share `most`, or was not measured.

    A ratio that was never kept cannot be worse.
    """
    lines = [f"{name}: kept as {kept[name]:.3f}, and not measured" for name in kept.keys() - measured.keys()]
    for name in kept.keys() & measured.keys():
        growth = measured[name] / kept[name] - 1
        if growth > most:
            lines.append(f"{name}: {measured[name]:.3f} to the peer, {growth:.0%} worse than {kept[name]:.3f}")
    return sorted(lines)


def as_entry(day: date, note: str, ratios: Mapping[str, float]) -> str:
    """Return an entry as text for the end of the file."""
    told = note.replace("\\", "\\\\").replace('"', '\\"')
    numbers = "".join(f'"{name}" = {ratio:.3f}\n' for name, ratio in sorted(ratios.items()))
    return f'\n[[kept]]\nday = {day.isoformat()}\nnote = "{told}"\n[kept.ratios]\n{numbers}'

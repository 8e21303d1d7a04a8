"""Validate cron expressions of settings and outlet files: the subset of the syntax that all implementations share."""

from __future__ import annotations

import re

_FIELDS = {"minute": (0, 59), "hour": (0, 23), "day of the month": (1, 31), "month": (1, 12), "weekday": (0, 7)}
_NAMES = {
    "month": ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    "weekday": ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
}
_PART = re.compile(r"(?:\*|([0-9]{1,2})-([0-9]{1,2}))(?:/[1-9][0-9]?)?|([0-9]{1,2})")


def read_cron(text: str) -> str:
    """Return a cron expression with single spaces. Raises ValueError, which names the invalid field.

    A field is a list of `*`, numbers and ranges, the latter with or without a step (`*/10`, `1-5,7`). Months and
    weekdays may be named (`mon-fri`).
    """
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(f"must be a cron line of five fields, such as 30 1 * * *, not {text!r}")
    for (name, bounds), field in zip(_FIELDS.items(), fields, strict=True):
        if not _is_field(_in_figures(field.lower(), _NAMES.get(name, ())), bounds):
            raise ValueError(f"must be a cron line of five fields, such as 30 1 * * *; {field!r} is no {name}")
    return " ".join(fields)


def _in_figures(field: str, names: tuple[str, ...]) -> str:
    """Replace names of months or weekdays by their numbers."""
    return re.sub(r"[a-z]+", lambda found: str(names.index(found[0])) if found[0] in names else found[0], field)


def _is_field(text: str, bounds: tuple[int, int]) -> bool:
    """Return True for a list of `*`, numbers and ranges, with or without steps, whose numbers are within `bounds`."""
    for part in text.split(","):
        found = _PART.fullmatch(part)
        numbers = [int(number) for number in found.groups() if number] if found else []
        if not found or numbers != sorted(numbers) or not all(bounds[0] <= number <= bounds[1] for number in numbers):
            return False
    return True

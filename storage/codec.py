"""The values of storage.model as JSON: hints in the ledger, articles on their way from an extraction worker.

One codec for frozen dataclasses of text, flags, enumerations, instants, tuples and other such dataclasses. Instants are
ISO 8601 with their offset, seconds of an offset included: local time before the 20th century had them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from storage.model import Hints
from storage.text import clean_text

T = TypeVar("T")

_MAX_RAW = 200  # characters of a date's text


def to_json(value: Any) -> dict[str, Any]:
    """Return a dataclass as JSON values. Empty values (None, "", (), False) are left out if the field has a default."""
    members = ((name, required, getattr(value, name)) for name, required, _ in _plan(type(value)))
    return {name: _encoded(member) for name, required, member in members if required or not _is_empty(member)}


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value == "" or value == ()  # 0 is a value


def from_json(cls: type[T], raw: dict[str, Any]) -> T:
    """Return the dataclass of JSON values; ValueError, KeyError or TypeError if they are not of `to_json`."""
    return cls(**{name: decode(raw[name]) for name, _, decode in _plan(cls) if name in raw})


def hints_to_json(hints: Hints) -> dict[str, Any]:
    """Return hints as JSON values with text that both databases can hold. PostgreSQL refuses NUL in JSON too."""
    published = hints.published and replace(hints.published, raw=clean_text(hints.published.raw)[:_MAX_RAW])
    row = to_json(replace(hints, published=published))
    return {name: _cleaned(value) for name, value in row.items()}


def hints_from_json(raw: dict[str, Any]) -> Hints:
    """Return the hints of JSON values."""
    return from_json(Hints, raw)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    return [clean_text(text) for text in value] if isinstance(value, list) else value


def _encoded(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_encoded(member) for member in value]
    return to_json(value) if is_dataclass(value) else value


_Plan = tuple[tuple[str, bool, Callable[[Any], Any]], ...]
_plans: dict[type, _Plan] = {}


def _plan(cls: type) -> _Plan:
    """Return (name, whether it is required, decoder) of each field of a dataclass."""
    if cls not in _plans:
        _plans[cls] = _planned(cls)
    return _plans[cls]


def _planned(cls: type) -> _Plan:
    hints = get_type_hints(cls)
    return tuple(
        (field.name, field.default is MISSING and field.default_factory is MISSING, _decoder(hints[field.name]))
        for field in fields(cls)
    )


def _decoder(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) in (Union, UnionType):
        [inner] = [option for option in get_args(hint) if option is not type(None)]
        return _decoder(inner)
    if get_origin(hint) is tuple:
        member = _decoder(get_args(hint)[0])
        return lambda values: tuple(map(member, values))
    if hint is datetime:
        return datetime.fromisoformat
    if is_dataclass(hint):
        return lambda raw: from_json(hint, raw)  # type: ignore[arg-type]
    return hint if issubclass(hint, Enum) else lambda value: value

"""Pages out of templates. Everything that a template prints is escaped, and holds no control characters."""

from __future__ import annotations

import re
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from .rows import direction

# Control characters, and those that turn the direction of what follows: a headline must not turn a page around.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def _load(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


def plain(value: Any) -> Any:
    """Return a text without control characters and overrides of direction; other values as they are."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return "" if value is None else value
    return _UNSAFE.sub("", value)


def minute(value: datetime | str | None) -> str:
    """Format an instant to the minute in its own zone."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def zone(value: datetime | str | None) -> str:
    """Return the offset of an instant, such as UTC+4."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    seconds = int(offset.total_seconds()) if at and (offset := at.utcoffset()) is not None else 0
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "+" if seconds >= 0 else "−"
    return "UTC" if not seconds else f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def when(article: dict[str, Any]) -> str:
    """Return day and time of publication, as precise as it is known."""
    at = article["published_at"]
    if not at:
        return "no date"
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{at.day} {at:%b %Y}" if article["published_precision"] == "day" else f"{at.day} {at:%b %Y, %H:%M}"


def long_day(day: date) -> str:
    """Return a day as "Saturday, 28 November 2026"."""
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def span(seconds: int | None) -> str:
    """Return a span of time in one or two units."""
    if seconds is None:
        return ""
    minutes = abs(seconds) // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def thousands(number: int) -> str:
    """Return a number with its thousands divided by thin spaces."""
    return f"{number:,}".replace(",", "\u202f")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [each for each in re.split(r"\n\s*\n|\n", text) if each.strip()]


def web_address(url: str | None) -> str | None:
    """Return an address if it is one of the web: others, such as javascript:, are no links."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def query(values: dict[str, Any], **changed: Any) -> str:
    """Return parameters as a query string, empty ones left out."""
    merged = {name: value for name, value in (values | changed).items() if value not in (None, "", [], ())}
    return urlencode(merged, doseq=True)


def environment() -> Environment:
    """Return the templates' environment."""
    env = Environment(
        loader=FunctionLoader(_load), autoescape=True, finalize=plain, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    env.filters |= {
        "minute": minute, "zone": zone, "when": when, "long_day": long_day, "span": span, "thousands": thousands,
        "paragraphs": paragraphs, "web": web_address, "dir": direction,
    }  # fmt: skip
    env.globals["query"] = query
    return env

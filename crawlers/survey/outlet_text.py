"""Write a draft as an outlet file: TOML with comments, doubts beside the keys that they are about."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.outlet import IdRange, Seed
from crawlers.outlet_schema import SCHEMA_FILE

from .draft import Draft

WIDTH = 118


def outlet_text(draft: Draft) -> str:
    """Return the text of the file. Every value is quoted so that it reads back as it is."""
    parts = [_head(draft), _urls(draft), _fetch(draft), *_seeds(draft), _extract(draft), _expect(draft)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(draft: Draft) -> str:
    lines = [
        f"#:schema ./{SCHEMA_FILE}",
        f"# Proposed by `pressrun outlets new` on {draft.today} after {draft.requests} requests.",
        "# UNSURE marks what needs a look. `pressrun outlets try` shows what the file makes of articles.",
    ]
    keys: dict[str, Any] = {
        "name": draft.name, "home": draft.home, "country": draft.country, "languages": list(draft.languages),
        "timezone": draft.timezone,
    }  # fmt: skip
    for key, value in keys.items():
        lines += [*_doubts(draft, key), f"{key:<9} = {_value(value)}"]
    if draft.hosts_too:
        lines.append(f"hosts_too = {_value(list(draft.hosts_too))}")
    if draft.allow_private:
        lines.append("allow_private = true            # its host is on this machine or in its network")
    if draft.examples:
        lines.append("examples  = [")
        lines += [f"  {_value(url)}," for url in draft.examples] + ["]"]
    return "\n".join(lines)


def _urls(draft: Draft) -> str:
    lines = ["[urls]", *_doubts(draft, "urls.article"), f"article = {_pattern(draft.article)}"]
    if draft.drop:
        lines += [*_doubts(draft, "urls.drop"), f"drop    = [{', '.join(map(_pattern, draft.drop))}]"]
    return "\n".join(lines)


def _fetch(draft: Draft) -> str:
    return "" if draft.delay == 1.0 else f"[fetch]\ndelay = {draft.delay:g}"


def _seeds(draft: Draft) -> Iterator[str]:
    yield "\n".join(_doubts(draft, "seeds"))
    for at, (seed, comment) in enumerate(draft.seeds):
        lines = [*_comment(comment), *_doubts(draft, f"seeds[{at}]"), "[[seeds]]"]
        yield "\n".join(lines + [f"{key:<4} = {value}" for key, value in _seed_keys(seed)])


def _seed_keys(seed: Seed) -> Iterator[tuple[str, str]]:
    values = seed.model_dump(mode="json", exclude_defaults=True)
    yield "kind", _value(seed.kind)
    yield "url", _value(seed.url)
    for key, value in values.items():
        if key == "known" and isinstance(seed, IdRange):
            yield key, "{ " + ", ".join(f"{number} = {day}" for number, day in seed.known.items()) + " }"
        elif key not in ("kind", "url"):
            yield key, _value(value)


def _extract(draft: Draft) -> str:
    if not draft.selectors:
        return ""
    lines = [f"{key:<4} = {_value(selector)}" for key, selector in draft.selectors.items()]
    return "\n".join([*_doubts(draft, "extract"), "[[extract]]", *lines])


def _expect(draft: Draft) -> str:
    expect = draft.expect
    if expect is None or not (expect.fill or expect.most):
        return "\n".join(_doubts(draft, "expect"))
    lines = [*_doubts(draft, "expect"), "[expect]"]
    if expect.most:
        lines.append(f"per_day      = {{ min = {expect.least}, max = {expect.most} }}")
    if expect.fill:
        lines.append(f"fill         = {_value(expect.fill)}")
    if expect.silent_hours:
        lines.append(f"silent_hours = {expect.silent_hours}")
    return "\n".join(lines)


def _doubts(draft: Draft, key: str) -> list[str]:
    return [line for doubt in draft.doubts if doubt.key == key for line in _comment(f"UNSURE: {doubt.why}")]


def _comment(text: str) -> list[str]:
    clean = "".join(char if char.isprintable() else " " for char in text)
    return textwrap.wrap(clean, WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _pattern(expression: str) -> str:
    return f"'{expression}'" if "'" not in expression and expression.isprintable() else _value(expression)

"""The JSON schema of outlet files, made from the models that validate them. Editors complete and check files by it.

`crawlers/outlets/outlet.schema.json` is this schema as a file, which the built-in outlet files name.
"""

from __future__ import annotations

import json
from typing import Any

SCHEMA_FILE = "outlet.schema.json"
# Keys that a platform file may give; an outlet file without a platform must have them.
_NEEDED = ("country", "languages", "timezone", "urls")


def outlet_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12) of what an outlet file may hold.

    It knows the keys, their types and limits. Only reading the file checks the rest, such as the syntax of selectors.
    """
    from .outlet import Outlet

    schema = _plain(Outlet.model_json_schema())
    del schema["properties"]["id"]  # the file's name
    schema["required"] = [key for key in schema["required"] if key != "id" and key not in _NEEDED]
    schema["if"] = {"not": {"required": ["platform"]}}
    schema["then"] = _without_platform(schema["$defs"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Outlet file of Pressrun",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _without_platform(definitions: dict[str, Any]) -> dict[str, Any]:
    """Return what a file without a platform must hold. Removes the same demands from the definitions."""
    urls = definitions["Urls"].pop("required")
    seeds = []
    for definition in definitions.values():
        kind = definition["properties"].get("kind", {}).get("const")
        needed = [key for key in definition.get("required", ()) if key != "kind"]
        if kind and needed:
            definition["required"] = ["kind"]
            seeds.append({"if": {"properties": {"kind": {"const": kind}}}, "then": {"required": needed}})
    properties = {"urls": {"required": urls}, "seeds": {"items": {"allOf": seeds}}}
    return {"required": list(_NEEDED), "properties": properties}


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(outlet_schema(), ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    """Return the schema without null, which TOML does not have, and without generated titles."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    options = value.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        (kept,) = [each for each in options if each != {"type": "null"}]
        value = {key: each for key, each in value.items() if key not in ("anyOf", "default")} | kept
    # Python's regular expressions are not those that a schema means by "regex".
    drop = {"format"} if value.get("format") == "regex" else set()
    drop |= {"title"} if isinstance(value.get("title"), str) else set()
    return {key: _plain(each) for key, each in value.items() if key not in drop and not _is_null(key, each)}


def _is_null(key: str, value: Any) -> bool:
    return key == "default" and (value is None or (isinstance(value, dict) and None in value.values()))


def schema_keys() -> dict[str, tuple[str, ...]]:
    """Return the keys of each table: of the file under "", of a seed under its kind, of others under their model."""
    schema = outlet_schema()
    tables = {"": tuple(schema["properties"])}
    for name, definition in schema["$defs"].items():
        kind = definition["properties"].get("kind", {}).get("const")
        tables[kind or name] = tuple(definition["properties"])
    return tables

"""The JSON schema of outlet files: it takes every shipped file, refuses wrong ones, and is what the documentation lists."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crawlers.outlet import Outlet
from crawlers.outlet_files import BUILT_IN, outlet_files
from crawlers.outlet_schema import SCHEMA_FILE, outlet_schema, schema_text
from flows.cli.outlets_check import file_faults
from tests.calling import OUTLET

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = outlet_files(BUILT_IN)
DEEP = OUTLET + "[[extract]]\nuntil = 2019-06-30\nbody = 'div.x'\n[expect]\nper_day = { min = 1 }\n"


def plain(value: Any) -> Any:
    """TOML values as JSON has them: dates are texts."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def faults(text: str) -> list[str]:
    validator = Draft202012Validator(outlet_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [fault.message for fault in validator.iter_errors(plain(tomllib.loads(text)))]


def schema_keys() -> dict[str, tuple[str, ...]]:
    """The keys of each table: of the file under "", of a seed under its kind, of others under their model."""
    schema = outlet_schema()
    tables = {"": tuple(schema["properties"])}
    for name, definition in schema["$defs"].items():
        kind = definition["properties"].get("kind", {}).get("const")
        tables[kind or name] = tuple(definition["properties"])
    return tables


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(outlet_schema())


@pytest.mark.parametrize("outlet_id", sorted(FILES))
def test_it_takes_every_shipped_file(outlet_id: str) -> None:
    assert faults(FILES[outlet_id].read_text(encoding="utf-8")) == []


def test_it_takes_a_file_with_all_tables() -> None:
    assert faults(DEEP) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("name =", "nome ="),
        ('country = "ge"', 'country = "Georgia"'),
        ('languages = ["en"]', "languages = []"),
        ('languages = ["en"]', 'languages = "en"'),
        ('home = "https://example.ge/"', 'home = "example.ge"'),
        ('timezone = "Asia/Tbilisi"\n', ""),
        ("article =", "articles ="),
        ('kind = "feed"', 'kind = "fed"'),
        ('kind = "feed"', 'kind = "ghost"'),
        ('kind = "feed"', 'kind = "feed"\nmax_pages = 2'),
        ('url = "https://example.ge/rss"', ""),
        ("[[seeds]]", "[fetch]\ndelay = -1\n[[seeds]]"),
        ("[[seeds]]", "[fetch]\ndealy = 1\n[[seeds]]"),
        ("[expect]", "[expect]\nfill = { titel = 1 }"),
        ("[expect]", "[expect]\nfill = { title = 2 }"),
        ("until = 2019-06-30", 'until = "summer"'),
        ("body =", "bodi ="),
    ],
)
def test_it_refuses_a_wrong_file(right: str, wrong: str) -> None:
    assert right in DEEP
    assert faults(DEEP.replace(right, wrong, 1)) != []


def test_a_file_with_a_platform_may_leave_to_it_what_it_gives() -> None:
    assert faults('platform = "ghost"\nname = "A"\nhome = "https://a.example/"\n[[seeds]]\nkind = "ghost"\n') == []
    assert faults('name = "A"\nhome = "https://a.example/"\n') != []


def test_the_file_beside_the_outlets_is_up_to_date() -> None:
    remedy = "pressrun outlets schema > crawlers/outlets/outlet.schema.json"
    assert (BUILT_IN / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text(), remedy


def test_the_example_of_the_documentation_is_a_valid_file() -> None:
    page = (ROOT / "docs" / "adding-an-outlet.md").read_text(encoding="utf-8")
    text = page.partition("## A file with all tables")[2].partition("```toml\n")[2].partition("```")[0]
    assert faults(text) == []
    outlet = Outlet.model_validate({"id": "example_ge"} | tomllib.loads(text))
    assert file_faults(outlet) == []
    assert set(tomllib.loads(text)) >= {"urls", "fetch", "seeds", "extract", "expect", "schedule"}


def test_the_documentation_lists_every_key() -> None:
    pages = ("outlets.md", "mending-an-outlet.md")
    text = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in pages).replace("[", "`")
    missing = [
        f"{table or 'file'}.{key}" for table, keys in schema_keys().items() for key in keys if f"`{key}" not in text
    ]
    unsaid = [one for one in missing if not one.endswith((".min", ".max"))]  # of per_day, in the example
    assert unsaid == []

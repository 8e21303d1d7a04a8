"""Calling `pressrun` in tests, and an outlet file to call it with."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a call of `pressrun` came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def line(self) -> str:
        """The one line on standard error that an error is."""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("pressrun: "), self.err
        assert "Traceback" not in self.err + self.out
        return self.err.strip().removeprefix("pressrun: ")


Pressrun = Callable[..., Said]


def clean_environment() -> dict[str, str]:
    """Return the environment without the settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PRESSRUN_")}


OUTLET = """
name = "Example"
home = "https://example.ge/"
country = "ge"
languages = ["en"]
timezone = "Asia/Tbilisi"
[urls]
article = '^https://example\\.ge/news/\\d+$'
[[seeds]]
kind = "feed"
url = "https://example.ge/rss"
"""


def outlet_file(folder: Path, text: str = OUTLET, name: str = "example_ge") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text)
    return folder

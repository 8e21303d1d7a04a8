from __future__ import annotations

from importlib import import_module

import pytest

FORMATS = ("cdx", "ghost", "listings", "wordpress", "xml", "xml_seeds")


@pytest.fixture(scope="session", autouse=True)
def _formats_imported() -> None:
    """The first document of a format imports its module; no example has to do that within its deadline."""
    for name in FORMATS:
        import_module(f"crawlers.discovery.{name}")

"""How the tests are divided among the processes of pytest-xdist, and in which order they begin."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
PREFECT = "prefect"


class OnePrefectServer(LoadScopeScheduling):
    """Each test goes to whichever process is free; the modules that start a Prefect server go to one, long ones apart.

    `--dist loadgroup` is made for this, but pytest-xdist 3.8 does not group anything under pytest 9.2, and does not
    say so: https://github.com/pytest-dev/pytest-xdist/issues/1386
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        if not starts_prefect(module):
            return nodeid
        return f"{PREFECT} {module}" if is_long(module) else PREFECT


@cache
def starts_prefect(module: str) -> bool:
    """Whether the module, a path relative to the checkout, has tests that are marked with `prefect`."""
    return "pytest.mark.prefect" in (ROOT / module).read_text(encoding="utf-8")


@cache
def is_long(module: str) -> bool:
    """Whether the module has tests that are marked with `long`. With a server, they take a third of all such tests."""
    return "pytest.mark.long" in (ROOT / module).read_text(encoding="utf-8")


def order(items: list[pytest.Item]) -> None:
    """Put tests with a Prefect server first, then the long ones: the last to begin are short, and none waits for one.

    Within each of the three, the order stays as random as it was.
    """
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> tuple[int, str]:
    if item.get_closest_marker("prefect"):
        return (0, item.path.parent.name)  # the server of a package ends when the package's tests have
    return (1, "") if item.get_closest_marker("long") else (2, "")

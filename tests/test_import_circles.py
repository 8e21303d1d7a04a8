"""No module imports itself through others, not even for its annotations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("crawlers", "flows", "storage")

Graph = dict[str, set[str]]


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, module: str) -> Iterator[str]:
    """Yield the dotted names that a file imports anywhere: at the top, in functions and under TYPE_CHECKING."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, *filter(None, [node.module])])
            yield from (f"{base}.{name.name}" for name in node.names)


def import_graph(root: Path, packages: tuple[str, ...]) -> Graph:
    """Return which module imports which. `from package import name` counts for the submodule if `name` is one."""
    files = {module_name(path, root): path for package in packages for path in (root / package).rglob("*.py")}
    graph: Graph = {}
    for module, path in files.items():
        targets = (name if name in files else name.rpartition(".")[0] for name in imported(path, module))
        graph[module] = {target for target in targets if target in files and target != module}
    return graph


def circles(graph: Graph) -> list[list[str]]:
    """Return the strongly connected parts of two modules or more (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for target in sorted(graph[module]):
            if target not in index:
                visit(target)
                low[module] = min(low[module], low[target])
            elif target in stack:
                low[module] = min(low[module], index[target])
        if low[module] == index[module]:
            at = stack.index(module)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for module in sorted(graph):
        if module not in index:
            visit(module)
    return found


def test_no_module_imports_itself_through_others() -> None:
    assert circles(import_graph(ROOT, PACKAGES)) == []


@pytest.mark.parametrize(
    "back",
    [
        "from pack import first",
        "from . import first",
        "from .first import A",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pack.first import A",
        "def late():\n    import pack.first",
    ],
)
def test_a_circle_is_found_however_it_is_closed(tmp_path: Path, back: str) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("")
    (tmp_path / "pack" / "first.py").write_text("from pack.second import B\nA = 1\n")
    (tmp_path / "pack" / "second.py").write_text(f"{back}\nB = 1\n")
    assert circles(import_graph(tmp_path, ("pack",))) == [["pack.first", "pack.second"]]

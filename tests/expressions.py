"""Every regular expression of the package, with how it is called: what modules hold, and what calls of `re` are given."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import crawlers
import flows
import storage
from crawlers.catalog import load_outlets
from crawlers.extraction.vocabulary import months
from crawlers.extraction.vocabulary.regex import _Lazy
from flows import advice

PACKAGES = (crawlers, storage, flows)
METHODS = frozenset({"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
FLAGS_AT = {"compile": 1, "sub": 4, "subn": 4, "split": 3}  # which argument flags are; else the third
DEPTH = 5  # of tables in tables in which expressions stand
# Values for names of functions that make an expression when they are called, by module and name.
MADE_WITH: dict[str, dict[str, Any]] = {
    "crawlers.discovery.listings": {"before": "https://x.example/page/", "after": "/"},
    "crawlers.discovery.xml": {"name": b"rss", "names": ["item", "entry"], "self": None},
    "crawlers.discovery.xml_entries": {"names": ["item", "entry"]},
    "crawlers.discovery.xml_stream": {"name": b"urlset", "tag": rb"<(/?)(?:[\w.-]+:)?(?:url)[\s>]"},
    "crawlers.extraction.page.jsonld": {"key": "headline"},
}
# Calls that are given an expression which stands among the others, or which no stranger decides on.
KNOWN = {
    "crawlers.extraction.fields.language": "LETTERS, which is walked",
    "crawlers.extraction.vocabulary.months": "made by _weekdays, which is called",
    "crawlers.extraction.vocabulary.regex": "lazy expressions, which are walked",
    "crawlers.extraction.vocabulary.schema": "checks patterns of the vocabulary as they are read",
    "crawlers.outlet": "patterns of outlet files, which are walked",
    "crawlers.survey.pattern": "patterns that it proposes, of words and escaped names",
    "flows.advice": "_RULES, which are read",
    "storage.search.stems": "the stems' tables, which are walked",
}


class Expression(NamedTuple):
    """An expression, where it is, and the methods by which it is called."""

    where: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def modules() -> list[ModuleType]:
    """Import every module of the package; the environment of migrations only runs within Alembic."""
    names = (
        found.name for package in PACKAGES for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    )
    return [importlib.import_module(name) for name in names if name != "storage.migrations.env"]


def every_expression() -> list[Expression]:
    """Return each expression once, in the order of the modules."""
    found: dict[tuple[Any, int], Expression] = {}
    all_modules = modules()
    trees = {module: _tree(module) for module in all_modules}
    called = _calls_of_names(trees.values())
    for module in all_modules:
        for name, value in vars(module).items():
            methods = called.get(name) or frozenset({"search", "fullmatch"})  # handed on: called in any way
            for pattern in () if inspect.ismodule(value) else held_by(value):
                found.setdefault(
                    (pattern.pattern, pattern.flags), Expression(f"{module.__name__}.{name}", pattern, methods)
                )
        for line, method, pattern in _given(module, trees[module]):
            where = f"{module.__name__}:{line}"
            found.setdefault((pattern.pattern, pattern.flags), Expression(where, pattern, frozenset({method})))
    for where, pattern in _made():
        found.setdefault((pattern.pattern, pattern.flags), Expression(where, pattern, frozenset({"finditer"})))
    return list(found.values())


def _made() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield expressions that functions make when they are first needed."""
    yield "crawlers.extraction.vocabulary.months._weekdays", months._weekdays()[1]
    yield from (("flows.advice._RULES", re.compile(pattern)) for pattern, _ in advice._RULES)
    for outlet in load_outlets():
        yield from ((f"outlets.{outlet.id}", pattern) for pattern in held_by(outlet))


def held_by(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """Yield the compiled expressions within a value: also those of tables and of our own objects, and lazy ones."""
    if isinstance(value, _Lazy):
        yield re.compile(value.pattern, value.flags)
    elif isinstance(value, re.Pattern):
        yield value
    elif depth < DEPTH:
        for inner in _within(value):
            yield from held_by(inner, depth + 1)


def _within(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, tuple | list | set | frozenset):
        return list(value)
    ours = type(value).__module__.partition(".")[0] in {package.__name__ for package in PACKAGES}
    if isinstance(value, functools._lru_cache_wrapper) or not ours or isinstance(value, type):
        return []
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*getattr(value, "__dict__", {}).values(), *(getattr(value, name, None) for name in slots)]


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def _calls_of_names(trees: Any) -> dict[str, frozenset[str]]:
    """Return the methods that are called of each name, in any module."""
    called: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
                called.setdefault(node.value.id, set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in called.items()}


def _given(module: ModuleType, tree: ast.Module) -> Iterator[tuple[int, str, re.Pattern[Any]]]:
    """Yield what calls such as `re.sub("...", ...)` are given; LookupError for one that this module does not know."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        of, method = node.func.value, node.func.attr
        if not isinstance(of, ast.Name) or of.id != "re" or method not in {*METHODS, "compile"}:
            continue
        names = {**vars(module), **MADE_WITH.get(module.__name__, {})}
        flags = [word.value for word in node.keywords if word.arg == "flags"] + node.args[FLAGS_AT.get(method, 2) :]
        try:
            given = _evaluated(node.args[0], names)
            pattern = given if isinstance(given, re.Pattern) else re.compile(given, _flags(flags, names))
        except NameError as unknown:
            if module.__name__ not in KNOWN:
                raise LookupError(
                    f"{module.__name__}:{node.lineno}: {unknown}; add it to MADE_WITH or KNOWN"
                ) from unknown
            continue
        yield node.lineno, "search" if method == "compile" else method, pattern


def _evaluated(expression: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(expression), "expression", "eval"), names)


def _flags(given: list[ast.expr], names: dict[str, Any]) -> int:
    return int(_evaluated(given[0], names)) if given else 0

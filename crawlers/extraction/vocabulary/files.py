"""The files of the vocabulary, as they stand. Unknown sections and keys are refused; `schema` checks what they hold."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from crawlers.extraction.vocabulary.keys import AGENCIES, HTML_CLASSES, LANGUAGE, Sections
from storage.errors import PressrunError

FOLDER = Path(__file__).parent
OTHER_FILES = {"html_classes": HTML_CLASSES, "agencies": AGENCIES}
PATTERNS = "_patterns"  # ends the name of a key whose entries are regular expressions
EMPTY = "\n[empty]\n"  # the last section of a language: it is for people and tests, and a third of the file

Files = dict[str, dict[str, Any]]  # the tables of each file by its stem, in the order of the stems


class VocabularyError(PressrunError):
    """A file of the vocabulary that cannot be taken: names the file, the key, and what is wrong."""

    def __init__(self, file: str, key: str, message: str) -> None:
        super().__init__(f"vocabulary/{file}.toml: {f'{key}: ' if key else ''}{message}")
        self.file, self.key = file, key


@cache
def read_files(folder: Path = FOLDER) -> Files:
    """Return the tables of all files of a folder; VocabularyError for what is no TOML and for an unknown key.

    To parse TOML takes 15 ms, which every worker would pay for: like Python's own modules the files are kept in a form
    that loads at once, and are read anew when one of them has changed.
    """
    stamp = _stamp(folder)
    kept = _kept(folder, stamp)
    if kept is None:
        kept = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
        _keep(folder, stamp, kept)
    return kept


def _read(path: Path) -> dict[str, Any]:
    """Return the tables of one file, without the reasons of its empty keys."""
    tables = parse(path.stem, path.read_text("utf-8").partition(EMPTY)[0])
    refuse_unknown(path.stem, tables)
    return tables


def parse(file: str, text: str) -> dict[str, Any]:
    """Return what stands in the text of a file; VocabularyError if it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise VocabularyError(file, "", str(wrong)) from wrong


def _stamp(folder: Path) -> list[list[Any]]:
    """Return what changes whenever a file does, or the keys that it may have."""
    with os.scandir(folder) as entries:
        files = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith((".toml", "keys.py"))]
    return sorted([name, found.st_mtime_ns, found.st_size] for name, found in files)


def _kept(folder: Path, stamp: list[list[Any]]) -> Files | None:
    try:
        kept = json.loads(_cache(folder).read_text("utf-8"))
    except (OSError, ValueError):  # there is none, or half of one
        return None
    files: Files = kept["files"]
    return files if kept["stamp"] == stamp else None


def _keep(folder: Path, stamp: list[list[Any]], files: Files) -> None:
    """Write the files' tables beside the compiled modules, where Python may do so; nothing depends on it."""
    if sys.dont_write_bytecode:
        return
    path = _cache(folder)
    draft = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        draft.write_text(json.dumps({"stamp": stamp, "files": files}, ensure_ascii=False), "utf-8")
        draft.replace(path)


def _cache(folder: Path) -> Path:
    return folder / "__pycache__" / "vocabulary.json"


def sections_of(file: str) -> Sections:
    """Return the sections and keys that a file may have."""
    return OTHER_FILES.get(file, LANGUAGE)


def refuse_unknown(file: str, tables: dict[str, Any]) -> None:
    """Raise VocabularyError for a section or a key that no code reads."""
    known = sections_of(file)
    for section, table in tables.items():
        if section not in known or not isinstance(table, dict):
            raise VocabularyError(file, section, _near(section, known))
        for key in table:
            if key.removesuffix(PATTERNS) not in known[section].keys:
                raise VocabularyError(file, f"{section}.{key}", _near(key, known[section].keys))


def _near(name: str, known: Iterable[str]) -> str:
    import difflib  # late: mistakes are rare, and every worker starts with this module

    near = difflib.get_close_matches(name.removesuffix(PATTERNS), list(known), n=1)
    return f"there is no such key; did you mean {near[0]}?" if near else "there is no such key"


@cache
def cldr_months() -> dict[str, list[str]]:
    """Return the month names of Unicode CLDR by locale: twelve texts, in each the names of a month with spaces."""
    months: dict[str, list[str]] = json.loads((FOLDER / "cldr_months.json").read_text("utf-8"))
    return months


@cache
def cldr_weekdays() -> dict[str, list[list[str]]]:
    """Return the names of weekdays of Unicode CLDR by locale: seven lists of names, Monday first."""
    days: dict[str, list[list[str]]] = json.loads((FOLDER / "cldr_weekdays.json").read_text("utf-8"))
    return days

"""The vocabulary: what outlets write around their texts, one file for each language. See docs/vocabulary.md.

The constants of the extraction are made of it: `any_of("walls.sorry")` is the regular expression for one of the
phrases and patterns that the files have under `sorry` and `sorry_patterns` in their section `walls`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from crawlers.extraction.vocabulary.expressions import escape, first_words_of, marks_of
from crawlers.extraction.vocabulary.files import PATTERNS, VocabularyError, read_files, sections_of

__all__ = [
    "VocabularyError",
    "any_of",
    "expressions",
    "first_words_of",
    "marks_of",
    "tables",
    "words",
    "words_by_language",
]


def any_of(*keys: str, **placeholders: str) -> str:
    """Return the regular expression, without a group around it, for one of the entries of these keys in any language.

    What stands in a pattern as {name} is replaced by the expression `placeholders["name"]`. KeyError for a key that
    no file may have.
    """
    return "|".join(dict.fromkeys(one for key in keys for one in expressions(key, **placeholders)))


def expressions(key: str, **placeholders: str) -> tuple[str, ...]:
    """Return the same as expressions of their own."""
    phrases, patterns = (_all(key, form) for form in ("", PATTERNS))
    for name, expression in placeholders.items():
        patterns = [pattern.replace(f"{{{name}}}", expression) for pattern in patterns]
    return (*map(escape, phrases), *patterns)


def words(*keys: str) -> frozenset[str]:
    """Return the phrases of these keys as they stand, in any language; their patterns are left out."""
    return frozenset(phrase for key in keys for phrase in _all(key))


def words_by_language(key: str) -> dict[str, list[str]]:
    """Return the phrases of a key by language, those without any left out."""
    return {language: phrases for language, phrases in tables(key).items() if phrases}


def _all(key: str, form: str = "") -> list[str]:
    return [entry for entries in tables(key, form).values() for entry in entries]


def tables(key: str, form: str = "") -> dict[str, Any]:
    """Return what stands under a key, by the stem of the file; KeyError for a key that no file may have."""
    section, _, name = key.partition(".")
    return {file: table[name + form] for file, table in _section(section, name) if name + form in table}


@cache
def _section(section: str, name: str) -> list[tuple[str, dict[str, Any]]]:
    files = {file: tables for file, tables in read_files().items() if section in sections_of(file)}
    if not files or name not in sections_of(next(iter(files)))[section].keys:
        raise KeyError(f"{section}.{name}")
    return [(file, tables[section]) for file, tables in files.items() if section in tables]

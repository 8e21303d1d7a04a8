"""The vocabulary: what outlets write around their texts, one file for each language. See docs/vocabulary.md.

The constants of the extraction are made of it: `any_of("walls.sorry")` is the regular expression for one of the
phrases and patterns that the files have under `sorry` and `sorry_patterns` in their section `walls`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from crawlers.extraction.vocabulary.files import PATTERNS, VocabularyError, read_files
from crawlers.extraction.vocabulary.keys import AGENCIES, HTML_CLASSES, LANGUAGE
from crawlers.extraction.vocabulary.regex import first_words_of, lazy, marks_of, one_of

__all__ = [
    "VocabularyError", "any_of", "expressions", "first_words_of", "lazy", "marks_of", "one_of", "tables", "words",
]  # fmt: skip

KINDS_OF_FILES = (LANGUAGE, HTML_CLASSES, AGENCIES)


def any_of(*keys: str, **placeholders: str) -> str:
    """Return the regular expression, without a group around it, for one of the entries of these keys in any language.

    Of several phrases the longest that fits counts, and phrases count before patterns. What stands in a pattern as
    {name} is replaced by the expression `placeholders["name"]`. KeyError for a key that no file may have.
    """
    phrases = one_of(phrase for key in keys for phrase in _entries(key))
    patterns = [pattern for key in keys for pattern in _patterns(key, placeholders)]
    return "|".join([phrases, *patterns] if phrases else patterns)


def expressions(key: str, **placeholders: str) -> tuple[str, ...]:
    """Return the patterns of a key in any language as expressions of their own."""
    return tuple(_patterns(key, placeholders))


def words(*keys: str) -> frozenset[str]:
    """Return the phrases of these keys as they stand, in any language; their patterns are left out."""
    return frozenset(phrase for key in keys for phrase in _entries(key))


def tables(key: str) -> dict[str, Any]:
    """Return what stands under a key, by the stem of the file."""
    return _index(False)[key]


def _entries(key: str) -> list[str]:
    return [phrase for phrases in _index(False)[key].values() for phrase in phrases]


def _patterns(key: str, placeholders: dict[str, str]) -> list[str]:
    patterns = dict.fromkeys(pattern for patterns in _index(True)[key].values() for pattern in patterns)
    return [_filled(pattern, placeholders) for pattern in patterns]


def _filled(pattern: str, placeholders: dict[str, str]) -> str:
    for name, expression in placeholders.items():
        pattern = pattern.replace(f"{{{name}}}", expression)
    return pattern


@cache
def _index(of_patterns: bool) -> dict[str, dict[str, Any]]:
    """Return the entries of every key that a file may have, by the stems of the files; either phrases or patterns."""
    index: dict[str, dict[str, Any]] = {
        f"{section}.{key}": {} for known in KINDS_OF_FILES for section, (_, keys) in known.items() for key in keys
    }
    for file, sections in read_files().items():
        for section, table in sections.items():
            for key, entries in table.items():
                if key.endswith(PATTERNS) is of_patterns:
                    index[f"{section}.{key.removesuffix(PATTERNS)}"][file] = entries
    return index

"""Which language has which key, and why not: `python -m crawlers.extraction.vocabulary.matrix` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from crawlers.extraction.vocabulary.files import FOLDER, OTHER_FILES, PATTERNS, VocabularyError
from crawlers.extraction.vocabulary.keys import LANGUAGE
from crawlers.extraction.vocabulary.schema import check_file

ANY_LANGUAGE = "und"  # has what no language has to have
KEYS = tuple(f"{section}.{key}" for section, (_, keys) in LANGUAGE.items() for key in keys)

Tables = dict[str, Any]


def check_languages() -> dict[str, Tables]:
    """Return the tables of every language; VocabularyError for the first mistake in any file of the vocabulary."""
    files = {path.stem: check_file(path) for path in sorted(FOLDER.glob("*.toml"))}
    return {stem: tables for stem, tables in files.items() if stem not in OTHER_FILES}


def count(tables: Tables, key: str) -> int:
    """Return how many entries a language has under a key."""
    section, name = key.split(".")
    table = tables.get(section, {})
    held = [table[form] for form in (name, name + PATTERNS) if form in table]
    return sum(1 if entries is True else len(entries) for entries in held)


def reason(tables: Tables, key: str) -> str:
    """Return why a key of a language is empty; an empty text if its file does not say so."""
    reasons = tables.get("empty", {}).items()
    return next((why for why, keys in reasons if any(fnmatchcase(key, pattern) for pattern in keys)), "")


def mistakes(languages: dict[str, Tables]) -> Iterator[str]:
    """Yield a line for each empty key without a reason, and for each reason of a key that is not empty or not there."""
    for language, tables in languages.items():
        for key in KEYS if language != ANY_LANGUAGE else ():
            if not count(tables, key) and not reason(tables, key):
                yield f"vocabulary/{language}.toml: {key} is empty: fill it, or say why under [empty]"
            if count(tables, key) and reason(tables, key):
                yield f"vocabulary/{language}.toml: {key} is not empty, though [empty] says: {reason(tables, key)}"
        for named in (pattern for keys in tables.get("empty", {}).values() for pattern in keys):
            if not any(fnmatchcase(key, named) for key in KEYS):
                yield f"vocabulary/{language}.toml: [empty] names {named}, and there is no such key"


def rows(languages: dict[str, Tables]) -> Iterator[str]:
    """Yield the matrix: a line a key, a column a language, in it how many entries there are, or - for none."""
    wide = max(map(len, KEYS))
    yield " ".join([" " * wide, *(f"{language:>3}" for language in languages)])
    for key in KEYS:
        yield " ".join([key.ljust(wide), *(f"{count(tables, key) or '-':>3}" for tables in languages.values())])


def main() -> int:
    """Print the matrix, then what is wrong; 1 if anything is."""
    try:
        languages = check_languages()
    except VocabularyError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print("\n".join(rows(languages)))
    lines = list(mistakes(languages))
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

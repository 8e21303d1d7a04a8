"""Errors of search. A message is one line that names the place and the remedy."""

from __future__ import annotations

from storage.errors import PressrunError


class QueryError(PressrunError):
    """A query that cannot be understood. `position` counts characters from 1."""

    def __init__(self, query: str, position: int, problem: str, remedy: str) -> None:
        self.position = position
        super().__init__(f"the query {shown(query)} is wrong at character {position}: {problem}; {remedy}")


class IndexOutdatedError(PressrunError):
    """The search index was written by another version of the analyser."""


class CursorError(PressrunError):
    """The cursor of a page of results is not one of ours."""


def shown(text: str) -> str:
    """Return text of a user for an error message: printable and short."""
    plain = "".join(char if char.isprintable() else "?" for char in text)
    return f"'{plain[:80]}…'" if len(plain) > 80 else f"'{plain}'"

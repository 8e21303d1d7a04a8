"""Whether text from outside can be written as UTF-8."""

from __future__ import annotations


def is_utf8(text: str) -> bool:
    """Return True if the text can be encoded as UTF-8, as every database, log and child process needs it.

    Lone surrogates cannot: Python puts them in the place of bytes of an argument that are not UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

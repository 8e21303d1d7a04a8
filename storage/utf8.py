"""Whether text from outside can be written as UTF-8."""

from __future__ import annotations


def is_utf8(text: str) -> bool:
    """Return False for text with lone surrogates: Python makes them of bytes in arguments that are not UTF-8.

    No database, log or child process takes such text.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

"""Text as it is kept, and text as it is compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_WORD = re.compile(r"\w+")

HASH_VERSION = 1  # part of the stored state: raise it when the normalisation changes


def clean_text(text: str) -> str:
    """NFC, without NUL, control characters, direction overrides and lone surrogates: what both databases can hold."""
    return unicodedata.normalize(
        "NFC", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    )


def normalised_tokens(text: str) -> list[str]:
    """The words that count in a comparison: NFKC, case folded, without punctuation and white space."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def text_hash(tokens: list[str]) -> bytes:
    """16 bytes that are equal for equal normalised text."""
    return hashlib.sha256(" ".join(tokens).encode()).digest()[:16]

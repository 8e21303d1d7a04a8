"""Text as it is stored, and text as it is compared."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Control characters, direction overrides, byte order marks and halves of surrogate pairs. PostgreSQL refuses NUL, and
# neither database can encode a lone surrogate.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060]")  # soft hyphens and joiners; they differ from copy to copy
# Thai, Lao, Burmese, Khmer, kana and Han put no spaces between words: each character counts as a word.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")

# The hashes below are part of the stored state. A change of the normalisation needs a migration that hashes again.


def clean_text(text: str) -> str:
    """Return text that both databases can hold: NFC, without control characters and lone surrogates.

    Works on every str, and is idempotent.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def primary_subtag(tag: str) -> str:
    """Return the language of a language tag: `en` of `en-GB`, `en_US` and `EN`. Any other text is only trimmed."""
    return tag.strip().replace("_", "-").partition("-")[0].lower()


def normalised_tokens(text: str) -> list[str]:
    """Return the words that are compared: NFKC, case folded, without punctuation and white space."""
    return _WORD.findall(folded(text).casefold())


def folded(text: str) -> str:
    """Return the text in NFKC without soft hyphens and joiners. Case stays."""
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def letters(text: str) -> str:
    """Return the compared words without separators: equal texts stay equal if line wraps glue words together."""
    return "".join(normalised_tokens(text))


def text_hash(tokens: list[str]) -> bytes:
    """Return 16 bytes that are equal for equal normalised text."""
    return hashlib.sha256(" ".join(tokens).encode("utf-8", "replace")).digest()[:16]

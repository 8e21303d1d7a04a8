"""Recognise HTML tags with hundreds of attributes before they are parsed, which could take minutes."""

from __future__ import annotations

import re

# The parser's time grows with the square of a tag's attributes: 100 ms for 5,000 of them, and a page may hold thousands
# of such tags. Real tags have under 100.
# Reads tags, comments and scripts as browsers do. Possessive quantifiers keep it linear on any input.
_MANY_ATTRIBUTES = re.compile(
    rb"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rb"|<(?:(script|style)(?=[\s/>])|[a-z][^\s/>]{0,256}+)"
    rb"(?:[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?+){0,299}+"
    rb"(?P<more>[\s/]*+[^\s/>])?+"
    rb"(?(1)[^>]*+(?:>.*?(?:</(?:script|style)|\Z))?+)",
    re.IGNORECASE | re.DOTALL,
)


def has_many_attributes(markup: bytes) -> bool:
    """Return True if a tag of the HTML, in any encoding that has ASCII, has more than 300 attributes."""
    return any(tag["more"] for tag in _MANY_ATTRIBUTES.finditer(markup))

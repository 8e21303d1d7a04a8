"""The text of robots.txt, and its rules for Pressrun (RFC 9309). Pure functions of bytes."""

from __future__ import annotations

import re

from protego import Protego

AGENT = "Pressrun"  # the product token that robots.txt files name
MAX_BYTES = 512 * 1024  # RFC 9309 2.5: parsers must take at least 500 KiB; the rest is not read
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OUR_VERSION = re.compile(rf"(?im)^([^\S\n]*user[ -]?agent\s*:\s*{AGENT})/[^#\r\n]*")
_AGENT_FIELDS = frozenset({"user-agent", "useragent", "user agent"})  # those that Protego knows
_ALL = "*"


def robots_text(body: bytes) -> str:
    """Return the text of a robots.txt: UTF-8 (RFC 9309 2.3), or UTF-16 as some editors save it; without its mark.

    A mark that stayed would hide the first line, and with it the rules of a group. A version after our name is left
    out: groups are found by the product token alone (RFC 9309 2.2.1). What is behind MAX_BYTES is left out.
    """
    body = body[:MAX_BYTES]
    encoding = next((name for mark, name in _BOMS if body.startswith(mark)), None) or _unmarked(body[:2])
    return _OUR_VERSION.sub(r"\1", body.decode(encoding, "replace").lstrip("\ufeff"))


def parse(text: str) -> Protego:
    """Return the parsed robots.txt. It knows the rules for AGENT, and those of no other agent; all sitemaps.

    Protego stores every rule for every agent of its group: of a thousand agents with a thousand rules, a million.
    """
    return Protego.parse(_with_one_group(text))


def _with_one_group(text: str) -> str:
    """Name no agent but the one whose rules hold for AGENT. A line without an agent still ends the group before it."""
    lines = text.splitlines()
    tokens = {number: _token(agent) for number, line in enumerate(lines) if (agent := _agent(line)) is not None}
    best = max(filter(None, tokens.values()), key=_score, default="")
    for number, token in tokens.items():
        lines[number] = f"User-agent: {token if token == best else ''}"
    return "\n".join(lines)


def _agent(line: str) -> str | None:
    """Return what a user-agent line names, in the forms that Protego takes; None for another line."""
    line = line.partition("#")[0].strip()
    field, colon, value = line.partition(":")
    if colon and field.strip().lower() in _AGENT_FIELDS:
        return value
    if colon and (not value or value[0].isspace()):
        return None  # another field
    words = line.split()
    for count in (1, 2):
        if " ".join(words[:count]).lower() in _AGENT_FIELDS:
            return " ".join(words[count:])
    return None


def _token(agent: str) -> str:
    """Return the name by which a group holds for AGENT: `*` or a beginning of AGENT. Empty if it does not."""
    agent = agent.strip().lower()
    if agent == _ALL:
        return _ALL
    token = agent.replace("*", "")  # as Protego does
    return token if AGENT.lower().startswith(token) else ""


def _score(token: str) -> int:
    """Return the precedence of a user-agent token, as in Protego. Of equal ones, the first in the file wins."""
    return 1 if token == _ALL else len(token)


def _unmarked(start: bytes) -> str:
    """UTF-16 shows by a NUL beside the first, ASCII letter."""
    return "utf-8" if b"\0" not in start else "utf-16-be" if start[:1] == b"\0" else "utf-16-le"

"""Pieces of Markdown for artifacts: tables, links, bars, and text from outside that must not break them."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 500  # characters of a text from outside
_ESCAPED = {ord(char): f"\\{char}" for char in "\\`*_[]#"} | {ord(char): f"&#{ord(char)};" for char in "|<>&"}
_IN_LINKS = {ord(char): f"%{ord(char):02X}" for char in " <>()|\\\"'`"}
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def cell(text: str, longest: int = _LONGEST) -> str:
    """Escape text from outside for a Markdown table, and shorten it."""
    flat = " ".join(text.split())
    flat = flat if len(flat) <= longest else flat[: longest - 1] + "…"
    return flat.translate(_ESCAPED)


def code(text: str) -> str:
    """Return text from outside as code, which is shown as it is."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


def link(text: str, url: str, longest: int = _LONGEST) -> str:
    """Return a link. The text is escaped; characters that would end the link early are percent-encoded."""
    return f"[{cell(text, longest)}]({url.translate(_IN_LINKS)})" if url else cell(text, longest)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; columns whose head begins with # are numbers, aligned to the right. Empty without rows."""
    if not rows:
        return ""
    names = [name.removeprefix("#") for name in head]
    rule = ["---:" if name.startswith("#") else "---" for name in head]
    return "\n".join(f"| {' | '.join(row)} |" for row in (names, rule, *rows))


def bar(value: float, most: float, width: int = 12) -> str:
    """Return a bar of block characters, `width` of them for `most`; something is shown for every value above zero."""
    if value <= 0 or most <= 0:
        return ""
    eighths = max(1, round(8 * width * min(1.0, value / most)))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def section(title: str, body: str) -> str:
    """Return a section with its heading; empty if there is nothing in it."""
    return f"## {title}\n\n{body}" if body else ""


def page(*parts: str) -> str:
    """Join the parts that are not empty, a blank line between them."""
    return "\n\n".join(part for part in parts if part) + "\n"


def many(number: int, noun: str, plural: str = "") -> str:
    """Return the number with its noun, such as "1 page", "2 pages", "1,204 pages"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def seconds(value: float) -> str:
    """Return seconds with one decimal below ten."""
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"

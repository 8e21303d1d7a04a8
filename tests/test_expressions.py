"""No regular expression of the package takes longer than in proportion to its text, whatever the text.

Each is timed alone on strings made from itself. Only CPU time of this thread counts, the best of several, and a
suspect is measured again before it fails: the test holds on a loaded machine.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from crawlers.extraction.body import date_lines, line_filters, promotion
from crawlers.extraction.fields import credit, person_names
from tests.expressions import Expression, every_expression
from tests.hostile_strings import hostile_strings, shortest_match

LENGTH = 2_560  # characters of the longest string of the first look
STRINGS = 120  # for each expression
ENDS = ("", "\0", "a", "\n.")  # what makes a text end otherwise than it went on
FLOOR = 0.0015  # seconds; below that the clock says little
# The same as a share of a search of known cost, five milliseconds where FLOOR was set: some machines are four times as
# slow, and texts of bounded length take as much longer there.
FLOOR_SHARE = 0.3
KNOWN, KNOWN_TEXT = re.compile(r"x\w*y"), "x" * 2_000
GROWTH = 6.0  # of the time from n to 4n: 4 is linear, 16 quadratic
LIMIT = 0.4  # seconds in which a call is given up: it takes far longer than it may
AGAIN = 5  # how often a suspect is measured before it fails
APART = 0.2  # seconds between two of these: another machine on the same processors may take them for a while
Call = Callable[[Any], Any]

# Expressions of texts that are never longer than that: whoever calls them looks first.
BOUNDS = {
    "crawlers.extraction.body.promotion.ALONE": promotion.LABEL,
    "crawlers.extraction.body.promotion": promotion.MOST,
    "crawlers.extraction.body.line_filters": line_filters.MOST,
    "crawlers.extraction.body.date_lines": date_lines.SHORT,
    "crawlers.extraction.fields.credit.BY": credit.LONGEST,
    "crawlers.extraction.fields.credit.SLASHED": credit.LONGEST,
    "crawlers.extraction.fields.person_names": person_names.LONGEST,
}


class TooSlowError(Exception):
    """A call took longer than LIMIT."""


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("half", [0, 1])
def test_no_expression_takes_longer_than_in_proportion_to_its_text(half: int) -> None:
    slow = [told for expression in every_expression()[half::2] for told in too_slow(expression)]
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize("pattern", [r"\s+$", r"<!--.*?-->", r"(?:a+)+b", r"\w+@\w+", r"x\w*y", rb'"[^"]*,[^"]*!'])
def test_expressions_that_do_are_found(pattern: str | bytes) -> None:
    assert list(too_slow(Expression("here", re.compile(pattern), frozenset({"search"}))))


def too_slow(expression: Expression) -> Iterator[str]:
    """Yield one line on the first string for which an expression's time grows faster than it."""
    least, longest = 8 * shortest_match(expression.pattern), _longest(expression)
    lengths = [length for length in (longest // 16, longest // 4, longest) if length >= least]
    for string in hostile_strings(expression.pattern, STRINGS):
        for end in ENDS:
            for method, call in _calls(expression).items():
                for length in lengths:
                    if growth := _growth(call, lambda n: _as(expression, string.text(n, end)), length):  # noqa: B023
                        yield f"{expression.where}.{method}({string!r}, {end!r}) at {length}: {growth}: {expression.pattern.pattern!r:.200}"
                        return


def _longest(expression: Expression) -> int:
    """Return the length of the longest string: many times that of the shortest match, but never over the bound."""
    for place in (expression.where, re.split(r"[.:]\w+$", expression.where)[0]):
        if place in BOUNDS:
            return BOUNDS[place]
    return max(LENGTH, 8 * shortest_match(expression.pattern))


def _calls(expression: Expression) -> dict[str, Call]:
    """Return the calls that the package makes. All ways to find every match are one."""
    pattern, methods = expression.pattern, expression.methods
    calls: dict[str, Call] = {}
    if methods - {"search", "match", "fullmatch"}:
        calls["finditer"] = lambda text: [None for _ in pattern.finditer(text)]
    elif "search" in methods:
        calls["search"] = pattern.search
    return calls | {name: getattr(pattern, name) for name in ("match", "fullmatch") if name in methods}


def _as(expression: Expression, text: str) -> Any:
    return text.encode("latin-1") if isinstance(expression.pattern.pattern, bytes) else text


def _growth(call: Call, text: Callable[[int], Any], length: int) -> str:
    """Say how the time grows up to a length, if it grows faster than the text; empty if it does not."""
    if _seconds(call, text(length)) < FLOOR:
        return ""
    told = ""
    for look in range(AGAIN):
        time.sleep(APART * look)
        short, long = (_best(call, text(n)) for n in (length // 4, length))
        floor = max(FLOOR, FLOOR_SHARE * _best(KNOWN.search, KNOWN_TEXT))
        if long < floor or (long < LIMIT and long < GROWTH * short):
            return ""
        told = f"{short * 1000:.1f} ms at a quarter, {long * 1000:.1f} ms"
    return told


def _best(call: Call, text: Any) -> float:
    """Return the least of three times, or LIMIT at once."""
    times = [_seconds(call, text)]
    while len(times) < 3 and times[-1] < LIMIT:
        times.append(_seconds(call, text))
    return min(times)


def _seconds(call: Call, text: Any) -> float:
    with _limited():
        began = time.thread_time()
        try:
            call(text)
        except TooSlowError:
            return LIMIT
        return time.thread_time() - began


@contextmanager
def _limited() -> Iterator[None]:
    """Raise TooSlowError in a call that takes more CPU time than LIMIT."""

    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

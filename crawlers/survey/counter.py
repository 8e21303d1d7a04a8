"""Find out whether the number in article addresses is a counter: whether it grows with the date, and how fast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from crawlers.discovery import Clock
from crawlers.outlet import MAX_DIGITS
from storage.model import Link

from .shapes import Shape, shape_of

ENOUGH = 5  # dated addresses that it takes to believe in a counter
BELIEVED = 0.9  # share of them that must be in order
COUNTED = ("number", "number-slug", "query")
KNOWN = 6  # dates that are proposed for `known`


@dataclass(frozen=True, slots=True)
class CounterProposal:
    """Values for an `id_range` seed: its URL template, the dates of some ids, and the ids a day.

    `other_section` is the template of another section, by which `found_by_number` tests whether the section matters.
    """

    url: str
    known: Mapping[int, date]
    per_day: float
    other_section: str | None  # with {id}; None if all articles have the same words in their addresses


def propose_counter(links: Sequence[Link], tz: tzinfo) -> CounterProposal | None:
    """Return the counter in the addresses of articles; None if it does not grow with the date.

    A link may occur again with a better date; the last date of a number counts.
    """
    shapes = {link.url: shape for link in links if (shape := shape_of(link.url))}
    counted = [shape for shape in shapes.values() if shape.form.tail in COUNTED and not shape.form.date]
    if not counted:
        return None
    points = _points(links, shapes)
    clock = Clock(points)
    if len(points) < ENOUGH or len(clock.believed) < BELIEVED * len(points):
        return None
    templates = Counter(_template(shape) for shape in counted).most_common(2)
    (first, begun), (last, ended) = clock.believed[0], clock.believed[-1]
    days = (ended - begun).total_seconds() / 86_400
    return CounterProposal(
        templates[0][0],
        _known(clock.believed, tz),
        (last - first) / days if days else 0.0,
        templates[1][0] if len(templates) > 1 else None,
    )


def _points(links: Sequence[Link], shapes: Mapping[str, Shape]) -> dict[int, datetime]:
    points = {}
    for link in links:
        shape = shapes.get(link.url)
        if shape and shape.number and len(shape.number) <= MAX_DIGITS and link.hints.published:
            points[int(shape.number)] = link.hints.published.at
    return points


def _template(shape: Shape) -> str:
    """Return the address with {id} in it; of a number before a title, without the title."""
    if shape.form.tail == "number-slug":
        head = (
            shape.url.rpartition(shape.number)[0]
            if shape.number not in shape.slug
            else shape.url.split(shape.number)[0]
        )
        return f"{head}{{id}}{'/' if shape.slash else ''}"
    head, _, tail = shape.url.rpartition(shape.number)
    return f"{head}{{id}}{tail.partition('?')[0] if shape.extra_query else tail}"


def _known(believed: Sequence[tuple[int, datetime]], tz: tzinfo) -> dict[int, date]:
    step = max(1, (len(believed) - 1) // (KNOWN - 1)) if len(believed) > 1 else 1
    chosen = [*believed[::step][: KNOWN - 1], believed[-1]]
    return {number: at.astimezone(tz).date() for number, at in dict(chosen).items()}


def found_by_number(counter: CounterProposal, url: str, same: Callable[[str], bool]) -> bool:
    """Return True if the number alone leads to a page: below another section, or without the title in its address.

    `url` is an article's. `same(url)` fetches an address and tells whether that article is there, too.
    """
    shape = shape_of(url)
    if shape is not None and shape.form.tail == "number-slug":
        return same(counter.url.replace("{id}", shape.number))
    if counter.other_section is None or shape is None:
        return True
    address = counter.url if _template(shape) != counter.url else counter.other_section
    return same(address.replace("{id}", shape.number))

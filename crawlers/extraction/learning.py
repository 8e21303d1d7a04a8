"""Learning where an outlet's articles stand, going straight there, and noticing when they stand elsewhere.

The first pages are read in full. A container that gives the same text as the full reading on three of them is known
from then on, and pages are read from it alone. Every twentieth page, and the first of each run, is read both ways. Two
disagreements in a row, or three pages in a row without the container, mean that the layout has changed: the container
is dropped, learning begins anew, and whoever asked is told. One bad page is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lxml.etree import _Element

from crawlers.extraction.containers import Container, paths_to
from crawlers.extraction.outcome import Rejected
from storage.records import Article

ENOUGH = 3  # pages on which both ways must agree before a container is known
OFTEN = 20  # pages from one verification to the next
DISAGREE, ABSENT = 2, 3  # in a row, after which the layout counts as changed
LAYOUTS = 3  # containers of one outlet: articles, galleries, live reports
ALIKE = 0.95  # share of common words of a page that was read both ways
CANDIDATES = 60  # that are kept while learning; an outlet without one layout would fill the memory


class Event(StrEnum):
    """What a page taught."""

    LEARNED = "learned"
    VERIFIED = "verified"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something that is worth keeping: a container is known, was verified, or holds no longer."""

    event: Event
    container: Container


@dataclass(slots=True)
class _Known:
    container: Container
    since: int = OFTEN  # pages since it was verified; a fresh start verifies at once
    disagreed: int = 0
    absent: int = 0


@dataclass(slots=True)
class Layouts:
    """What is known and suspected of one outlet's pages."""

    known: list[_Known] = field(default_factory=list)
    _votes: Counter[Container] = field(default_factory=Counter)

    def remember(self, containers: Sequence[Container]) -> None:
        """Take over what was learned before; what is known already stays as it is."""
        have = {one.container for one in self.known}
        self.known += [_Known(container) for container in containers if container not in have]
        del self.known[LAYOUTS:]

    def read(
        self,
        tree: _Element,
        read: Callable[[Container | None], Article | Rejected],
        holder: Callable[[], Sequence[_Element]],
    ) -> tuple[Article | Rejected, Lesson | None]:
        """Read a page the shortest way that can be trusted.

        `read` reads it in full, or from a container; `holder` gives the elements that a full reading found to hold the
        article, the innermost first.
        """
        current = next((one for one in self.known if one.container.find(tree) is not None), None)
        if current is not None and current.since < OFTEN:
            found = read(current.container)
            if isinstance(found, Article):
                current.since += 1
                current.absent = 0
                return found, None
        full = read(None)
        if not isinstance(full, Article):
            return full, None  # a listing, a wall: says nothing of the layout
        if current is None:
            return full, self._missing() or self._learn(tree, full, read, holder())
        return full, self._verify(current, full, read)

    def _verify(
        self, current: _Known, full: Article, read: Callable[[Container | None], Article | Rejected]
    ) -> Lesson | None:
        short = read(current.container)
        if isinstance(short, Article) and alike(short.text, full.text) >= ALIKE:
            current.since, current.disagreed, current.absent = 0, 0, 0
            return Lesson(Event.VERIFIED, current.container)
        current.since = OFTEN  # the next page is verified too
        current.disagreed += 1
        return self._changed(current) if current.disagreed >= DISAGREE else None

    def _missing(self) -> Lesson | None:
        """An article without any of the known containers."""
        for one in self.known:
            one.absent += 1
        gone = [one for one in self.known if one.absent >= ABSENT]
        return self._changed(gone[0]) if gone and len(gone) == len(self.known) else None

    def _changed(self, one: _Known) -> Lesson:
        self.known.remove(one)
        self._votes.clear()
        return Lesson(Event.CHANGED, one.container)

    def _learn(
        self,
        tree: _Element,
        full: Article,
        read: Callable[[Container | None], Article | Rejected],
        holders: Sequence[_Element],
    ) -> Lesson | None:
        for path in dict.fromkeys(path for holder in holders for path, _ in paths_to(holder, tree)):
            for container in (Container(path, True), Container(path, False)):
                found = read(container)
                if isinstance(found, Article) and found.text == full.text:
                    self._votes[container] += 1
                    break  # the plain way is the quicker one
        best = next((container for container, votes in self._votes.most_common(1) if votes >= ENOUGH), None)
        if len(self._votes) > CANDIDATES:
            self._votes.clear()
        if best is None or len(self.known) >= LAYOUTS:
            return None
        self._votes.clear()
        self.known.append(_Known(best, since=0))
        return Lesson(Event.LEARNED, best)


def alike(one: str, other: str) -> float:
    """The share of words that two texts have in common, of the longer's; 1.0 for equal texts."""
    if one == other:
        return 1.0
    left, right = Counter(one.split()), Counter(other.split())
    return (left & right).total() / max(1, left.total(), right.total())

"""Learning where an outlet's articles stand, going straight there, and noticing when they stand elsewhere.

The first pages are read in full. Two teach nothing, since of many hosts there are no more, and learning from a page
costs a sixth of reading it; an element in which the article stood on three of the next is known from then on. If its
blocks alone gave the same text each time, it is plain: later pages are read from it without any cleaning, and every
twentieth of them, and the first of each run, is read in full as well. The others are read in full, and the element is
only looked for. Two disagreements in a row, or three articles in a row without the element, mean that the layout has
changed: the container is dropped, learning begins anew, and whoever asked is told. One bad page is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lxml.etree import _Element

from crawlers.extraction.containers.model import Container, Event, Lesson
from crawlers.extraction.containers.xpath import find_container, paths_to
from crawlers.extraction.result import Rejected
from storage.model import Article

FEW = 2  # articles of an outlet before learning begins
ENOUGH = 3  # pages on which both ways must agree before a container is known
OFTEN = 20  # pages from one verification to the next
DISAGREE, ABSENT = 2, 3  # in a row, after which the layout counts as changed
LAYOUTS = 3  # containers of one outlet: articles, galleries, live reports
ALIKE = 0.95  # share of common words of a page that was read both ways
CANDIDATES = 60  # that are kept while learning; an outlet without one layout would fill the memory


@dataclass(slots=True)
class _Known:
    container: Container
    since: int = OFTEN  # pages since it was verified; a fresh start verifies at once
    disagreed: int = 0
    absent: int = 0


class Readable(Protocol):
    """A parsed page, as far as its layout is concerned."""

    @property
    def tree(self) -> _Element: ...

    def result(self, alone: _Element | None = None) -> Article | Rejected:
        """Read the page in full, or `alone` the element of a plain container."""

    def holders(self) -> Sequence[_Element]:
        """The elements that the last full reading found to hold the article, the innermost first."""

    def plain_text(self, element: _Element) -> str:
        """The text that the blocks of an element give, by what the last full reading knows of the page."""


@dataclass(slots=True)
class Layouts:
    """What is known and suspected of one outlet's pages."""

    known: list[_Known] = field(default_factory=list)
    _seen: Counter[str] = field(default_factory=Counter)
    _plain: Counter[str] = field(default_factory=Counter)
    _articles: int = 0  # that might have taught something

    def agree(self, containers: Sequence[Container]) -> None:
        """Know these containers and no others: what others have learned, or given up. What is known stays as it is."""
        self.known = [one for one in self.known if one.container in containers]
        have = {one.container for one in self.known}
        self.known += [_Known(container) for container in containers if container not in have]
        del self.known[LAYOUTS:]

    def read(self, page: Readable) -> tuple[Article | Rejected, Lesson | None]:
        """Read a page the shortest way that can be trusted."""
        current, element = self._current(page.tree)
        if current is not None and current.container.plain and current.since < OFTEN:
            found = page.result(element)
            if isinstance(found, Article):
                current.since += 1
                current.absent = 0
                return found, None
        full = page.result()
        if not isinstance(full, Article):
            return full, None  # a listing, a wall: says nothing of the layout
        if current is None or element is None:
            return full, self._missing() or self._learn(page, full)
        return full, self._verify(current, element, page, full)

    def _current(self, tree: _Element) -> tuple[_Known | None, _Element | None]:
        for one in self.known:
            if (element := find_container(one.container, tree)) is not None:
                return one, element
        return None, None

    def _verify(self, current: _Known, element: _Element, page: Readable, full: Article) -> Lesson | None:
        if _agrees(current.container, element, page, full):
            fresh = current.since >= OFTEN
            current.since, current.disagreed, current.absent = 0 if fresh else current.since + 1, 0, 0
            return Lesson(Event.VERIFIED, current.container) if fresh else None
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
        self._forget()
        return Lesson(Event.CHANGED, one.container)

    def _learn(self, page: Readable, full: Article) -> Lesson | None:
        self._articles += 1
        if self._articles <= FEW:
            return None
        paths: dict[str, _Element] = {}
        for holder in page.holders():
            paths |= {path: element for path, element in paths_to(holder, page.tree) if path not in paths}
        for path, element in paths.items():
            self._plain[path] += self._seen[path] == self._plain[path] and page.plain_text(element) == full.text
            self._seen[path] += 1
        ready = [path for path in paths if self._seen[path] >= ENOUGH]
        if len(self._seen) > CANDIDATES:
            self._forget()
        if not ready or len(self.known) >= LAYOUTS:
            return None
        best = max(ready, key=lambda path: (self._plain[path] == self._seen[path], self._seen[path]))
        container = Container(best, self._plain[best] == self._seen[best])
        self._forget()
        self.known.append(_Known(container, since=0))
        return Lesson(Event.LEARNED, container)

    def _forget(self) -> None:
        self._seen.clear()
        self._plain.clear()


def _agrees(container: Container, element: _Element, page: Readable, full: Article) -> bool:
    if container.plain:
        return alike(page.plain_text(element), full.text) >= ALIKE
    near = page.holders()
    return any(one is element or element in one.iterancestors() or one in element.iterancestors() for one in near)


def alike(one: str, other: str) -> float:
    """The share of words that two texts have in common, of the longer's; 1.0 for equal texts."""
    if one == other:
        return 1.0
    left, right = Counter(one.split()), Counter(other.split())
    return (left & right).total() / max(1, left.total(), right.total())

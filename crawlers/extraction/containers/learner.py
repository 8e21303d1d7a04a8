"""Learn which element holds an outlet's articles, read later pages from it, and notice when the layout changes.

The first pages are read in full. Two teach nothing, since of many hosts there are no more, and learning from a page
costs a sixth of reading it; an element in which the article stood on three of the next is known from then on. If its
blocks, and the standfirst above it, gave the same text each time, it is plain: later pages are read from it without any
cleaning, and every twentieth of them, and the first of each run, is read in full as well. The others are read in full,
and the element is only looked for; one becomes plain if it would have given the text of many pages in a row, since the
pages that it was learned from may have been odd ones. Two disagreements in a row, or three articles in a row without
the element, mean that the layout has changed: the container is dropped, learning begins anew, and whoever asked is
told. One bad page is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lxml.etree import _Element

from crawlers.extraction.containers.model import Container, ContainerUpdate, Event
from crawlers.extraction.containers.xpath import find_container, paths_to
from crawlers.extraction.result import Rejected
from storage.model import Article

FEW = 2  # articles of an outlet before learning begins
ENOUGH = 3  # pages on which both ways must agree before a container is known
OFTEN = 20  # pages from one verification to the next
TRUSTED = 10  # pages in a row whose text a container alone would have given, after which it counts as plain
DISAGREE, ABSENT = 2, 3  # in a row, after which the layout counts as changed
MOST_CONTAINERS = 3  # containers of one outlet: articles, galleries, live reports
ALIKE = 0.95  # share of common words of a page that was read both ways
CANDIDATES = 60  # that are kept while learning; an outlet without one layout would fill the memory


@dataclass(slots=True)
class _Known:
    container: Container
    since: int = OFTEN  # pages since it was verified; a fresh start verifies at once
    disagreed: int = 0
    absent: int = 0
    proven: int = 0  # pages in a row whose text it would have given; it is not plain


class FullReading(Protocol):
    """The result of reading a page in full."""

    @property
    def outcome(self) -> Article | Rejected: ...

    def holders(self) -> Sequence[_Element]:
        """Return the elements that hold the article, the innermost first."""

    def plain_text(self, element: _Element) -> str:
        """Return the text that the blocks of an element give."""


class ReadablePage(Protocol):
    """A parsed page that can be read in two ways."""

    @property
    def tree(self) -> _Element: ...

    def read_full(self) -> FullReading:
        """Read the page in full."""

    def read_plain(self, element: _Element) -> Article | Rejected:
        """Read the page by the blocks of a plain container alone."""


@dataclass(slots=True)
class ContainerLearner:
    """The known and the possible containers of one outlet."""

    known: list[_Known] = field(default_factory=list)
    _seen: Counter[str] = field(default_factory=Counter)
    _plain: Counter[str] = field(default_factory=Counter)
    _articles: int = 0  # that might have taught something

    def set_known(self, containers: Sequence[Container]) -> None:
        """Replace the known containers by these, which other workers learned; keep the counts of those in both."""
        self.known = [known for known in self.known if known.container in containers]
        have = {known.container for known in self.known}
        self.known += [_Known(container) for container in containers if container not in have]
        del self.known[MOST_CONTAINERS:]

    def read(self, page: ReadablePage) -> tuple[Article | Rejected, ContainerUpdate | None]:
        """Read a page the shortest way that can be trusted, and return what it taught."""
        current, element = self._current(page.tree)
        if current is not None and element is not None and current.container.plain and current.since < OFTEN:
            plain = page.read_plain(element)
            if isinstance(plain, Article):
                current.since += 1
                current.absent = 0
                return plain, None
        full = page.read_full()
        if not isinstance(full.outcome, Article):
            return full.outcome, None  # a listing or a wall: it tells nothing of the layout
        if current is None or element is None:
            return full.outcome, self._missing() or self._learn(page.tree, full, full.outcome)
        return full.outcome, self._verify(current, element, full, full.outcome)

    def _current(self, tree: _Element) -> tuple[_Known | None, _Element | None]:
        for known in self.known:
            if (element := find_container(known.container, tree)) is not None:
                return known, element
        return None, None

    def _verify(
        self, current: _Known, element: _Element, full: FullReading, article: Article
    ) -> ContainerUpdate | None:
        if _agrees(current.container, element, full, article):
            fresh = current.since >= OFTEN
            current.since, current.disagreed, current.absent = 0 if fresh else current.since + 1, 0, 0
            if not current.container.plain and (fresh or current.proven):
                current.proven = current.proven + 1 if full.plain_text(element) == article.text else 0
            if current.proven == TRUSTED:
                return self._now_plain(current)
            return ContainerUpdate(Event.VERIFIED, current.container) if fresh else None
        current.since, current.proven = OFTEN, 0  # the next page is verified too
        current.disagreed += 1
        return self._changed(current) if current.disagreed >= DISAGREE else None

    def _now_plain(self, current: _Known) -> ContainerUpdate:
        plain = Container(current.container.path, True)
        self.known[self.known.index(current)] = _Known(plain, since=0)
        return ContainerUpdate(Event.LEARNED, plain)

    def _missing(self) -> ContainerUpdate | None:
        """Count an article without any known container; drop one if that happened too often in a row."""
        for known in self.known:
            known.absent += 1
        gone = [known for known in self.known if known.absent >= ABSENT]
        return self._changed(gone[0]) if gone and len(gone) == len(self.known) else None

    def _changed(self, gone: _Known) -> ContainerUpdate:
        self.known.remove(gone)
        self._forget()
        return ContainerUpdate(Event.CHANGED, gone.container)

    def _learn(self, tree: _Element, full: FullReading, article: Article) -> ContainerUpdate | None:
        self._articles += 1
        if self._articles <= FEW:
            return None
        paths: dict[str, _Element] = {}
        for holder in full.holders():
            paths |= {path: element for path, element in paths_to(holder, tree) if path not in paths}
        for path, element in paths.items():
            self._plain[path] += self._seen[path] == self._plain[path] and full.plain_text(element) == article.text
            self._seen[path] += 1
        ready = [path for path in paths if self._seen[path] >= ENOUGH]
        if len(self._seen) > CANDIDATES:
            self._forget()
        if not ready or len(self.known) >= MOST_CONTAINERS:
            return None
        best = max(ready, key=lambda path: (self._plain[path] == self._seen[path], self._seen[path]))
        container = Container(best, self._plain[best] == self._seen[best])
        self._forget()
        self.known.append(_Known(container, since=0))
        return ContainerUpdate(Event.LEARNED, container)

    def _forget(self) -> None:
        self._seen.clear()
        self._plain.clear()


def _agrees(container: Container, element: _Element, full: FullReading, article: Article) -> bool:
    """Say whether a container gives the text of the full reading or, if it is not plain, is where that found it."""
    if container.plain:
        return alike(full.plain_text(element), article.text) >= ALIKE
    return any(
        holder is element or element in holder.iterancestors() or holder in element.iterancestors()
        for holder in full.holders()
    )


def alike(one: str, other: str) -> float:
    """Return the share of the longer text's words that both texts have; 1.0 for equal texts."""
    if one == other:
        return 1.0
    left, right = Counter(one.split()), Counter(other.split())
    return (left & right).total() / max(1, left.total(), right.total())

"""XML of many entries, read one by one, so that a document of 50 MB takes no more memory than its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Generic, TypeVar

from lxml import etree

from .xml import BROKEN, COMMENT, from_first_tag, has_end_tag, local, parse_piece, repaired
from .xml_entries import entry_pieces

T = TypeVar("T")

_FIRST_TAG = re.compile(rb"<([A-Za-z_][\w.:-]{0,100})")


def first_tag(body: bytes) -> str:
    """The name of a document's root, without its prefix, lower case; empty if it has none."""
    found = _FIRST_TAG.search(_without_comments(from_first_tag(body[:65_536])))
    return found[1].decode("latin-1").rpartition(":")[2].lower() if found else ""


def _without_comments(head: bytes) -> bytes:
    return COMMENT.sub(b"", head)


class EntryStream(Generic[T]):
    """The entries of a document: what `take` makes of each element of these names, in the document's order.

    To be iterated by one thread from its beginning to its end: lxml's parsers keep names in a table of their thread.
    When it is through, `problems` says what was wrong, and `complete` is False if the document was cut off. Of an
    entry that the end of the document cuts, nothing is given.
    """

    def __init__(self, body: bytes, names: Sequence[str], take: Callable[[etree._Element], T]) -> None:
        self._body, self._names, self._take = from_first_tag(body), names, take
        self._started = self._ended = 0
        self.problems: list[str] = []
        self.complete = True

    def __iter__(self) -> Iterator[T]:
        given = 0
        try:
            for entry in self._entries(self._body, recover=False):
                yield entry
                given += 1
        except BROKEN:
            self.problems.append("malformed XML, read as far as it goes")
        else:
            return
        # What was given before the fault comes again in the same order: broken ampersands are mended, tags stay.
        yield from islice(self._recovered(), given, None)

    def _recovered(self) -> Iterator[T]:
        """The entries of a broken document; the last one only when it is known to be whole."""
        self._started = self._ended = 0
        held: list[T] = []
        read = 0
        try:
            for entry in self._entries(repaired(self._body), recover=True):
                yield from held
                held = [entry]
                read += 1
        except BROKEN:
            self.complete = False
        self.complete = self.complete and self._has_an_end()
        if not self.complete:
            self.problems.append("cut off before its end")
        if self.complete or not self._cut_within(self._started == self._ended):
            yield from held
        yield from self._not_read(read)

    def _not_read(self, read: int) -> Iterator[T]:
        """Yield what follows the place where the parser stopped: a stray end tag, a comment that never ends."""
        for piece in islice(entry_pieces(self._body, self._names), read, None):
            if (element := parse_piece(piece)) is not None:
                yield self._take(element)

    def _entries(self, body: bytes, *, recover: bool) -> Iterator[T]:
        events = etree.iterparse(
            BytesIO(body), events=("start", "end"), recover=recover, resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        depth = 0
        for event, element in events:
            if event == "start":
                depth += 1
                self._started += local(element) in self._names
                continue
            depth -= 1
            if local(element) in self._names:
                self._ended += 1
                yield self._take(element)
            if depth == 1:
                _forget(element)

    def _has_an_end(self) -> bool:
        """True if the document ends with the end tag of what it began with."""
        return has_end_tag(self._body, first_tag(self._body).encode())

    def _cut_within(self, last_was_given: bool) -> bool:
        """True if the last entry that was given is one that the end of the document cut."""
        tag = rb"<(/?)(?:[\w.-]+:)?(?:%b)[\s>]" % "|".join(self._names).encode()
        size = 65_536
        while not (tags := re.findall(tag, self._body[-size:], re.IGNORECASE)) and size < len(self._body):
            size *= 4  # the last tag of an entry is near the end, or behind a lot of something else
        return bool(tags) and not tags[-1] and last_was_given


def _forget(element: etree._Element) -> None:
    """Free an element that was read, and all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]

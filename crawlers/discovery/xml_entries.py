"""The entries of a document that no parser reads to its end, cut out one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_COMMENT, _COMMENT_END = b"<!--", b"-->"


def entry_pieces(body: bytes, names: Sequence[str]) -> Iterator[bytes]:
    """Yield the text of each entry from its start tag to its end tag, in order.

    A stray end tag before an entry, and a comment or CDATA section that never ends, hide nothing of what follows. An
    entry without an end tag ends where the next one begins; at the end of the document it is left out.
    """
    start: int | None = None
    for at, end, opens in _tags(body, names):
        if opens:
            if start is not None:
                yield body[start:at]
            start = at
        elif start is not None:
            yield body[start:end]
            start = None


def _tags(body: bytes, names: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, True for a start tag) of the tags of these names, outside of comments and CDATA sections."""
    token = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(?:[\w.-]+:)?(?:%b)(?=[\s>/])[^<>]*>" % "|".join(names).encode(), re.I)
    ends = {_CDATA: _Ends(body, _CDATA_END), _COMMENT: _Ends(body, _COMMENT_END)}
    at = 0
    while found := token.search(body, at):
        at = found.end()
        if found[0] in ends:
            end = ends[found[0]].after(at)
            # A section in which another one begins was not ended: its end is the other one's.
            if end is not None and body.find(found[0], at, end) < 0:
                at = end
        elif found[1] or not found[0].endswith(b"/>"):
            yield found.start(), found.end(), not found[1]


class _Ends:
    """The places where sections of a kind end. Each is looked for once, however many sections begin before it."""

    def __init__(self, body: bytes, mark: bytes) -> None:
        self._body, self._mark = body, mark
        self._next: int | None = -1

    def after(self, place: int) -> int | None:
        """Return where the section that begins at `place` ends; None if it does not."""
        if self._next is not None and self._next - len(self._mark) < place:
            found = self._body.find(self._mark, place)
            self._next = found + len(self._mark) if found >= 0 else None
        return self._next

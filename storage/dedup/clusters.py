"""Articles that are one piece of news, and which of them is the original, while a transaction decides it."""

from __future__ import annotations

from collections.abc import Iterable

from storage.dedup.originals import Credits, Member


class Clusters:
    """Every article leads to one original. `apart`: pairs of ids that a hand has separated and nothing joins."""

    def __init__(
        self, members: Iterable[Member], original_of: dict[int, int], credits: Credits, apart: Iterable[tuple[int, int]]
    ) -> None:
        self._members = {member.id: member for member in members}
        self._up = dict(original_of)
        self._credits = credits
        self._apart = list(apart)
        self.moved: list[tuple[int, int]] = []  # (an original that was, the one that is now), in order

    def original(self, article: int) -> int:
        """The id of the article's original; its own if it is one."""
        while (up := self._up.get(article, article)) != article:
            article = up
        return article

    def join(self, article: int, others: Iterable[int]) -> None:
        """Put an article together with others, each with all that belong to it; but for those a hand has separated."""
        for other in sorted({self.original(one) for one in others}):
            mine = self.original(article)
            if other == mine or self._separated(mine, other):
                continue
            first = self._credits.first([self._members[mine], self._members[other]])
            copy = other if first.id == mine else mine
            self._up[copy] = first.id
            self.moved.append((copy, first.id))

    def _separated(self, a: int, b: int) -> bool:
        return any({self.original(x), self.original(y)} == {a, b} for x, y in self._apart)

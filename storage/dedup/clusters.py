"""Groups of articles with the same news, and the original of each, while a transaction decides them."""

from __future__ import annotations

from collections.abc import Iterable

from storage.dedup.originals import DedupArticle, OriginalRanking


class Clusters:
    """Every article leads to one original. `separated`: pairs of ids that a person has split; they are never joined."""

    def __init__(
        self,
        articles: Iterable[DedupArticle],
        original_of: dict[int, int],
        ranking: OriginalRanking,
        separated: Iterable[tuple[int, int]],
    ) -> None:
        self._articles = {article.id: article for article in articles}
        self._original_of = dict(original_of)
        self._ranking = ranking
        self._separated = list(separated)
        self.moved: list[int] = []  # originals that became copies, in order

    def original(self, article_id: int) -> int:
        """Return the id of the article's original; its own if it is one."""
        while (next_id := self._original_of.get(article_id, article_id)) != article_id:
            article_id = next_id
        return article_id

    def join(self, article_id: int, others: Iterable[int]) -> None:
        """Join an article's cluster with the clusters of others, except for those that a person has split."""
        for other in sorted({self.original(each) for each in others}):
            current = self.original(article_id)
            if other == current or self._is_separated(current, other):
                continue
            first = self._ranking.first([self._articles[current], self._articles[other]]).id
            copy = other if first == current else current
            self._original_of[copy] = first
            self.moved.append(copy)

    def _is_separated(self, a: int, b: int) -> bool:
        return any({self.original(x), self.original(y)} == {a, b} for x, y in self._separated)

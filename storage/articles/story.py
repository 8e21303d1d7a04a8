"""One piece of news: an original with its copies."""

from __future__ import annotations

from dataclasses import dataclass

from storage.articles.query import StoredArticle


@dataclass(frozen=True, slots=True)
class Story:
    """An original and its copies. `copied_by`: the names of the outlets that have them, sorted; `copies`: how many."""

    article: StoredArticle
    copies: int
    copied_by: tuple[str, ...]

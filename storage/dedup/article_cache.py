"""Tokenized texts of articles, each read from the store once, and the comparisons made between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection, select

from storage.dedup.boilerplate import RecurringPassages, recurring_passages
from storage.dedup.originals import DedupArticle, load_dedup_articles, pair_context
from storage.dedup.rules import COMPARABLE, PairContext, Verdict, alike, apply_rules
from storage.dedup.similarity import overlap
from storage.dedup.tokens import TokenizedText, tokenize
from storage.schema.tables import Article, Revision

OVERLAPPING = 0.3  # common share of the words of two texts within a third, from which both are cuts of it
MOST_OF_IT = 0.6


# Words of the texts that are kept. Of 600 words a text takes 17 kB, 47 kB when it has been compared, and 77 kB when its
# facts have been read too: 16 to 26 MB in all. A thousand texts, whatever their length, grew to 180 MB.
RECENT_WORDS = 200_000
_FIXED = 20  # words that take as much as the fixed parts of a text: objects, headers of arrays


def _weight(text: TokenizedText) -> int:
    return len(text) + _FIXED


# The tokens of a text never change, so they are kept from one transaction to the next. Several threads share the cache;
# the lock guards its order of use.
_recent_texts: LRUCache[bytes, TokenizedText] = LRUCache(RECENT_WORDS, _weight)
_recent_lock = Lock()


def _recent_text(text_hash: bytes) -> TokenizedText | None:
    with _recent_lock:
        return _recent_texts.get(text_hash)


def _tokenized(text_hash: bytes, text: str) -> TokenizedText:
    """Tokenize a text that is not among the recent ones, and add it to them unless it would take all of their room."""
    tokens = tokenize(text)
    if _weight(tokens) <= RECENT_WORDS:
        with _recent_lock:
            _recent_texts[text_hash] = tokens
    return tokens


class ArticleCache:
    """The articles of one transaction with their tokens and verdicts. All look-ups go by article id.

    Every look-up reads what it needs. `fetch` and `fetch_earlier` read many articles in one query, for speed alone.
    """

    def __init__(
        self, c: Connection, articles: Iterable[DedupArticle], texts: Mapping[int, TokenizedText] | None = None
    ) -> None:
        self._c = c
        self._articles = {article.id: article for article in articles}
        self._texts = dict(texts or {})
        self._recurring: dict[str, RecurringPassages] = {}
        self._compared: dict[int, TokenizedText] = {}
        self._verdicts: dict[tuple[int, int], Verdict] = {}
        self._earlier: dict[int, list[TokenizedText]] = {}

    def fetch(self, ids: Iterable[int]) -> None:
        """Read these articles and their texts."""
        wanted = set(ids)
        if missing := wanted - self._articles.keys():
            self._articles |= load_dedup_articles(self._c, missing)
        without_text = [self._articles[each] for each in wanted if each in self._articles and each not in self._texts]
        for article in without_text:
            if recent := _recent_text(article.text_hash):
                self._texts[article.id] = recent
        if unread := [article.id for article in without_text if article.id not in self._texts]:
            self._read_texts(unread)

    def _read_texts(self, ids: list[int]) -> None:
        for row in self._c.execute(select(Article.id, Article.text_hash, Article.text).where(Article.id.in_(ids))):
            self._texts[row.id] = _tokenized(row.text_hash, row.text)

    def article(self, article_id: int) -> DedupArticle:
        """Return an article."""
        if article_id not in self._articles:
            self.fetch([article_id])
        return self._articles[article_id]

    def articles(self) -> Iterable[DedupArticle]:
        """Return all articles read so far."""
        return self._articles.values()

    def original_of(self, article_id: int) -> int:
        """Return the id of the article's stored original; its own if it is no copy."""
        return self.article(article_id).duplicate_of or article_id

    def full_text(self, article_id: int) -> TokenizedText:
        """Return all words of an article."""
        if article_id not in self._texts:
            self.fetch([article_id])
        return self._texts[article_id]

    def compared_text(self, article_id: int) -> TokenizedText:
        """Return the words of an article without the passages that recur on its outlet."""
        if article_id not in self._compared:
            article, text = self.article(article_id), self.full_text(article_id)
            recurring = self._of_outlet(article.outlet_id)
            passages = recurring.for_counted if article.fingerprint_version else recurring.for_new
            self._compared[article_id] = text.without(passages)
        return self._compared[article_id]

    def _of_outlet(self, outlet_id: str) -> RecurringPassages:
        if outlet_id not in self._recurring:
            outlets = {article.outlet_id for article in self._articles.values()} - self._recurring.keys()
            self._recurring |= recurring_passages(self._c, outlets)
        return self._recurring[outlet_id]

    def verdict(self, a: int, b: int) -> Verdict:
        """Return whether two articles are the same news. An earlier text of `b` counts like the present one."""
        if (a, b) not in self._verdicts:
            self._verdicts[a, b] = self._judge(a, b)
        return self._verdicts[a, b]

    def _judge(self, a: int, b: int) -> Verdict:
        self.fetch([a, b])
        context = pair_context(self.article(a), self.article(b))
        present = apply_rules(self.compared_text(a), self.compared_text(b), context)
        if present.same:
            return present
        if (whole := self._judge_whole(a, b, context)) is not None:
            return whole
        earlier = (apply_rules(self.compared_text(a), text, context) for text in self._earlier_texts(b))
        return next((verdict for verdict in earlier if verdict.same), present)

    def _judge_whole(self, a: int, b: int, context: PairContext) -> Verdict | None:
        """Compare two texts with their recurring passages, if little is left without; None if that tells nothing.

        Of a brief that fills a frame every day, only the sentence with the news is left. A copy has all but equal words
        there too.
        """
        left_a, left_b = self.compared_text(a), self.compared_text(b)
        if left_a is self.full_text(a) and left_b is self.full_text(b):
            return None
        if min(len(left_a), len(left_b)) >= COMPARABLE:
            return None
        verdict = apply_rules(self.full_text(a), self.full_text(b), replace(context, framed=True))
        if verdict.other_issue:
            return verdict
        smaller, other = (left_a, b) if len(left_a) <= len(left_b) else (left_b, a)
        return verdict if verdict.same and alike(smaller, self.full_text(other)) else None

    def lookup_fingerprints(self, article_id: int) -> list[int]:
        """Return the fingerprints of an article; with those of its recurring passages if little is left without."""
        compared, full = self.compared_text(article_id), self.full_text(article_id)
        if compared is full or len(compared) >= COMPARABLE:
            return compared.fingerprints
        return sorted({*compared.fingerprints, *full.fingerprints})

    def joinable(self, article_id: int, others: list[int]) -> list[int]:
        """Return those of the similar articles that may be joined with this one.

        Two cuts of one story overlap within its full text: they belong together. A digest holds stories side by side:
        it belongs to none of them, unless one fills most of it. `others`: most shared fingerprints first.
        """
        groups = self._overlapping_groups(article_id, others)
        if len(groups) < 2:
            return others
        first = next(group for group in groups if others[0] in group)
        return first if self.verdict(article_id, others[0]).similarity.cover_a >= MOST_OF_IT else []

    def _overlapping_groups(self, article_id: int, others: list[int]) -> list[list[int]]:
        groups: list[list[int]] = []
        for other in others:
            near = [group for group in groups if any(self._overlaps(article_id, other, member) for member in group)]
            groups = [group for group in groups if group not in near]
            groups.append([*chain.from_iterable(near), other])
        return groups

    def _overlaps(self, whole: int, a: int, b: int) -> bool:
        """Return True if two articles have one original, or share the same part of a third."""
        if self.original_of(a) == self.original_of(b):
            return True
        return overlap(self.compared_text(whole), self.compared_text(a), self.compared_text(b)) >= OVERLAPPING

    def fetch_earlier(self, ids: Iterable[int]) -> None:
        """Read the earlier texts of these articles."""
        missing = [article_id for article_id in set(ids) if article_id not in self._earlier]
        if not missing:
            return
        self._earlier |= {article_id: [] for article_id in missing}
        rows = self._c.execute(
            select(Revision.article_id, Revision.text_hash, Revision.text)
            .where(Revision.article_id.in_(missing))
            .order_by(Revision.article_id, Revision.number.desc())
        )
        for row in rows:
            self._earlier[row.article_id].append(_recent_text(row.text_hash) or _tokenized(row.text_hash, row.text))

    def _earlier_texts(self, article_id: int) -> list[TokenizedText]:
        self.fetch_earlier([article_id])
        passages = self._of_outlet(self.article(article_id).outlet_id).for_counted
        return [text.without(passages) for text in self._earlier[article_id]]

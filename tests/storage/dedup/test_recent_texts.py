"""Texts that are kept from one transaction to the next: a bounded number of words, whatever the texts are."""

from __future__ import annotations

import gc
import weakref

import pytest
from cachetools import LRUCache

from storage.dedup import article_cache
from storage.dedup.facts import facts_of
from storage.dedup.tokens import TokenizedText, tokenize
from tests.storage.stories import FERRY, MUSEUM, long_story


@pytest.fixture
def recent(monkeypatch: pytest.MonkeyPatch) -> LRUCache[bytes, TokenizedText]:
    """Room for 2,000 words."""
    texts: LRUCache[bytes, TokenizedText] = LRUCache(2_000, article_cache._weight)
    monkeypatch.setattr(article_cache, "_recent_texts", texts)
    monkeypatch.setattr(article_cache, "RECENT_WORDS", 2_000)
    return texts


def test_long_texts_take_the_room_of_many(recent: LRUCache[bytes, TokenizedText]) -> None:
    for n in range(50):
        article_cache._tokenized(b"%d" % n, f"{FERRY} {n}")
    assert 0 < sum(map(len, recent.values())) <= 2_000
    assert article_cache._recent_text(b"49") is not None
    assert article_cache._recent_text(b"0") is None


def test_texts_without_words_take_room_too(recent: LRUCache[bytes, TokenizedText]) -> None:
    for n in range(1_000):
        article_cache._tokenized(b"%d" % n, "")
    assert len(recent) <= 100


def test_a_text_that_is_larger_than_all_room_is_not_kept(recent: LRUCache[bytes, TokenizedText]) -> None:
    article_cache._tokenized(b"short", MUSEUM)
    assert len(article_cache._tokenized(b"long", " ".join([FERRY] * 40))) > 2_000
    assert list(recent) == [b"short"]


def test_texts_share_the_words_that_they_hold_in_common() -> None:
    one, other = tokenize(FERRY), tokenize(f"{FERRY}\n\n{MUSEUM}")
    assert all(a is b for a, b in zip(one.words, other.words, strict=False))


def test_a_text_is_freed_without_the_cycle_collector() -> None:
    text = tokenize(long_story(1))
    facts = facts_of(text)
    assert facts is facts_of(text)  # kept with the text
    freed = weakref.ref(facts)
    gc.disable()
    try:
        del text, facts
        assert freed() is None
    finally:
        gc.enable()

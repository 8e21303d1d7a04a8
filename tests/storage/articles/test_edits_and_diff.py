"""What is a revision, and what differs."""

from __future__ import annotations

import pytest

from storage.articles import differences
from storage.articles.edits import text_changed
from storage.dedup.tokens import tokenize
from tests.storage.stories import FERRY

RELATED = "\n\nFerry season opens\nThe bridge that never was\nIce on the sound again"
TAIL = "Subscribe to our morning letter and read the coast first every day."

NO_CHANGES = {
    "typography": FERRY.replace('"', "”").replace("-", "–").replace("'", "’"),
    "line wraps": FERRY.replace(" the ", "\nthe ", 4),
    "glued words": FERRY.replace("on Tuesday", "onTuesday"),
    "soft hyphens": FERRY.replace("council", "coun\u00adcil"),
    "related headlines": FERRY + RELATED,
    "a tail that recurs": f"{FERRY}\n\n{TAIL}",
}
CHANGES = {
    "one figure": FERRY.replace("63 days", "64 days"),
    "one word": FERRY.replace("late decision", "wrong decision"),
    "a paragraph more": f"{FERRY}\n\nOn Wednesday the shipyard confirmed the order.",
    "a paragraph less": FERRY.rsplit("\n\n", 1)[0],
}


@pytest.mark.parametrize("kind", NO_CHANGES)
def test_what_stands_around_an_article_is_no_change_of_it(kind: str) -> None:
    recurring = frozenset(tokenize(TAIL).passage_keys)
    assert not text_changed(FERRY, NO_CHANGES[kind], recurring)
    assert not text_changed(NO_CHANGES[kind], FERRY, recurring)


@pytest.mark.parametrize("kind", CHANGES)
def test_words_of_the_article_are(kind: str) -> None:
    assert text_changed(FERRY, CHANGES[kind], frozenset())
    assert text_changed(CHANGES[kind], FERRY, frozenset())


def test_a_counter_is_none_and_a_figure_in_a_sentence_is_one() -> None:
    assert not text_changed(f"{FERRY}\nViews: 1 024", f"{FERRY}\nViews: 1 311", frozenset())
    assert not text_changed(f"Read 3 times\n{FERRY}", f"Read 12 times\n{FERRY}", frozenset())
    assert text_changed(f"Result: 3:1\nSome text.\n{FERRY}", f"Result: 3:1\nOther text.\n{FERRY}", frozenset())


def test_headlines_that_differ_are_none_and_a_last_sentence_is_one() -> None:
    other = RELATED.replace("Ice on the sound again", "A quiet winter")
    assert not text_changed(FERRY + RELATED, FERRY + other, frozenset())
    assert text_changed(FERRY + RELATED, FERRY + "\n\nThe vote is final." + RELATED, frozenset())


def test_differences_are_places_with_the_words_around_them() -> None:
    found = differences(FERRY, FERRY.replace("63 days", "64 days").replace('"Tonight they', "“Tonight, they"))
    assert [(one.before, one.removed, one.added, one.after) for one in found] == [
        ("out of service for", "63", "64", "days since January. Its")
    ]
    assert differences(FERRY, FERRY.upper()) == []
    assert differences("", "new words")[0].added == "new words"

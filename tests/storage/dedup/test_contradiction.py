"""What makes two reports in nearly the same words other news, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.dedup.contradiction import differences
from storage.dedup.facts import Facts
from storage.dedup.quotations import outside_quotations
from storage.dedup.rules import PairContext, apply_rules
from storage.dedup.tokens import tokenize
from storage.dedup.words import days_of, plain
from tests.storage.stories import FERRY, MUSEUM, long_story

BRIEF = (
    "Norvik Refining will close its plant in Kallvik for repairs on Tuesday, the company said. The works produce 1,250 "
    "tonnes of fuel a day and supply half of the region. Director Olaf Brenn expects that they will open again within "
    "three weeks, at a cost of 4.5 million crowns. Drivers need not worry, since depots are full, he told reporters."
)


def contradict(a: str, b: str, *sources: str) -> bool:
    """Whether two texts contradict each other; the same in either order."""
    found = differences(tokenize(a), tokenize(b), frozenset(sources)).contradict
    assert found == differences(tokenize(b), tokenize(a), frozenset(sources)).contradict
    return found


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("Norvik Refining", "Estby Petroleum"),
        ("Kallvik", "Skagen"),
        ("Tuesday", "Friday"),
        ("1,250", "1,350"),
        ("4.5 million", "4.7 million"),
        ("4.5 million", "4.5 billion"),
        ("three weeks", "four weeks"),
        ("three weeks", "2 weeks"),
        ("Olaf Brenn", "Sigurd Dahl"),
    ],
)
def test_one_other_fact_is_other_news(was: str, becomes: str) -> None:
    assert contradict(BRIEF, BRIEF.replace(was, becomes))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("1,250", "1250"),
        ("1,250", "1 250"),
        ("1,250", "1.250"),
        ("4.5 million", "4,500,000"),
        ("4.5 million", "4.5m"),
        ("4.5 million", "4,5 mln"),
        ("three weeks", "3 weeks"),
        ("Kallvik", "Kalvik"),
        ("plant in Kallvik", "Kallvik plant"),
        ("told reporters", "told journalists"),
        ("on Tuesday", "on 3 March"),
        ("Norvik Refining", "NR"),
        ("expects", "hopes"),
        ("Director Olaf Brenn", "Dir. Olaf Brenn"),
        ("in Kallvik for", "in St. Kallvik for"),
        ("the company said.", "the company said in a statement."),
    ],
)
def test_the_same_fact_written_otherwise_is_the_same_news(was: str, becomes: str) -> None:
    assert not contradict(BRIEF, BRIEF.replace(was, becomes))


def test_rounded_amounts_agree_and_others_do_not() -> None:
    text = BRIEF.replace("4.5 million", "4,531,870")
    assert not contradict(text, BRIEF)
    assert contradict(text, BRIEF.replace("4.5 million", "4.6 million"))


def test_names_of_outlets_and_agencies_are_no_news() -> None:
    a, b = (BRIEF.replace("the company said", f"the company told {name}") for name in ("Herald", "Xeber"))
    assert contradict(a, b)
    assert not contradict(a, b, "herald", "xeber")


def test_a_name_that_the_other_text_has_elsewhere_contradicts_nothing() -> None:
    moved = BRIEF.replace("Norvik Refining will", "The company will").replace(
        "the company said", "Norvik Refining said"
    )
    assert not contradict(BRIEF, moved)


def test_bylines_credits_and_counters_contradict_nothing() -> None:
    a = f"By Ane Sund\n\n{BRIEF}\n\nViews: 1 204, 10:15"
    b = f"By Tor Vik\n\n{BRIEF}\n\nViews: 87, 14:40"
    assert not contradict(a, b)


@pytest.mark.parametrize(
    "dateline", ["HARBOURTON, March 5 (NPA) - ", "Harbourton, 5 March, NPA: ", "TORSBY (Herald) — "]
)
def test_places_and_agencies_in_datelines_contradict_nothing(dateline: str) -> None:
    for other in ("", "SKAGEN, March 5 (ERA) - ", "Skagen, 5 March, ERA: "):
        assert not contradict(dateline + BRIEF, other + BRIEF)
    us = BRIEF.replace("Norvik Refining will", "The U.S. firm Norvik Refining will")
    assert not contradict(dateline + us, us.replace("The U.S.", "US"))


def test_the_day_in_a_dateline_tells_one_issue_from_the_next() -> None:
    assert contradict(f"TORSBY, March 5 (NPA) - {BRIEF}", f"TORSBY, March 26 (NPA) - {BRIEF}")


def test_time_stamps_contradict_nothing() -> None:
    a = f"Refinery shuts down\n\nPublished 5 March 2026 at 10:15\n\n{BRIEF}"
    b = f"Refinery shuts down\n\nPublished 6 March 2026 at 09:40\n\n{BRIEF}"
    assert not contradict(a, b)


def test_a_cut_end_and_an_added_credit_contradict_nothing() -> None:
    cut = BRIEF.rpartition(" Drivers need")[0]
    assert not contradict(BRIEF, f"{cut} Photo by Lindmark Studio of Torsby, 2024.")


def test_words_exchanged_throughout_are_an_editors() -> None:
    edited = BRIEF
    for was, becomes in {"repairs": "upkeep", "close": "shut", "produce": "make", "Brenn": "Brand", "expects": "hopes",
                         "open": "start", "worry": "fear", "full": "filled", "supply": "serve"}.items():  # fmt: skip
        edited = edited.replace(was, becomes)
    assert not contradict(BRIEF, edited)


def test_a_long_article_of_another_outlet_may_correct_a_figure() -> None:
    elsewhere = PairContext(same_outlet=False, time_apart=timedelta(hours=3))
    same = PairContext(same_outlet=True, time_apart=timedelta(hours=3))
    other = FERRY.replace("14 million", "15 million")
    assert apply_rules(tokenize(FERRY), tokenize(other), elsewhere).same
    assert apply_rules(tokenize(FERRY), tokenize(other), same).rule == "other_facts"
    background = FERRY.replace("63 days", "64 days")
    assert apply_rules(tokenize(FERRY), tokenize(background), same).same


def test_a_shared_quotation_alone_makes_no_copy() -> None:
    said = long_story(11, 3).replace("\n\n", " ")
    elsewhere = PairContext(same_outlet=False, time_apart=timedelta(hours=3))
    for opening, closing in (("“", "”"), ("«", "»"), ("„", "“"), ('"', '"'), ("”", "”")):
        quoted = f"{opening}{said}so be it.{closing}"
        lead, other = FERRY.split("\n\n")[0], MUSEUM.split("\n\n")[0]
        a, b = tokenize(f"{lead}\n\n{quoted}\n\nThe mayor left."), tokenize(f"{other}\n\n{quoted}\n\nNobody asked why.")
        assert apply_rules(a, b, elsewhere).rule == "shared_quotation"
        assert apply_rules(a, tokenize(f"{lead}\n\n{quoted}"), elsewhere).same


def test_short_quotations_are_part_of_their_sentence() -> None:
    assert outside_quotations(tokenize('He called it "a late decision but the right one" and left.')) is None


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("martın", ("month", 3)), ("Marta", ("month", 3)), ("наурызда", ("month", 3)), ("მარტს", ("month", 3)),
        ("понедельника", ("weekday", 1)), ("Donnerstags", ("weekday", 4)), ("ուրբաթ", ("weekday", 5)),
    ],
)  # fmt: skip
def test_days_are_known_in_their_forms(word: str, day: tuple[str, int]) -> None:
    assert day in days_of(plain(word))


@pytest.mark.parametrize("word", ["martial", "sunburn", "mayor", "market", "mars"])
def test_words_that_begin_like_a_day_are_mostly_none(word: str) -> None:
    assert not {day for day in days_of(word) if day[0] == "weekday"}


_TEXTS = st.text(alphabet="abcABC İı0123456789.,' \n\"«»“”-%:Яяაբ۵", max_size=200)


@settings(max_examples=200)
@given(_TEXTS, _TEXTS)
def test_every_pair_of_texts_can_be_compared(a: str, b: str) -> None:
    one, other = tokenize(a), tokenize(b)
    differences(one, other)
    assert differences(one, one).figures == differences(one, one).names == 0
    assert len(Facts(one).sentences) == len(one)
    outside_quotations(other)

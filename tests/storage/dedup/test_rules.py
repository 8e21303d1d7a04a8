"""Which pairs are one piece of news: copies of many kinds are, series and shared paragraphs are not."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from storage.dedup.rules import PairContext, Verdict, apply_rules, copy_relation
from storage.dedup.similarity import compare, continuity, overlap
from storage.dedup.tokens import tokenize
from tests.storage.stories import FERRY, MUSEUM, cut, edited, long_story, report

ELSEWHERE = PairContext(same_outlet=False, time_apart=timedelta(hours=3))
SAME_DAY = PairContext(same_outlet=True, time_apart=timedelta(hours=3))
NEXT_DAY = PairContext(same_outlet=True, time_apart=timedelta(hours=25))
BACKGROUND = (
    "The conflict over the strait began in 1988, when both sides claimed the fishing grounds around the outer banks. "
    "Several rounds of talks under the auspices of the union have brought no settlement, and shots are exchanged there "
    "every spring. Observers count the incidents from two towers, and publish what they see once a month."
)


def judged(a: str, b: str, pair: PairContext = ELSEWHERE) -> Verdict:
    """The verdict, the same in either order."""
    found, turned = apply_rules(tokenize(a), tokenize(b), pair), apply_rules(tokenize(b), tokenize(a), pair)
    assert (found.same, found.rule) == (turned.same, turned.rule)
    return found


def shuffled(text: str) -> str:
    lines = text.split("\n\n")
    random.Random(3).shuffle(lines)
    return "\n\n".join(lines)


COPIES = {
    "typography": FERRY.replace('"', "»").replace(" - ", " — ").upper(),
    "an agency's byline": f"HARBOURTON (NPA) — {FERRY}\n\nReporting by Ane Sund; editing by Tor Vik",
    "a headline in the text": f"Council buys two ferries after long debate\n\n{FERRY}",
    "paragraphs in another order": shuffled(FERRY),
    "soft hyphens": FERRY.replace("council", "coun\u00adcil"),
    "words glued at line wraps": FERRY.replace(" of the", " ofthe").replace(" in the", " inthe").replace(" to ", "to "),
    "five words of a hundred exchanged": edited(FERRY, 0.05),
    "fifteen words of a hundred exchanged": edited(FERRY, 0.15),
    "cut to seventy hundredths": cut(FERRY, 0.7),
    "cut to half": cut(FERRY, 0.5),
    "its beginning": cut(FERRY, 0.33),
    "the end left out": FERRY.rsplit("\n\n", 2)[0],
    "another background added": f"{FERRY}\n\n{BACKGROUND}",
    "one figure corrected": FERRY.replace("63 days", "64 days"),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_one_however_it_was_edited(kind: str) -> None:
    assert judged(FERRY, COPIES[kind]).same, judged(FERRY, COPIES[kind])


OTHERS = {
    "another story": MUSEUM,
    "the same background under other news": f"{MUSEUM}\n\n{BACKGROUND}",
    "a quote of it": MUSEUM + FERRY.split("\n\n")[2],
    "a digest that begins with it": "\n\n".join(
        [cut(FERRY, 0.25), *(cut(long_story(n), 0.5) for n in range(5))],
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_news_stays_other_news(kind: str) -> None:
    assert not judged(f"{FERRY}\n\n{BACKGROUND}", OTHERS[kind]).same


def test_two_days_of_a_series_are_two_pieces_of_news() -> None:
    for a, b in ((1, 2), (3, 9), (10, 20)):
        found = judged(report(a), report(b))
        assert (found.same, found.rule) == (False, "series")


def test_so_is_a_frame_with_other_people_in_it() -> None:
    names = {"Maren": "Ingrid", "Tveit": "Holm", "Olaf": "Sigurd", "Brenn": "Dahl", "Pavel": "Anton", "Sorokin": "Melnik",
             "Harbourton": "Norvik", "Kallvik": "Estby", "Gudrun": "Solveig"}  # fmt: skip
    other = FERRY
    for name, another in names.items():
        other = other.replace(name, another)
    assert judged(FERRY, other).rule == "series"


def test_what_an_outlet_says_again_the_next_day_has_to_be_all_but_equal() -> None:
    assert judged(FERRY, edited(FERRY, 0.1), SAME_DAY).same
    assert not judged(FERRY, edited(FERRY, 0.1), NEXT_DAY).same
    assert judged(FERRY, FERRY.replace("Tonight", "This night"), NEXT_DAY).same


def test_texts_without_spaces_are_compared_by_characters() -> None:
    text = (
        "议会星期三投票通过新渡轮预算并否决大桥方案市长说冬季之前必须完成码头的修缮工作居民表示欢迎渔民希望航线全年开放"
    )
    other = (
        "博物馆工人在旧海关地板下发现一个木箱里面装有三百多枚银币专家认为这些钱币属于三位不同的君主将于五月向公众展出"
    )
    assert judged(text * 2, text + text.replace("市长", "镇长")).same
    assert not judged(text * 2, other * 2).same


def test_a_translation_is_no_copy() -> None:
    german = (
        "Der Stadtrat von Harbourton hat am Dienstag beschlossen, 14 Millionen Kronen für zwei neue Fähren auszugeben. "
        "Die Abstimmung war knapper als erwartet: 21 Mitglieder stimmten dafür und 18 dagegen, nach einer Debatte, die "
        "bis Mitternacht dauerte. Die Ratsfrau Maren Tveit nannte es eine späte, aber richtige Entscheidung."
    )
    assert not judged(FERRY, german).same


@pytest.mark.parametrize(
    ("copy", "what"),
    [(cut(FERRY, 0.5), "excerpt"), (f"{FERRY}\n\n{MUSEUM}", "extended"), (edited(FERRY, 0.1), "republished")],
)
def test_a_relation_says_what_a_copy_is_to_its_original(copy: str, what: str) -> None:
    a, b = tokenize(copy), tokenize(FERRY)
    assert copy_relation(compare(a, b), len(a), len(b)) == what


def test_a_comparison_is_the_same_from_either_side() -> None:
    a, b = tokenize(FERRY), tokenize(edited(FERRY, 0.1) + MUSEUM)
    one, other = compare(a, b), compare(b, a)
    assert one.jaccard == other.jaccard
    assert (one.cover_a, one.begin_a, one.spread_a) == (other.cover_b, other.begin_b, other.spread_b)
    assert one.cover_a > 0.9 > one.cover_b


def test_what_is_left_of_a_text_must_be_enough_to_tell() -> None:
    few = "The ferry to the island will not sail today because of the ice, the harbour office said."
    assert judged(few, few).rule == "too_little_left"


def test_texts_that_share_nothing_compare_to_nothing() -> None:
    assert compare(tokenize(FERRY), tokenize("")).most == 0
    assert compare(tokenize(""), tokenize("")).most == 0
    assert compare(tokenize(FERRY), tokenize("议会星期三投票通过新渡轮预算" * 5)).most == 0


def test_cuts_of_one_text_lie_over_each_other_and_items_of_a_digest_side_by_side() -> None:
    whole = tokenize(f"{FERRY}\n\n{MUSEUM}")
    assert overlap(whole, tokenize(cut(FERRY, 0.6)), tokenize(cut(FERRY, 0.3))) > 0.9
    assert overlap(whole, tokenize(FERRY), tokenize(MUSEUM)) < 0.1


def test_an_article_goes_on_about_what_it_began_with_and_a_digest_does_not() -> None:
    goes_on = continuity(tokenize(FERRY), tokenize(cut(FERRY, 0.3)))
    digest = continuity(tokenize(f"{FERRY}\n\n{MUSEUM}"), tokenize(FERRY))
    assert goes_on is not None
    assert digest is not None
    assert goes_on > 0.05 > digest

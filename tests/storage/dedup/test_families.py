"""Reports on one frame are news of their own, in whatever language; their copies in other outlets are found.

Every third family of a file was held aside when the bounds were chosen; docs/deduplication.md gives both results.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest

from storage.database import Database
from storage.dedup.rules import COMPARABLE, PairContext, apply_rules
from storage.dedup.tokens import TokenizedText, tokenize
from storage.jobs import import_rows
from tests.storage.building import all_articles
from tests.storage.dedup.families import MEMBERS, Family, families

ELSEWHERE = PairContext(same_outlet=False, time_apart=timedelta(hours=3))
SAME_DAY = PairContext(same_outlet=True, time_apart=timedelta(hours=3))
DAYS_LATER = PairContext(same_outlet=True, time_apart=timedelta(days=3))
each_family = pytest.mark.parametrize("family", families(), ids=lambda family: f"{family.language}-{family.name}")


def tokens(family: Family, copy: str = "") -> list[TokenizedText]:
    """The members as tokens, or a copy of each."""
    return [tokenize(family.copies(n)[copy] if copy else family.member(n)) for n in range(MEMBERS)]


def joined(a: list[TokenizedText], b: list[TokenizedText], context: PairContext) -> list[tuple[int, int, str]]:
    """The pairs of different members that a rule takes for one piece of news."""
    found = []
    for m, n in combinations(range(MEMBERS), 2):
        verdict = apply_rules(a[m], b[n], context)
        if verdict.same:
            found.append((m, n, verdict.rule))
    return found


def test_there_are_enough_families() -> None:
    assert len(families()) >= 60
    assert sum(family.aside for family in families()) >= 18
    assert len({family.language for family in families()}) >= 9


@each_family
def test_no_two_members_are_joined(family: Family) -> None:
    members = tokens(family)
    for context in (ELSEWHERE, SAME_DAY, DAYS_LATER):
        assert joined(members, members, context) == []


@each_family
@pytest.mark.parametrize("copy", ["headline", "all"])
def test_no_member_is_joined_with_the_copy_of_another(family: Family, copy: str) -> None:
    members, copies = tokens(family), tokens(family, copy)
    assert joined(members, copies, ELSEWHERE) == []
    assert joined(copies, members, ELSEWHERE) == []
    assert joined(copies, copies, ELSEWHERE) == []


@each_family
def test_the_copies_of_members_are_found(family: Family) -> None:
    missed = [
        (n, kind, verdict.rule)
        for n in range(MEMBERS)
        for kind, text in family.copies(n).items()
        if not (verdict := apply_rules(tokenize(family.member(n)), tokenize(text), ELSEWHERE)).same
    ]
    assert missed == []


def test_members_are_long_enough_to_have_copies() -> None:
    assert min(len(tokenize(family.member(0))) for family in families()) >= COMPARABLE


def test_each_copy_in_the_store_points_at_its_own_member(database: Database) -> None:
    chosen = families()[::7]
    rows = []
    for number, family in enumerate(chosen):
        for n in range(MEMBERS):
            when = f"2026-03-{n + 1:02}T0{number % 9}:00:00+04:00"
            common = {"language": "", "published_at": when}
            rows.append(common | row(f"https://wire.example/{number}/{n}", "wire", family.member(n)))
            copy = common | {"published_at": when.replace(":00:00", ":40:00")}
            rows.append(copy | row(f"https://daily.example/{number}/{n}", "daily", family.copies(n)["all"]))
    import_rows(database, enumerate(rows, 1))
    articles = all_articles(database)
    url = {article.id: article.url for article in articles}
    wrong = {article.url: url.get(article.duplicate_of or 0) for article in articles if right(article.url) != url.get(article.duplicate_of or 0)}  # fmt: skip
    assert wrong == {}


def row(url: str, outlet: str, text: str) -> dict[str, str]:
    return {"url": url, "outlet": outlet, "title": text[:60], "text": text}


def right(url: str) -> str | None:
    return url.replace("daily.", "wire.") if "daily." in url else None

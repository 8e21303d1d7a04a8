"""The query syntax, and what is said of broken queries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.errors import QueryError
from storage.search.expressions import expression_of, to_fts5, to_tsquery
from storage.search.syntax import All, Any, Node, Not, Term, parse


def shape(node: Node) -> str:
    """A tree as a line: for comparing."""
    match node:
        case Term(text, _, title, prefix):
            return f"{'title:' * title}{text}{'*' * prefix}"
        case Not(part):
            return f"not({shape(part)})"
        case All(parts):
            return f"all({', '.join(map(shape, parts))})"
        case Any(parts):
            return f"any({', '.join(map(shape, parts))})"


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("harbour", "harbour"),
        ("harbour Baku", "all(harbour, Baku)"),
        ("harbour AND Baku", "all(harbour, Baku)"),
        ('"state budget" vote', "all(state budget, vote)"),
        ("«state budget»", "state budget"),
        ("harbour -ferry", "all(harbour, not(ferry))"),
        ('harbour -"old ferry"', "all(harbour, not(old ferry))"),
        ("harbour NOT ferry", "all(harbour, not(ferry))"),
        ("minist*", "minist*"),
        ("title:vote", "title:vote"),
        ('title:"the vote" x', "all(title:the vote, x)"),
        ("gas OR oil price", "any(gas, all(oil, price))"),
        ("(gas OR oil) price", "all(any(gas, oil), price)"),
        ("price -(gas OR oil)", "all(price, not(any(gas, oil)))"),
        ("Nagorno-Karabakh", "Nagorno-Karabakh"),
        ("a b", "all(a, b)"),
        ("or and not", "all(or, and, not)"),
        ("10:30", "10:30"),
    ],
)
def test_queries_are_read(query: str, tree: str) -> None:
    assert shape(parse(query)) == tree


@pytest.mark.parametrize(
    ("query", "position", "problem"),
    [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ('two "words', 5, "quotation mark is not closed"),
        ("(gas OR oil", 1, "parenthesis is not closed"),
        ("gas)", 4, "closing parenthesis without"),
        ("gas OR", 7, "word is missing"),
        ("OR gas", 2, "word is missing"),
        ("()", 2, "word is missing"),
        ("-gas", 2, "only excludes"),
        ("gas OR -oil", 9, "only excludes"),
        ("gas -(-oil)", 8, "only excludes"),
        ("gas --oil", 5, "missing behind the minus"),
        ("ab*", 1, "too short"),
        ("gas ab-ءءء*", 5, "too short"),
        ("gas ءءء*", 5, "no letter"),
        ("gas -ءءء*", 6, "no letter"),
        ("gas ء", 5, "no letter"),
        ("gas ***", 5, "no letter"),
        ("x titel:y", 3, "no field titel:"),
        ('title:" "', 8, "no letter"),
        ("gas ...", 5, "no letter"),
        ("(" * 11 + "a" + ")" * 11, 11, "too many parentheses"),
        ("w " * 31, 61, "more than 30 words"),
        ("w" * 501, 501, "longer than 500"),
    ],
)
def test_a_broken_query_is_told_with_its_position(query: str, position: int, problem: str) -> None:
    with pytest.raises(QueryError, match=problem) as told:
        parse(query)
    assert told.value.position == position
    assert f"at character {position}: " in str(told.value)
    assert "\n" not in str(told.value)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_query_or_told_wrong(query: str) -> None:
    try:
        node = parse(query)
    except QueryError as told:
        position = told.position
    else:
        position = 1
        expression = expression_of(node, ["az", "ru", "en"])
        assert "\x00" not in to_fts5(expression) + to_tsquery(expression)
    assert 1 <= position <= len(query) + 1


def test_expressions_quote_every_term() -> None:
    expression = expression_of(parse('gas -"old oil" title:vote minis*'), [])
    assert to_fts5(expression) == (
        '((({title body} : "gas") AND (title : "vote") AND ({title body} : "minis" *)) NOT (({title body} : "old oil")))'
    )
    assert to_tsquery(expression) == "((('gas')) & (('vote':A)) & (('minis':*)) & !(('old' <-> 'oil')))"

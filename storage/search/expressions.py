"""A query as an expression of the database: FTS5's syntax on SQLite, a tsquery on PostgreSQL.

Terms hold nothing but letters, marks and figures, so no text of a user can become syntax. They are quoted all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.search import syntax
from storage.search.analyser import phrases_of, starts_of


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that follow each other. `prefix`: the last one may go on. `facet`: it is no word but a facet."""

    terms: tuple[str, ...]
    title: bool = False
    prefix: bool = False
    facet: bool = False

    def begins_at(self, place: int, terms: Sequence[str]) -> bool:
        """Return True if it stands at a place among the terms of a text."""
        found = tuple(terms[place : place + len(self.terms)])
        if not self.prefix or len(found) < len(self.terms):
            return found == self.terms
        return found[:-1] == self.terms[:-1] and found[-1].startswith(self.terms[-1])


@dataclass(frozen=True, slots=True)
class Both:
    """All parts must be found, none of `without`."""

    parts: tuple[Expression, ...]
    without: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts must be found; without parts nothing is found."""

    parts: tuple[Expression, ...]


Expression = Phrase | Both | Either


def expression_of(node: syntax.Node, languages: Sequence[str]) -> Expression:
    """Return the expression of a query in texts of these languages."""
    match node:
        case syntax.Term():
            return Either(term_phrases(node, languages))
        case syntax.Any(parts):
            return Either(tuple(expression_of(part, languages) for part in parts))
        case syntax.All(parts):
            kept = tuple(expression_of(part, languages) for part in parts if not isinstance(part, syntax.Not))
            left_out = (expression_of(part.part, languages) for part in parts if isinstance(part, syntax.Not))
            return Both(kept, tuple(left_out))
        case syntax.Not():
            raise TypeError("the parser lets no exclusion stand alone")


def term_phrases(term: syntax.Term, languages: Sequence[str]) -> tuple[Phrase, ...]:
    """Return the phrases by which a word or phrase of a query is found."""
    whole = tuple(Phrase(terms, term.title) for terms in phrases_of(term.text, languages))
    if not term.prefix:
        return whole
    starts = tuple(Phrase(terms, term.title, prefix=True) for terms in starts_of(term.text, languages))
    # A stem may be shorter than the beginning that was typed: министерство* finds the stem министерств.
    shorter = [each for each in whole if not any(start.begins_at(0, each.terms) for start in starts)]
    return (*starts, *shorter)


def facets(groups: Sequence[Sequence[str]]) -> tuple[Expression, ...]:
    """Return an expression for each group of facets."""
    return tuple(Either(tuple(Phrase((name,), facet=True) for name in group)) for group in groups)


def to_fts5(expression: Expression) -> str:
    """Return the expression in the query syntax of SQLite's FTS5."""
    match expression:
        case Phrase(terms, title, prefix, facet):
            column = "facets" if facet else "title" if title else "{title body}"
            return f'{column} : "{" ".join(terms)}"{" *" if prefix else ""}'
        case Either(parts):
            return f"({' OR '.join(map(to_fts5, parts))})" if parts else f'title : "{NOTHING}"'
        case Both(parts, without):
            both = f"({' AND '.join(map(to_fts5, parts))})"
            return f"({both} NOT ({' OR '.join(map(to_fts5, without))}))" if without else both


def to_tsquery(expression: Expression) -> str:
    """Return the expression as PostgreSQL's tsquery in text form."""
    match expression:
        case Phrase(terms, title, prefix, facet):
            labels = [":A" if title else ""] * len(terms)
            if prefix:
                labels[-1] = f":*{'A' * title}"
            labelled = zip(terms, labels, strict=True)
            return "(" + " <-> ".join(f"'{FACET * facet}{term}'{label}" for term, label in labelled) + ")"
        case Either(parts):
            return f"({' | '.join(map(to_tsquery, parts))})" if parts else f"'{NOTHING}'"
        case Both(parts, without):
            return "(" + " & ".join([*map(to_tsquery, parts), *(f"!{to_tsquery(part)}" for part in without)]) + ")"


NOTHING = "0nothing0"  # a term that no text has: figures and letters of a word are never mixed like this by chance
FACET = "$"  # begins the facets in a tsvector, where they share a column with the words

"""A reader's filters as a selection of the store: names are checked, and countries become outlets.

Countries stand in outlet files, which the store does not know. The command line, pages and APIs use this module.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from storage.errors import PressrunError
from storage.selection import Selection
from storage.text import primary_subtag

if TYPE_CHECKING:
    from crawlers.catalog import Catalog
    from storage.database import Database


class UnknownFilterError(PressrunError):
    """No article and no outlet file has the value of a filter."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asks for: a selection, whose outlets, languages and countries are not yet known to exist."""

    selection: Selection = field(default_factory=Selection)
    countries: tuple[str, ...] = ()


def select(db: Database, catalog: Catalog, filters: Filters) -> Selection:
    """Return the selection for the store. Raises UnknownFilterError for a value that nothing has, and QueryError."""
    from storage.articles import check_query

    wanted = filters.selection
    if wanted.query is not None:
        check_query(wanted.query)
    _check_words(author=wanted.author, credit=wanted.credit, section=wanted.section)
    if wanted.outlets:
        _check_outlets(db, catalog, wanted.outlets)
    if wanted.languages:
        wanted = replace(wanted, languages=_languages(db, catalog, wanted.languages))
    if filters.countries:
        wanted = replace(wanted, outlets=_of_countries(catalog, filters.countries, wanted.outlets))
    return wanted


def _check_words(**filters: str | None) -> None:
    from storage.search import terms_of

    for name, value in filters.items():
        if value is not None and not terms_of(value, None):
            raise UnknownFilterError(f"the {name} {value[:80]!r} has no letter or figure; name one, or leave it out")


def _check_outlets(db: Database, catalog: Catalog, outlets: Iterable[str]) -> None:
    unknown = [outlet for outlet in outlets if outlet not in catalog.files]
    if not unknown:
        return
    from storage.articles import outlet_names

    stored = outlet_names(db)
    for outlet in unknown:
        if outlet not in stored:
            hint = _near(outlet, {*catalog.files, *stored}) or "`pressrun outlets list` lists those with a file"
            raise UnknownFilterError(f"no outlet file and no article has the outlet {outlet!r}; {hint}")


def _languages(db: Database, catalog: Catalog, asked: Iterable[str]) -> tuple[str, ...]:
    from storage.articles import languages_of

    codes = tuple(map(primary_subtag, asked))
    stored, complete = languages_of(db)
    if "" in codes or (complete and any(code not in stored for code in codes)):
        known = stored | {language for outlet in catalog for language in outlet.languages}
        for code in codes:
            if code not in known:
                raise UnknownFilterError(f"no article is in the language {code!r}; {_listed('languages', known)}")
    return codes


def _of_countries(catalog: Catalog, countries: Iterable[str], outlets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outlets of the countries; of `outlets` only, if any are named."""
    codes = [code.lower() for code in countries]
    country_of = {outlet.id: outlet.country for outlet in catalog}
    for code in codes:
        if code not in country_of.values():
            known = _listed("countries", set(country_of.values()))
            raise UnknownFilterError(f"no outlet file has the country {code!r}; {known}")
    found = tuple(name for name, country in country_of.items() if country in codes and name in (outlets or country_of))
    if not found:
        raise UnknownFilterError(
            f"none of the outlets {', '.join(outlets)} is of {' or '.join(codes)}; leave one of the two filters out"
        )
    return found


def _near(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else ""


def _listed(what: str, known: Iterable[str]) -> str:
    return f"{what} there are: {', '.join(sorted(known)) or 'none yet'}"

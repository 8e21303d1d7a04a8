"""Facets: terms of the index that stand for an article's outlet, language, date, author, credit and section.

A filter of a selection is thus looked up in the index together with the words. A facet begins with a letter for its
kind. Days and months are of UTC and only narrow a search down; the exact day is in `search_documents.day`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import xxhash

from storage.search.analyser import spellings_of, terms_of
from storage.search.letters import normalised, words
from storage.selection import Selection

MARGIN = timedelta(days=1)  # between a day in an outlet's zone and in UTC
_NARROWING = timedelta(days=36525)  # a longest span that is looked up; of a longer one, more is read than left out
_MONTHS_FROM = 62  # days of a span from which on whole months are looked up


def outlet_facet(outlet_id: str) -> str:
    """Return the facet of an outlet. Ids hold any characters, terms only letters and figures."""
    return f"o{xxhash.xxh3_64_hexdigest(outlet_id.encode())}"


def language_facet(language: str) -> str:
    """Return the facet of a language."""
    return f"l{language.split('-')[0].lower()}"


def date_facets(at: datetime) -> tuple[str, str]:
    """Return the facets of day and month of an instant."""
    at = at.astimezone(UTC)
    return f"d{at:%Y%m%d}", f"m{at:%Y%m}"


def word_facets(kind: str, text: str | Iterable[str] | None) -> list[str]:
    """Return the facets of the words of an author (kind a), a credit (c) or a section (s)."""
    whole = text if isinstance(text, str) else " ".join(text or ())
    return [f"{kind}{term}" for term in dict.fromkeys(terms_of(whole, None))]


def span_facets(first: date, last: date) -> list[str]:
    """Return facets of which an article of these days (UTC) has one: days, or months for a long span."""
    if (last - first).days <= _MONTHS_FROM:
        return [f"d{day:%Y%m%d}" for day in _days(first, last)]
    months = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    return [f"m{month // 12:04}{month % 12 + 1:02}" for month in months]


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def selection_facets(wanted: Selection) -> list[list[str]]:
    """Return groups of facets: an article that passes the selection has at least one of each group.

    A group without facets lets nothing pass: an author without a letter is nobody.
    """
    groups = [list(map(outlet_facet, wanted.outlets)), list(map(language_facet, wanted.languages))]
    if wanted.first and wanted.last and timedelta(0) <= wanted.last - wanted.first <= _NARROWING:
        groups.append(span_facets(wanted.first - MARGIN, wanted.last + MARGIN))
    groups = [group for group in groups if group]
    for kind, text in _worded(wanted):
        forms = [spellings_of(word) for word in words(normalised(text))]
        groups += [[f"{kind}{form}" for form in each] for each in forms or [[]]]
    return groups


def _worded(wanted: Selection) -> Iterator[tuple[str, str]]:
    for kind, text in (("a", wanted.author), ("c", wanted.credit), ("s", wanted.section)):
        if text is not None:
            yield kind, text

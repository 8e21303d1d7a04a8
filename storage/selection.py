"""Which articles a reader wants: one value for lists, search, exports, pages and feeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

USES = ("tdm", "ai", "ai-input", "search", "archive")  # of texts by machines, as crawlers/rights.py reads them


class Which(StrEnum):
    """Whether copies are wanted. A copy is an article whose text another article already holds."""

    ORIGINALS = "originals"
    COPIES = "copies"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters that an article must all pass; an empty one lets everything pass.

    `first`, `last`: days of publication, both included, in the outlet's own time zone; an article without a date has no
    day. `languages`: primary subtags ("az"). `author`, `credit`, `section`: words that the field must hold, whatever
    their case and diacritics. `changed_since`: an aware instant; stored or edited then or later.
    `respect`: uses (USES) to which neither the page nor its site may object; one that could not be asked counts as if
    it did. `query`: the syntax
    of docs/reading.md.
    """

    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    author: str | None = None
    credit: str | None = None
    section: str | None = None
    which: Which = Which.ORIGINALS
    changed_since: datetime | None = None
    respect: tuple[str, ...] = ()
    query: str | None = None

    @property
    def needs_index(self) -> bool:
        """True if only the search index can tell which articles pass."""
        return any(each is not None for each in (self.query, self.author, self.credit, self.section))

    @property
    def beyond_index(self) -> Selection:
        """The filters that the search index does not know: what it finds has to pass these as well."""
        return Selection(which=self.which, changed_since=self.changed_since, respect=self.respect)

"""Articles and pages that come from elsewhere, through the same ledger and the same deduplication."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from storage.article_fields import KINDS, RULES, Kind
from storage.articles.write import PreparedArticle, prepare_article
from storage.database import Database
from storage.errors import ImportRowError
from storage.frontier import (
    Extracted,
    FinishedPage,
    Outcome,
    Result,
    Run,
    end_run,
    ensure_outlet,
    finish_in_transaction,
    insert_pages,
    new_page,
    start_import,
)
from storage.instants import in_range
from storage.model import Article, DateSource, Link, Precision, Published
from storage.schema.tables import Page
from storage.text import clean_text
from storage.urls import canonical_url, host_of, url_key

BATCH = 200  # rows in one transaction
NAMED = 20  # bad rows that are named in the report; the rest is counted


@dataclass
class ImportReport:
    """What became of the rows. `bad` names the first bad ones by line and reason."""

    rows: int = 0
    states: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    bad: list[str] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        """Count a bad row."""
        self.refused += 1
        if len(self.bad) < NAMED:
            self.bad.append(f"line {line}: {reason}")

    def as_counts(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {"rows": self.rows, **self.states, "refused_rows": self.refused, "problems": self.bad}

    def as_report(self) -> dict[str, Any]:
        """Return the report as JSON values, for other programs."""
        return self.as_counts()


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page that was fetched elsewhere: its outlet and its result."""

    url: str
    outlet_id: str
    outlet_name: str
    result: Result
    fetched_at: datetime
    http_status: int | None = None


_Prepared = tuple[FetchedPage, PreparedArticle | None]
_Report = Callable[[ImportReport], None]


def read_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) of a JSONL file. The value of a line that is no JSON in UTF-8 is an exception."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _parsed(line)
    except OSError as failure:
        raise ImportRowError(f"cannot read {path}: {failure.strerror}") from failure


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as wrong:
        return wrong


def import_rows(
    db: Database,
    rows: Iterable[tuple[int, Any]],
    on_progress: _Report | None = None,
    names: Mapping[str, str] | None = None,
) -> ImportReport:
    """Put the articles of rows into the store, in order. A bad row is counted and named; the others go on.

    `names`: the names of outlets by id; an outlet that is not among them has its id for a name.
    """
    run = start_import(db, "import", {})
    report = ImportReport()
    state, error = "failed", "interrupted"
    try:
        _import_all(_Importing(db, run, names or {}), rows, report, on_progress or (lambda _: None))
        state, error = "completed", ""
    finally:
        end_run(db, run.id, state, report.as_counts(), error or None)
    return report


@dataclass(frozen=True, slots=True)
class _Importing:
    """An import under way."""

    db: Database
    run: Run
    names: Mapping[str, str]

    def page(self, row: Any) -> FetchedPage:
        """Return the page of a row, with the name of its outlet."""
        page = page_of_row(row)
        return replace(page, outlet_name=self.names.get(page.outlet_id, page.outlet_name))


def _import_all(
    importing: _Importing, rows: Iterable[tuple[int, Any]], report: ImportReport, report_progress: _Report
) -> None:
    batch: list[FetchedPage] = []
    for line, row in rows:
        report.rows += 1
        try:
            batch.append(importing.page(row))
        except (ValueError, TypeError) as wrong:
            report.refuse(line, str(wrong))
        if len(batch) >= BATCH:
            _import_batch(importing, batch, report)
            report_progress(report)
            batch = []
    _import_batch(importing, batch, report)
    report_progress(report)


def _import_batch(importing: _Importing, batch: list[FetchedPage], report: ImportReport) -> None:
    if batch:
        outcomes = store_fetched_pages(importing.db, importing.run, batch)
        report.states.update(outcome.state for outcome in outcomes)


def page_of_row(row: Any) -> FetchedPage:
    """Return the page of a row with the fields of an article, `published_at` and `outlet`.

    Only `url` and `text` are required; `outlet` defaults to the host. ValueError says what is bad.
    """
    if isinstance(row, Exception):
        raise ValueError(f"not JSON: {row}")
    if not isinstance(row, Mapping):
        raise ValueError("not an object")
    values: dict[str, Any] = {name: _text(row, name, required=True) for name, rules in RULES.items() if rules.required}
    canonical_url(values["url"])
    outlet = _no_path(clean_text(_text(row, "outlet") or host_of(values["url"])).strip()[:120])
    values |= {name: _READERS[kind](row, name) for name, kind in KINDS.items() if name not in values}
    return FetchedPage(values["url"], outlet, outlet, Extracted(Article(**values)), datetime.now(UTC))


def _no_path(outlet: str) -> str:
    if outlet.startswith(".") or not {"/", "\\"}.isdisjoint(outlet):
        raise ValueError(f"`outlet` is {outlet!r}, which looks like a path; give a name without `/` and `\\`")
    return outlet


def _text(row: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = row.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"`{name}` is missing" if value is None else f"`{name}` is not text")
    if required and not clean_text(value).strip():
        raise ValueError(f"`{name}` is empty")
    return value


def _optional_text(row: Mapping[str, Any], name: str) -> str | None:
    return _text(row, name) or None


def _texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return tuple(value)
    raise ValueError(f"`{name}` is neither text nor a list of texts")


def _optional_texts(row: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    return None if row.get(name) is None else _texts(row, name)


def _share(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"`{name}` is no number from 0 to 1: {str(value)[:60]!r}")
    return float(value)


def _published(row: Mapping[str, Any], name: str) -> Published | None:
    key = f"{name}_at"
    value = row.get(key)
    if not value:
        return None
    text = str(value).strip()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{key}` is not an ISO 8601 instant: {str(value)[:60]!r}") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if in_range(at) is None:
        raise ValueError(f"`{key}` is out of range: {str(value)[:60]!r}")
    precision = Precision.DAY if len(text) <= 10 else Precision.SECOND
    return Published(at, precision, DateSource.IMPORT, str(value))


_READERS: dict[Kind, Callable[[Mapping[str, Any], str], Any]] = {
    Kind.TEXT: _text,
    Kind.OPTIONAL_TEXT: _optional_text,
    Kind.TEXTS: _texts,
    Kind.OPTIONAL_TEXTS: _optional_texts,
    Kind.NUMBER: _share,
    Kind.PUBLISHED: _published,
}


def store_fetched_pages(db: Database, run: Run, pages: Sequence[FetchedPage]) -> list[Outcome]:
    """Put pages that were fetched elsewhere through the ledger, in order, in one transaction."""
    prepared = [(page, _prepare(page)) for page in pages]
    return db.write(lambda c: _store(c, run, prepared), alone=True)


def _prepare(page: FetchedPage) -> PreparedArticle | None:
    return prepare_article(page.result.article, (page.url,)) if isinstance(page.result, Extracted) else None


def _store(c: Connection, run: Run, pages: Sequence[_Prepared]) -> list[Outcome]:
    now = datetime.now(UTC)
    for outlet_id, name in sorted({(page.outlet_id, page.outlet_name) for page, _ in pages}):
        ensure_outlet(c, outlet_id, name, now)
    outcomes: list[Outcome] = []
    for group in _split_on_repeated_page(pages):
        ids = _lease_pages(c, run, group, now)
        finished = [
            FinishedPage(ids[key], page.result, page.fetched_at, page.http_status, page.url, (page.url,))
            for key, (page, _) in group.items()
        ]
        prepared = {ids[key]: article for key, (_, article) in group.items() if article is not None}
        outcomes += finish_in_transaction(c, run, finished, prepared, now)
    return outcomes


def _split_on_repeated_page(pages: Sequence[_Prepared]) -> Iterator[dict[bytes, _Prepared]]:
    """Split the pages, in order, wherever an address comes again: a page has one outcome before it can have another."""
    group: dict[bytes, _Prepared] = {}
    for prepared in pages:
        key = url_key(canonical_url(prepared[0].url))
        if key in group:
            yield group
            group = {}
        group[key] = prepared
    if group:
        yield group


def _lease_pages(c: Connection, run: Run, group: dict[bytes, _Prepared], now: datetime) -> dict[bytes, int]:
    """Lease the ledger's pages at these addresses to the run, and insert those that are missing. Return ids by key."""
    known = _page_ids(c, list(group))
    imported = {"next_at": None, "looks": 1, "lane": "past", "seed_kind": run.kind, "seed_url": None}
    new = [
        new_page(run, key, Link(page.url), now, page.outlet_id) | imported
        for key, (page, _) in group.items()
        if key not in known
    ]
    if new:
        known |= insert_pages(c, new)
        known |= _page_ids(c, [key for key in group if key not in known])  # inserted by a crawl meanwhile
    # A page that a crawl holds at this moment is taken over: the crawl's own outcome then counts as a lost lease.
    c.execute(update(Page).where(Page.id.in_(known.values())).values(lease_run_id=run.id, lease_alone=False))
    return known


def _page_ids(c: Connection, keys: list[bytes]) -> dict[bytes, int]:
    """Return the ids of pages by their own address."""
    return {row.url_key: row.id for row in c.execute(select(Page.url_key, Page.id).where(Page.url_key.in_(keys)))}

"""Articles and pages that come from elsewhere, through the same ledger and the same deduplication."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from storage.articles.prepare import Draft, draft_of
from storage.database import Database
from storage.errors import ImportRowError
from storage.frontier.complete import finish_in
from storage.frontier.discovery import insert_pages, new_page
from storage.frontier.results import Ended, Extracted, PageEnd, Result
from storage.frontier.runs import Run, end_run, ensure_outlet, start_import
from storage.model import Article, DateSource, Link, Precision, Published
from storage.schema.tables import Page, in_range
from storage.text import clean_text
from storage.urls import canonical_url, host_of, url_key

BATCH = 200
SHOWN = 20  # bad rows that are named; the rest is counted


@dataclass
class Imported:
    """What became of the rows. `bad` names the first bad ones by line and reason."""

    rows: int = 0
    states: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    bad: list[str] = field(default_factory=list)

    def refuse(self, line: int, why: str) -> None:
        self.refused += 1
        if len(self.bad) < SHOWN:
            self.bad.append(f"line {line}: {why}")

    def as_counts(self) -> dict[str, Any]:
        return {"rows": self.rows, **self.states, "refused_rows": self.refused, "problems": self.bad}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page that was fetched elsewhere: where it belongs, and how it ends."""

    url: str
    outlet_id: str
    outlet_name: str
    result: Result
    fetched_at: datetime
    http_status: int | None = None


_Ready = tuple[Arrival, Draft | None]


def read_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """(line number, value) of a JSONL file; a line that is no JSON in UTF-8 comes as an exception value."""
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


def import_articles(
    db: Database, rows: Iterable[tuple[int, Any]], on_progress: Callable[[Imported], None] | None = None
) -> Imported:
    """Put articles into the store, in the order of the rows. A bad row is counted and named; the others go on."""
    run = start_import(db, "import", {})
    done = Imported()
    state, error = "failed", "interrupted"
    try:
        batch: list[Arrival] = []
        for line, row in rows:
            done.rows += 1
            try:
                batch.append(arrival_of(row))
            except (ValueError, TypeError) as why:
                done.refuse(line, str(why))
            if len(batch) >= BATCH:
                _take(db, run, batch, done, on_progress)
                batch = []
        _take(db, run, batch, done, on_progress)
        state, error = "completed", ""
    finally:
        end_run(db, run.id, state, done.as_counts(), error or None)
    return done


def _take(
    db: Database, run: Run, batch: list[Arrival], done: Imported, on_progress: Callable[[Imported], None] | None
) -> None:
    if batch:
        done.states.update(ended.state for ended in arrive(db, run, batch))
    if on_progress:
        on_progress(done)


def arrival_of(row: Any) -> Arrival:
    """A row {"url", "title", "text", "authors", "published_at", "outlet", "language"}; ValueError says what is bad."""
    if isinstance(row, Exception):
        raise ValueError(f"not JSON: {row}")
    if not isinstance(row, Mapping):
        raise ValueError("not an object")
    url, text = _text(row, "url", required=True), _text(row, "text", required=True)
    canonical_url(url)
    outlet = _text(row, "outlet") or host_of(url)
    article = Article(
        url=url,
        title=_text(row, "title"),
        text=text,
        authors=_authors(row.get("authors")),
        published=_published(row.get("published_at")),
        language=_text(row, "language") or None,
        section=_text(row, "section") or None,
        image=_text(row, "image") or None,
        credit=_text(row, "credit") or None,
        canonical_url=_text(row, "canonical_url") or None,
    )
    outlet = clean_text(outlet).strip()[:120]
    return Arrival(url, outlet, outlet, Extracted(article), datetime.now(UTC))


def _text(row: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = row.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"`{name}` is missing" if value is None else f"`{name}` is not text")
    if required and not clean_text(value).strip():
        raise ValueError(f"`{name}` is empty")
    return value


def _authors(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise ValueError("`authors` is neither text nor a list of texts")


def _published(value: Any) -> Published | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"`published_at` is not an ISO 8601 instant: {str(value)[:60]!r}") from None
    precision = Precision.DAY if len(str(value).strip()) <= 10 else Precision.SECOND
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if in_range(at) is None:
        raise ValueError(f"`published_at` is out of range: {str(value)[:60]!r}")
    return Published(at, precision, DateSource.IMPORT, str(value))


def arrive(db: Database, run: Run, arrivals: Sequence[Arrival]) -> list[Ended]:
    """Put pages that were fetched elsewhere through the ledger, in order, in one transaction."""
    drafts = [
        draft_of(one.result.article, (one.url,)) if isinstance(one.result, Extracted) else None for one in arrivals
    ]
    return db.write(lambda c: _arrive(c, run, list(zip(arrivals, drafts, strict=True))), alone=True)


def _arrive(c: Connection, run: Run, arrivals: Sequence[_Ready]) -> list[Ended]:
    now = datetime.now(UTC)
    for outlet, name in sorted({(arrival.outlet_id, arrival.outlet_name) for arrival, _ in arrivals}):
        ensure_outlet(c, outlet, name, now)
    ended: list[Ended] = []
    for group in _without_repeats(arrivals):
        pages = _pages(c, run, group, now)
        ends = [
            PageEnd(pages[key], arrival.result, arrival.fetched_at, arrival.http_status, arrival.url, (arrival.url,))
            for key, (arrival, _) in group.items()
        ]
        drafts = {pages[key]: draft for key, (_, draft) in group.items() if draft is not None}
        ended += finish_in(c, run, ends, drafts, now)
    return ended


def _without_repeats(arrivals: Sequence[_Ready]) -> Iterator[dict[bytes, _Ready]]:
    """Runs of arrivals in which no address comes twice: a page ends once before it can come again."""
    group: dict[bytes, _Ready] = {}
    for ready in arrivals:
        key = url_key(canonical_url(ready[0].url))
        if key in group:
            yield group
            group = {}
        group[key] = ready
    if group:
        yield group


def _pages(c: Connection, run: Run, group: dict[bytes, _Ready], now: datetime) -> dict[bytes, int]:
    """The ledger's pages at these addresses, made where they are not known, and leased to the run."""
    known = _at(c, list(group))
    new = [
        new_page(arrival.outlet_id, key, Link(arrival.url), now, run.id)
        | {"next_at": None, "looks": 1, "lane": "past", "seed_kind": run.kind, "seed_url": None}
        for key, (arrival, _) in group.items()
        if key not in known
    ]
    if new:
        known |= insert_pages(c, new)
        known |= _at(c, [key for key in group if key not in known])  # what a crawl has discovered in between
    # A page that a crawl holds at this moment is taken over: the crawl's own end then counts as a lost lease.
    c.execute(update(Page).where(Page.id.in_(known.values())).values(lease_run_id=run.id, lease_alone=False))
    return known


def _at(c: Connection, keys: list[bytes]) -> dict[bytes, int]:
    """Pages by their own address."""
    return {row.url_key: row.id for row in c.execute(select(Page.url_key, Page.id).where(Page.url_key.in_(keys)))}

"""The ledger under any order of events, crashes among them: nothing is lost, nothing is twice, every promise holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select, update

from storage import frontier
from storage.database import Database, open_database
from storage.frontier import Extracted, Failed, FinishedPage, Gone, Lease, NotModified, PutBack, Rejected, Result, Run
from storage.jobs import check_store, import_rows
from storage.model import Hints, Link
from storage.schema.tables import STATES, Article, Base, Page
from storage.schema.tables import Run as RunRow
from storage.search import remove_documents
from tests.storage.building import article, words

OUTLETS = ("herald", "xeber")
PAGES = st.integers(0, 7)
TEXTS = st.integers(0, 2)  # few, so that copies, edits and edits into copies are common
HOURS = st.integers(-3, 3)
WHOSE = st.sampled_from(OUTLETS)


def url(outlet: str, n: int, form: int = 0) -> str:
    return (
        f"https://{outlet}.example/n/{n}",
        f"http://m.{outlet}.example/n/{n}?utm_source=x",
        f"https://www.{outlet}.example/n/{n}/",
    )[form]


class LedgerMachine(RuleBasedStateMachine):
    """Two outlets, each crawled by one run at a time, and imports in between."""

    db: Database

    @initialize()
    def empty_store(self) -> None:
        self.db.write(lambda c: remove_documents(c, list(c.execute(select(Article.id)).scalars())))
        self.db.write(lambda c: c.execute(update(Article).values(duplicate_of=None)) and None)
        kept = {"search_state"}  # its one row says whose the index is
        for table in (one for one in reversed(Base.metadata.sorted_tables) if one.name not in kept):
            self.db.write(lambda c, table=table: c.execute(delete(table)) and None)  # type: ignore[misc]
        self.discovered: set[str] = set()
        self.met: set[str] = set()  # where pages were redirected to: known addresses without a page of their own
        self.leases: dict[str, dict[int, Lease]] = {outlet: {} for outlet in OUTLETS}
        self.later = timedelta()
        self.runs: dict[str, Run] = {outlet: self._begin(outlet) for outlet in OUTLETS}

    def _begin(self, outlet: str) -> Run:
        return frontier.start_run(self.db, frontier.RunRequest(outlet, outlet.title(), "crawl", {}))

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    @rule(
        outlet=WHOSE, pages=st.lists(st.tuples(PAGES, st.integers(0, 2)), min_size=1, max_size=4), refetch=st.booleans(),
        edited=st.booleans(), lane=st.sampled_from(["news", "past"]),
    )  # fmt: skip
    def discover(self, outlet: str, pages: list[tuple[int, int]], refetch: bool, edited: bool, lane: str) -> None:
        hints = Hints(modified=datetime.now(UTC) + timedelta(hours=1) if edited else None)
        links = [Link(url(outlet, n, form), hints) for n, form in pages]
        found = frontier.discover(self.db, self.runs[outlet], None, links, refetch=refetch, lane=lane)
        fresh = {url(outlet, n) for n, _ in pages} - self.discovered - self.met
        assert found.new == len(fresh)
        assert found.known == len({n for n, _ in pages}) - len(fresh)
        self.discovered |= fresh

    @rule(outlet=WHOSE, limit=st.integers(1, 4), lane=st.sampled_from(["news", "past", None]))
    def lease(self, outlet: str, limit: int, lane: str | None) -> None:
        got = frontier.lease(self.db, self.runs[outlet], limit, now=self.now, lane=lane)
        assert len(got) <= limit
        assert not {one.page_id for one in got} & self.leases[outlet].keys(), "no page is handed out twice"
        assert not any(one.alone for one in got) or (len(got) == 1 and not self.leases[outlet]), "a suspect comes alone"
        self.leases[outlet] |= {one.page_id: one for one in got}

    def _pages(self, outlet: str, most: int) -> list[Lease]:
        """Some pages that are held; if none are, known ones are made due and leased, so that most steps do something."""
        if not self.leases[outlet]:
            known = [Link(address) for address in sorted(self.discovered) if outlet in address]
            frontier.discover(self.db, self.runs[outlet], None, known, refetch=True)
            self.lease(outlet, most, None)
        return list(self.leases[outlet].values())[:most]

    @rule(outlet=WHOSE, most=st.integers(1, 4), text=TEXTS, hours=HOURS)
    def find_articles(self, outlet: str, most: int, text: int, hours: int) -> None:
        pages = self._pages(outlet, most)
        self._finish(outlet, [(one, self._article(one.url, text + n, hours), None) for n, one in enumerate(pages)])

    @rule(outlet=WHOSE, text=TEXTS, hours=HOURS, elsewhere=PAGES)
    def be_redirected(self, outlet: str, text: int, hours: int, elsewhere: int) -> None:
        final = url(outlet, elsewhere)
        pages = self._pages(outlet, 2)
        self.met |= {final} if pages else set()
        self._finish(outlet, [(one, self._article(final, text, hours), final) for one in pages])

    @rule(outlet=WHOSE, text=TEXTS, hours=HOURS, declared=PAGES)
    def find_a_declared_address(self, outlet: str, text: int, hours: int, declared: int) -> None:
        pages = self._pages(outlet, 2)
        canonical = url(outlet, declared)
        self._finish(outlet, [(one, self._article(one.url, text, hours, canonical), None) for one in pages])

    @rule(outlet=WHOSE, most=st.integers(1, 4), kind=st.integers(0, 5))
    def find_no_article(self, outlet: str, most: int, kind: int) -> None:
        result: Result = (
            NotModified(), Rejected("too_short", "3 words"), Gone("http_404"), Failed("timeout", "30 s"),
            Failed("http_503", "", self.now + timedelta(hours=2)), PutBack("host_paused", self.now + timedelta(minutes=5)),
        )[kind]  # fmt: skip
        self._finish(outlet, [(one, result, None) for one in self._pages(outlet, most)])

    def _article(self, at: str, text: int, hours: int, canonical: str | None = None) -> Extracted:
        credit = "Herald" if text == 1 else None
        return Extracted(article(at, text % 3, hours=hours, canonical_url=canonical, credit=credit))

    def _finish(self, outlet: str, found: list[tuple[Lease, Result, str | None]]) -> None:
        ends = [
            FinishedPage(one.page_id, result, self.now, 200, final, (one.url, *([final] if final else [])))
            for one, result, final in found
        ]
        ended = frontier.finish(self.db, self.runs[outlet], ends, self.now)
        assert [one.page_id for one in ended] == [end.page_id for end in ends]
        for one in ended:
            assert one.state in STATES or one.state == "put_back"
            del self.leases[outlet][one.page_id]

    @rule(outlet=WHOSE)
    def put_back(self, outlet: str) -> None:
        assert frontier.put_back_all(self.db, self.runs[outlet]) == len(self.leases[outlet])
        self.leases[outlet] = {}

    @rule(outlet=WHOSE)
    def end_and_begin_again(self, outlet: str) -> None:
        assert frontier.end_run(self.db, self.runs[outlet].id, "completed", {}) == len(self.leases[outlet])
        self.leases[outlet] = {}
        self.runs[outlet] = self._begin(outlet)

    @rule(outlet=WHOSE)
    def crash(self, outlet: str) -> None:
        """The process dies: to the ledger, that is a run whose process is no longer the one that began it."""
        dead, gone = self.runs[outlet], {"pid_started": 1.0}
        self.db.write(lambda c: c.execute(update(RunRow).where(RunRow.id == dead.id).values(gone)) and None)
        self.runs[outlet] = self._begin(outlet)
        assert self.runs[outlet].recovered == len(self.leases[outlet])
        self.leases[outlet] = {}

    @rule(outlet=WHOSE, pages=st.lists(PAGES, min_size=1, max_size=3), text=TEXTS, day=st.integers(1, 9))
    def imported(self, outlet: str, pages: list[int], text: int, day: int) -> None:
        rows = [
            {
                "url": url(outlet, n),
                "title": f"About {text}",
                "text": words(text),
                "published_at": f"2025-03-0{day}",
                "outlet": outlet,
            }
            for n in pages
        ]
        import_rows(self.db, enumerate(rows, 1))
        self.discovered |= {url(outlet, n) for n in pages}
        self._forget_leases_that_the_import_took_over(outlet)

    def _forget_leases_that_the_import_took_over(self, outlet: str) -> None:
        held = self._held(self.runs[outlet])
        self.leases[outlet] = {page: one for page, one in self.leases[outlet].items() if page in held}

    def _held(self, run: Run) -> set[int]:
        with self.db.read() as c:
            return set(c.execute(select(Page.id).where(Page.lease_run_id == run.id)).scalars())

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.later += timedelta(hours=hours)

    @precondition(lambda self: hasattr(self, "runs"))
    @invariant()
    def every_promise_holds(self) -> None:
        broken = check_store(self.db)
        assert broken == [], broken
        counts = frontier.count_pages(self.db)
        assert counts["discovered"] == sum(counts[state] for state in STATES) == len(self.discovered)
        for outlet, run in self.runs.items():
            assert self._held(run) == self.leases[outlet].keys()

    @precondition(lambda self: hasattr(self, "runs"))
    @invariant()
    def one_original_for_each_text(self) -> None:
        with self.db.read() as c:
            standing = Counter(c.execute(select(Article.text_hash).where(Article.duplicate_of.is_(None))).scalars())
        assert max(standing.values(), default=1) == 1


@pytest.mark.long
@pytest.mark.timeout(300)
def test_nothing_is_lost_or_doubled_whatever_happens(database_url: str) -> None:
    db = open_database(database_url)
    machine = type("Machine", (LedgerMachine,), {"db": db})
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=15,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
    finally:
        db.close()

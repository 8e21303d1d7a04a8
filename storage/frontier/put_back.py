"""Leases that go back to the ledger without an outcome, because their run ended or died."""

from __future__ import annotations

from sqlalchemy import Connection, case, update

from storage.schema.tables import Page

SUSPECT = 2  # runs that died while they held the page: from then on it is leased alone
POISON = 3  # runs that died while the page was leased alone: the page is the cause


def put_back(c: Connection, run_id: int) -> int:
    """Put back the leases of a run that ends in order. Return their number."""
    free = update(Page).where(Page.lease_run_id == run_id).values(lease_run_id=None, lease_alone=False)
    return len(c.execute(free.returning(Page.id)).all())


def put_back_dead(c: Connection, run_id: int) -> int:
    """Put back the leases of a run that died, and count a death for each page. Return their number."""
    values = {
        "deaths": Page.deaths + 1,
        "solo_deaths": Page.solo_deaths + case((Page.lease_alone, 1), else_=0),
        "lease_run_id": None,
        "lease_alone": False,
    }
    free = update(Page).where(Page.lease_run_id == run_id).values(values)
    pages = c.execute(free.returning(Page.id, Page.solo_deaths)).all()
    _give_up(c, [page.id for page in pages if page.solo_deaths >= POISON])
    return len(pages)


def _give_up(c: Connection, page_ids: list[int]) -> None:
    """Never lease these pages again. A page without an article fails with the reason `poison`."""
    if not page_ids:
        return
    given_up = update(Page).where(Page.id.in_(page_ids))
    c.execute(given_up.values(next_at=None, detail=f"{POISON} runs died while they worked on this page alone"))
    c.execute(given_up.where(Page.article_id.is_(None)).values(state="failed", reason="poison"))

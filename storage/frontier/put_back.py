"""Leases that go back to the ledger without an outcome, because their run ended or died."""

from __future__ import annotations

from sqlalchemy import Connection, case, update

from storage.schema.tables import Page

SUSPECT = 2  # deaths of a run while it held the page: from then on the page is handed out alone
POISON = 3  # deaths while the page was alone: it is the cause


def put_back(c: Connection, run_id: int) -> int:
    """Give back the leases of a run that ends in order; how many there were."""
    free = update(Page).where(Page.lease_run_id == run_id).values(lease_run_id=None, lease_alone=False)
    return len(c.execute(free.returning(Page.id)).all())


def put_back_dead(c: Connection, run_id: int) -> int:
    """Give back the leases of a run that died, each with a death on its account; how many there were."""
    back = c.execute(
        update(Page)
        .where(Page.lease_run_id == run_id)
        .values(
            deaths=Page.deaths + 1,
            solo_deaths=Page.solo_deaths + case((Page.lease_alone, 1), else_=0),
            lease_run_id=None,
            lease_alone=False,
        )
        .returning(Page.id, Page.solo_deaths)
    ).all()
    poison = [row.id for row in back if row.solo_deaths >= POISON]
    if poison:
        detail = f"{POISON} runs died while they worked on this page alone"
        given_up = update(Page).where(Page.id.in_(poison))
        c.execute(given_up.values(next_at=None, detail=detail))
        c.execute(given_up.where(Page.article_id.is_(None)).values(state="failed", reason="poison"))
    return len(back)

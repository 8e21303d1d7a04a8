"""One crawl over the rest of the catalogue of faults: each page ends as it must, asked for no more than it may be."""

from __future__ import annotations

import itertools
from pathlib import Path

from sqlalchemy import select

from storage.database import open_database
from storage.schema.tables import Page
from tests.chaos import END
from tests.crawling import balanced, crawl
from tests.faults import FaultySite

HOPS = {"redirect_loop": 6}  # five redirects are followed


def announced() -> list[str]:
    """The faults, with good pages between them: a host that fails three times in a row would be left alone."""
    good = itertools.count(100)
    paths = []
    for name, (state, _) in END.items():
        paths += [f"/chaos/{name}", *(f"/ok/{next(good)}" for _ in range(2 if state == "failed" else 1))]
    return paths


def test_everything_else_that_goes_wrong_ends_as_it_must(database_url: str, tmp_path: Path) -> None:
    paths = announced()
    with FaultySite(paths) as site:
        site.write_outlet(tmp_path / "outlets", concurrency=1, timeout=60, max_bytes=3_000_000)
        done = crawl("faulty", kind="nightly", db=database_url, outlets=tmp_path / "outlets", data=tmp_path / "data")
        ended = outcomes(database_url, site)
        asked = {name: site.count(f"/chaos/{name}") for name in END}
    assert done.end["state"] == "completed", done.log[-4000:]
    assert balanced(done.ledger)
    assert done.ledger["discovered"] == len(paths)
    assert {name: ended[f"/chaos/{name}"] for name in END} == END
    assert {ended[path] for path in paths if path.startswith("/ok/")} == {("stored", None)}
    # Those that failed are due again after a minute. A busy machine may need longer for the run.
    failed = [name for name, (state, _) in END.items() if state == "failed"]
    assert {asked.pop(name) for name in failed} <= {1, 2}
    assert {name: times for name, times in asked.items() if times != 1} == {
        name: HOPS[reason] for name, (_, reason) in END.items() if reason in HOPS
    }


def outcomes(url: str, site: FaultySite) -> dict[str, tuple[str, str | None]]:
    db = open_database(url)
    with db.read() as c:
        rows = c.execute(select(Page.__table__)).all()
    db.close()
    return {row.url.removeprefix(site.origin): (row.state, row.reason) for row in rows}

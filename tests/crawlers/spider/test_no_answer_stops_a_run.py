"""One answer that cannot be kept, or takes very long, costs its own page and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.database import open_database
from storage.jobs import check_store
from storage.schema.tables import Page, Seed
from tests.crawling import Crawled, balanced, crawl
from tests.faults import FaultySite
from tests.warc import Record, answers, by_warcio

GOOD = [f"/ok/{n}" for n in range(8)]

HEADERS: dict[str, tuple[str, str | None]] = {
    "/head/equals/950": ("stored", None),
    "/head/latin/951": ("stored", None),
    "/head/return/952": ("stored", None),
    "/head/name/953": ("failed", "connection_lost"),  # Twisted ends the connection at a name that is no token
    "/head/space/954": ("failed", "connection_lost"),
}
STATUSES = {
    f"/status-line/{code}": ("failed", "bad_status") for code in ("12345678901", "1" * 21, "-200", "42", "+1000")
}
NULS = {
    f"/head/{kind}/{n}": ("stored", None)
    for n, kind in enumerate(["etag", "modified", "type", "nul", "long-etag"], 960)
} | {
    "/location/nul/970": ("stored", None),
    "/location/long": ("rejected", "url_too_long"),
}
MEMBERS = {"/coded/empty-members/980": ("rejected", "bad_content_encoding")}


def run(site: FaultySite, url: str, folder: Path, **outlet: Any) -> Crawled:
    site.write_outlet(folder / "outlets", concurrency=1, timeout=20, **outlet)
    return crawl("faulty", kind="nightly", db=url, outlets=folder / "outlets", data=folder / "data")


def outcomes(url: str, site: FaultySite) -> dict[str, tuple[str, str | None]]:
    db = open_database(url)
    with db.read() as c:
        rows = c.execute(select(Page.url, Page.state, Page.reason)).all()
    db.close()
    return {row.url.removeprefix(site.origin): (row.state, row.reason) for row in rows}


def archived(folder: Path, site: FaultySite) -> dict[str, Record]:
    """What the archive holds, by path, as the two readers see it alike."""
    [file] = (folder / "data" / "archive").iterdir()
    records = answers(file)
    assert [(url, status) for _, url, status, _ in by_warcio(file)] == [
        (one.warc["warc-target-uri"], one.status) for one in records
    ]
    return {one.warc["warc-target-uri"].removeprefix(site.origin): one for one in records}


@pytest.mark.parametrize("faults", [HEADERS, STATUSES, NULS, MEMBERS], ids=["headers", "statuses", "nul", "members"])
def test_each_fault_costs_its_own_page_alone(
    faults: dict[str, tuple[str, str | None]], database_url: str, tmp_path: Path
) -> None:
    paths = [path for n, fault in enumerate(faults) for path in (fault, GOOD[n])]
    with FaultySite(paths) as site:
        done = run(site, database_url, tmp_path)
        assert done.end["state"] == "completed", done.log[-4000:]
        assert balanced(done.ledger)
        assert outcomes(database_url, site) == faults | dict.fromkeys(GOOD[: len(faults)], ("stored", None))
        kept = archived(tmp_path, site)
        assert set(GOOD[: len(faults)]) <= set(kept)
    db = open_database(database_url)
    assert check_store(db, tmp_path / "data" / "archive") == []
    db.close()


def test_headers_are_archived_as_they_came(tmp_path: Path) -> None:
    with FaultySite(list(HEADERS)) as site:
        run(site, f"sqlite:///{tmp_path}/p.db", tmp_path)
        kept = archived(tmp_path, site)
    heads = {path.split("/")[2]: one.head for path, one in kept.items()}
    assert "Link: <https://x.example/şəhər/>; rel=canonical".encode() in heads["equals"].split(b"\r\n")
    assert b"X-Town: na\xefve; town=\xc7ay" in heads["latin"].split(b"\r\n")
    # What the format has no room for: a bare CR would begin a header of its own for some readers.
    assert b"X-Split: one X-Injected: two" in heads["return"].split(b"\r\n")


@pytest.mark.parametrize("kind", ["etag", "modified", "equals"])
def test_a_seed_with_such_a_header_is_read(kind: str, database_url: str, tmp_path: Path) -> None:
    with FaultySite(GOOD[:2]) as site:
        done = run(site, database_url, tmp_path, seed=f"/seed/{kind}")
    assert done.end["state"] == "completed", done.log[-4000:]
    assert done.counts["stored"] == 2
    assert done.counts["problems"] == []
    db = open_database(database_url)
    with db.read() as c:
        assert c.execute(select(Seed.etag, Seed.last_modified)).all() == [(None, None)]
    db.close()

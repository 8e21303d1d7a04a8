"""One crawl over everything that can go wrong with a page: each ends in the outcome that fits, and nothing is lost."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database, open_database
from storage.schema.tables import Page
from tests.crawling import Crawled, balanced, crawl
from tests.faults import FaultySite

# path -> the page's state, and its reason
OUTCOMES = {
    "/status/404": ("gone", "http_404"),
    "/status/410": ("gone", "http_410"),
    "/status/401": ("rejected", "http_401"),
    "/status/451": ("rejected", "http_451"),
    "/status/403": ("failed", "http_403"),
    "/status/500": ("failed", "http_500"),
    "/status/502": ("failed", "http_502"),
    "/redirect/ok/901": ("stored", None),
    "/redirect/hops/4": ("stored", None),
    "/redirect/hops/9": ("rejected", "redirect_loop"),
    "/redirect/self": ("rejected", "redirect_loop"),
    "/redirect/loop/a": ("rejected", "redirect_loop"),
    "/redirect/grow/1": ("rejected", "redirect_loop"),
    "/redirect/cookie": ("rejected", "redirect_loop"),
    "/redirect/home": ("rejected", "soft_404"),
    "/redirect/private": ("rejected", "blocked_address"),
    "/redirect/decimal": ("rejected", "blocked_address"),
    "/redirect/short": ("rejected", "blocked_address"),
    "/redirect/mapped": ("rejected", "blocked_address"),
    "/redirect/metadata": ("rejected", "blocked_address"),
    "/redirect/name": ("rejected", "blocked_address"),
    "/redirect/port": ("rejected", "blocked_port"),
    "/redirect/gone-host": ("failed", "dns"),
    "/redirect/file": ("rejected", "http_302"),
    "/redirect/ftp": ("rejected", "http_302"),
    "/redirect/nowhere": ("rejected", "http_302"),
    "/drip": ("failed", "timeout"),
    "/silent": ("failed", "timeout"),
    "/endless": ("rejected", "too_large"),
    "/length/huge": ("rejected", "too_large"),
    "/length/long": ("failed", "truncated"),
    "/bomb/gzip": ("rejected", "too_large"),
    "/bomb/deflate": ("rejected", "too_large"),
    "/bomb/br": ("rejected", "too_large"),
    "/bomb/nested": ("rejected", "too_large"),
    "/bomb/zstd": ("rejected", "bad_content_encoding"),
    "/cut/gzip": ("failed", "truncated"),
    "/cut/deflate": ("failed", "truncated"),
    "/cut/br": ("failed", "truncated"),
    "/coded/gzip/911": ("stored", None),
    "/coded/deflate/912": ("stored", None),
    "/coded/raw-deflate/913": ("stored", None),
    "/coded/br/914": ("stored", None),
    "/coded/members/915": ("stored", None),
    "/coded/empty-members/916": ("rejected", "bad_content_encoding"),
    "/lie/gzip": ("stored", None),
    "/lie/br": ("stored", None),
    "/lie/unknown": ("stored", None),
    "/reset/before": ("failed", "connection_lost"),
    "/close/before": ("failed", "connection_lost"),
    "/chunked/ok/921": ("stored", None),
    "/chunked/cut": ("failed", "truncated"),
    "/http10/ok/922": ("stored", None),
    "/http10/cut": ("failed", "truncated"),
    "/bad-status": ("failed", "connection_lost"),
    "/status-line/12345678901": ("failed", "bad_status"),
    "/head/equals/931": ("stored", None),
    "/head/etag/932": ("stored", None),
    "/empty": ("failed", "empty_body"),
    "/blank": ("failed", "empty_body"),
    "/pdf": ("rejected", "not_html"),
    "/pdf-as-html": ("rejected", "not_html"),
    "/json": ("rejected", "not_html"),
    "/image": ("rejected", "not_html"),
    "/charset/wrong": ("stored", None),
    "/charset/nul": ("stored", None),
    "/wall/challenge": ("rejected", "challenge"),
    "/wall/mitigated": ("rejected", "challenge"),
    "/wall/consent": ("rejected", "consent"),
    "/wall/soft-404": ("rejected", "soft_404"),
    "/wall/script": ("rejected", "needs_script"),
    "/wall/listing": ("rejected", "not_article"),
    "/hostile/attributes": ("rejected", "hostile"),
    "/hostile/breaks": ("rejected", "hostile"),
}


def test_each_page_ends_as_it_should_and_the_sum_holds(database_url: str, tmp_path: Path) -> None:
    # A good page follows each bad one: three failures of a host in a row would have it left alone.
    paths = [path for n, bad in enumerate(OUTCOMES) for path in (bad, f"/ok/{100 + n}")]
    with FaultySite(paths) as site:
        site.write_outlet(tmp_path / "outlets", concurrency=1, timeout=4, max_bytes=2_000_000)
        done = crawl("faulty", kind="nightly", db=database_url, outlets=tmp_path / "outlets", data=tmp_path / "data")
        ended = outcomes(database_url, site)
    assert done.end["state"] == "completed", done.log[-4000:]
    assert balanced(done.ledger)
    assert done.ledger["discovered"] == len(paths)
    assert done.ledger["waiting"] == 0
    assert {path: ended[path] for path in OUTCOMES} == OUTCOMES
    assert {ended[f"/ok/{100 + n}"][0] for n in range(len(OUTCOMES))} == {"stored"}


def outcomes(url: str, site: FaultySite) -> dict[str, tuple[str, str | None]]:
    db = open_database(url)
    with db.read() as c:
        found = {
            row.url.removeprefix(site.origin): (row.state, row.reason) for row in c.execute(select(Page.__table__))
        }
    db.close()
    return found


class TestPoliteness:
    @pytest.fixture
    def paths(self) -> list[str]:
        return [f"/ok/{n}" for n in range(4)]

    def run(self, site: FaultySite, folder: Path, **fetch: float) -> Crawled:
        site.write_outlet(folder / "outlets", **fetch)
        return crawl(
            "faulty", kind="nightly", db=f"sqlite:///{folder}/p.db", outlets=folder / "outlets", data=folder / "data"
        )

    @pytest.mark.parametrize(
        "robots",
        ["status:500", "status:503", "status:429", "status:42", "status:12345678901", "silent", "reset", "loop"],
    )
    def test_nothing_is_fetched_where_robots_txt_is_unreadable(
        self, robots: str, paths: list[str], tmp_path: Path
    ) -> None:
        with FaultySite(paths, robots=robots) as site:
            done = self.run(site, tmp_path, timeout=1)
            assert site.asked(pages=False) == ["/robots.txt"] * len(site.asked(pages=False))
        assert done.end["state"] == "failed"
        assert "robots_unreadable" in done.end["error"]

    def test_what_robots_txt_forbids_is_not_fetched(self, tmp_path: Path) -> None:
        with FaultySite(["/ok/1", "/private/2"], robots="private") as site:
            done = self.run(site, tmp_path)
            assert site.asked() == ["/ok/1"]
        assert done.counts["reasons"] == {"rejected:robots": 1}

    @pytest.mark.parametrize("robots", ["status:404", "html", "huge", "bom", "redirect"])
    def test_no_rules_and_odd_files_let_pages_through(self, robots: str, paths: list[str], tmp_path: Path) -> None:
        with FaultySite(paths, robots=robots) as site:
            assert self.run(site, tmp_path).counts["stored"] == len(paths)

    def test_a_robots_txt_that_forbids_all_is_obeyed(self, paths: list[str], tmp_path: Path) -> None:
        with FaultySite(paths, robots="disallow") as site:
            done = self.run(site, tmp_path)
            assert site.asked() == []
        assert done.code == 1

    @pytest.mark.parametrize("robots", ["crawl-delay:0.4", "request-rate:5/2"])
    def test_crawl_delay_is_acted_on(self, robots: str, paths: list[str], tmp_path: Path) -> None:
        with FaultySite(paths, robots=robots) as site:
            self.run(site, tmp_path)
            times = [hit.at for hit in site.hits if hit.path.startswith("/ok")]
        assert len(times) == 4
        # Of a busy machine one request may arrive late, and the next then seems early: the sum cannot be short.
        assert times[-1] - times[0] >= 3 * 0.37
        assert min(b - a for a, b in itertools.pairwise(times)) >= 0.2

    @pytest.mark.parametrize("form", ["seconds", "date"])
    def test_retry_after_is_waited_for_within_the_runs_patience(self, form: str, tmp_path: Path) -> None:
        path = f"/retry-after/{form}/2/7"
        with FaultySite([path]) as site:
            site.write_outlet(tmp_path / "outlets")
            done = crawl(
                "faulty",
                kind="nightly",
                db=f"sqlite:///{tmp_path}/p.db",
                outlets=tmp_path / "outlets",
                data=tmp_path,
                patience=6,
            )
            first, second = site.times(path)
        assert second - first >= (1.9 if form == "seconds" else 1.0)
        assert done.counts["stored"] == 1
        assert done.counts["failed"] == 0, "a wait that the outlet asked for is no failure"

    def test_a_longer_retry_after_is_left_to_a_later_run_and_kept_by_the_next(self, tmp_path: Path) -> None:
        with FaultySite(["/retry-after/absurd"]) as site:
            first = self.run(site, tmp_path)
            site.announced.append("/ok/1")
            second = self.run(site, tmp_path)
            assert site.asked(pages=False) == ["/robots.txt", "/sitemap.xml", "/retry-after/absurd"]
        assert first.ledger["waiting"] == 1
        assert "left alone until" in second.counts["problems"][0]

    def test_what_waits_for_its_turn_is_not_sent_to_a_host_that_asks_to_be_left_alone(self, tmp_path: Path) -> None:
        pages = [f"/retry-after/absurd?{n}" for n in range(8)]
        with FaultySite(pages) as site:
            done = self.run(site, tmp_path, concurrency=1, delay=0.3)
            assert len(site.asked()) == 1
        assert done.counts["requests"]["article"] == 1, "of requests, those that were sent are counted"
        assert done.counts["failed"] == 0
        assert done.ledger["waiting"] == len(pages)

    def test_a_host_that_keeps_failing_is_left_alone(self, tmp_path: Path) -> None:
        with FaultySite([f"/status/50{n}?{i}" for n in (0, 2) for i in range(6)]) as site:
            done = self.run(site, tmp_path, concurrency=1)
            assert len(site.asked()) < 8
        assert balanced(done.ledger)
        assert done.ledger["waiting"] > 4

    def test_a_failure_is_tried_again_after_its_pause(self, tmp_path: Path) -> None:
        with FaultySite(["/flaky/1/5", "/ok/1"]) as site:
            self.run(site, tmp_path)
            _make_due(open_database(f"sqlite:///{tmp_path}/p.db"))
            done = self.run(site, tmp_path)
            assert site.count("/flaky/1/5") == 2
            assert site.count("/ok/1") == 1
        assert done.counts["stored"] == 1

    def test_loopback_is_out_of_reach_without_permission(self, paths: list[str], tmp_path: Path) -> None:
        with FaultySite(paths) as site:
            site.write_outlet(tmp_path / "outlets", allow_private=False)
            done = crawl(
                "faulty", kind="nightly", db=f"sqlite:///{tmp_path}/p.db", outlets=tmp_path / "outlets", data=tmp_path
            )
            assert site.hits == []
        assert done.end["state"] == "failed"

    def test_a_page_without_an_end_mark_is_whole_if_it_comes_in_the_same_length_again(self, tmp_path: Path) -> None:
        with FaultySite(["/http10/bare/1"]) as site:
            assert self.run(site, tmp_path).counts["reasons"] == {"failed:truncated": 1}
            _make_due(open_database(f"sqlite:///{tmp_path}/p.db"))
            assert self.run(site, tmp_path).counts["stored"] == 1

    def test_a_part_of_a_page_is_no_page(self, tmp_path: Path) -> None:
        with FaultySite(["/status/206"]) as site:
            assert self.run(site, tmp_path).counts["reasons"] == {"failed:http_206": 1}


def _make_due(db: Database) -> None:
    from datetime import UTC, datetime

    from sqlalchemy import update

    with db.begin() as c:
        c.execute(update(Page).where(Page.state == "failed").values(next_at=datetime.now(UTC)))
    db.close()


class TestSeeds:
    @pytest.mark.parametrize(
        ("seed", "stored", "problem"),
        [
            ("/seed/truncated", 3, "cut off"),
            ("/seed/xxe", 4, None),
            ("/seed/html", 0, "no sitemap"),
            ("/seed/bad-entries", 5, "without a usable address"),
            ("/seed/bomb", 0, "larger than"),
            ("/seed/stamped", 4, None),
            ("/feed.xml", 4, None),
        ],
    )
    def test_a_bad_seed_gives_what_can_be_read_and_says_so(
        self, seed: str, stored: int, problem: str | None, tmp_path: Path
    ) -> None:
        with FaultySite([f"/ok/{n}" for n in range(4)]) as site:
            site.write_outlet(tmp_path / "outlets", seed=seed)
            done = crawl(
                "faulty", kind="nightly", db=f"sqlite:///{tmp_path}/p.db", outlets=tmp_path / "outlets", data=tmp_path
            )
        assert done.counts["stored"] == stored, done.log[-3000:]
        told = " ".join(done.counts["problems"])
        assert (problem in told) if problem else told == ""
        assert "passwd" not in done.log

    @pytest.mark.parametrize("seed", ["/seed/laughs", "/seed/cycle"])
    def test_a_hostile_seed_ends(self, seed: str, tmp_path: Path) -> None:
        with FaultySite([f"/ok/{n}" for n in range(4)]) as site:
            site.write_outlet(tmp_path / "outlets", seed=seed)
            done = crawl(
                "faulty", kind="nightly", db=f"sqlite:///{tmp_path}/p.db", outlets=tmp_path / "outlets", data=tmp_path
            )
            assert len(site.hits) < 100
        assert done.code == 1
        assert done.counts["problems"]

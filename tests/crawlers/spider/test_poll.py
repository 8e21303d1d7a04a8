"""Polls over real sites on loopback: what they ask, what they note, and what they leave to the crawl."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawlers.catalog import load_outlets
from deploy.demo.press import Press
from storage import frontier
from storage.database import Database, open_database
from tests.crawling import balanced, crawl
from tests.faults import FaultySite
from tests.polling import Document, WrittenSite, lines, listing, poll, rss, start
from tests.storage.building import take_outlet_down

FEED = 'kind = "feed"\nurl = "ORIGIN/rss"'
LISTING = 'kind = "listing"\nurl = "ORIGIN/latest"'


@pytest.fixture
def where(tmp_path: Path) -> dict[str, Any]:
    return {"db": f"sqlite:///{tmp_path}/pressrun.db", "data": tmp_path / "data", "outlets": tmp_path / "outlets"}


@pytest.fixture
def store(where: dict[str, Any]) -> Any:
    """The store, opened by what needs it."""
    opened: list[Database] = []

    def open_it() -> Database:
        opened.append(open_database(where["db"]))
        return opened[-1]

    yield open_it
    for db in opened:
        db.close()


def waiting(db: Database, outlet: str) -> int:
    return frontier.count_pages(db, outlet)["waiting"]


def test_what_is_new_waits_for_the_next_crawl(database_url: str, tmp_path: Path) -> None:
    with Press() as press:
        where = {"db": database_url, "data": tmp_path / "data", "outlets": press.outlet_folder}
        outlets = ("demo_herald", "demo_digest")
        first = poll(*outlets, **where)
        assert first.end["state"] == "completed", first.log[-3000:]
        assert press.requests("article") == 0
        assert first.counts["discovered"] == sum(line["new"] for line in lines(first).values()) > 20

        before = press.requests("seed")
        nothing_due = poll(*outlets, **where)
        assert press.requests("seed") == before
        assert all(line["asked"] == 0 < line["skipped"] for line in lines(nothing_due).values())
        assert all(datetime.fromisoformat(line["next_due"]) > datetime.now(UTC) for line in lines(nothing_due).values())

        again = poll(*outlets, everything=True, **where)
        assert all(line["unchanged"] == line["asked"] > 0 for line in lines(again).values())

        press.publish(3)
        third = poll(*outlets, everything=True, **where)
        new = third.counts["discovered"]
        assert new >= 1

        done = crawl("demo_herald", kind="nightly", **where)
        assert done.end["state"] == "completed"
        assert balanced(done.ledger)
        assert done.ledger["waiting"] == 0
        assert done.counts["stored"] >= 10, "the pages that the polls announced"
        assert done.ledger["discovered"] >= lines(first)["demo_herald"]["new"] + lines(third)["demo_herald"]["new"]
        db = open_database(database_url)
        runs = [run for run in frontier.last_runs(db) if run.kind == "poll"]
        db.close()
        assert [(run.outlet, run.state) for run in runs] == [(None, "completed")] * 4


def test_one_outlet_that_fails_is_its_own_problem(where: dict[str, Any]) -> None:
    with WrittenSite() as site, WrittenSite("127.0.0.2") as down:
        site.documents["/rss"] = Document(rss(1, 2))
        down.documents["/rss"] = Document(status=503)
        site.write_outlet(where["outlets"], "good", FEED)
        down.write_outlet(where["outlets"], "down", FEED)
        (where["outlets"] / "broken.toml").write_text("name = 3")
        done = poll("broken", "down", "good", **where)
    told = lines(done)
    assert done.end["exit_code"] == 1
    assert done.end["state"] == "completed"
    assert told["good"]["new"] == 2
    assert told["good"]["problems"] == []
    assert "http_503" in told["down"]["problems"][0]
    assert "broken.toml: name" in told["broken"]["problems"][0]


def test_an_outlet_that_was_taken_down_is_not_asked_and_a_named_one_says_so(
    where: dict[str, Any], database_url: str, tmp_path: Path
) -> None:
    where["db"] = database_url
    with WrittenSite() as site:
        site.documents["/rss"] = Document(rss(1, 2))
        for name in ("gone", "good"):
            site.write_outlet(where["outlets"], name, FEED)
        for built_in in load_outlets().ids:
            site.write_outlet(where["outlets"], built_in, FEED)
            file = where["outlets"] / f"{built_in}.toml"
            file.write_text(f"enabled = false\n{file.read_text()}")
        take_outlet_down(database_url, tmp_path, "gone")
        unnamed = poll(**where)
        asked = len(site.asked)
        named = poll("gone", **where)
        assert len(site.asked) == asked
    assert set(lines(unnamed)) == {"good"}
    assert unnamed.code == 0
    assert lines(named)["gone"]["problems"][0].startswith("gone was removed from this archive on ")
    assert named.code == 1


def test_a_network_that_is_away_is_exit_code_2(where: dict[str, Any]) -> None:
    with WrittenSite() as gone:
        gone.write_outlet(where["outlets"], "gone", FEED)
    done = poll("gone", **where)
    assert (done.code, done.end["state"]) == (2, "failed")
    assert "is the network up?" in done.end["error"]


def test_an_unknown_outlet_is_wrong_use(where: dict[str, Any]) -> None:
    where["outlets"].mkdir()
    done = poll("nobody", **where)
    assert done.code == 2
    assert "nobody" in done.end["error"]


def test_robots_txt_and_retry_after_hold_as_in_a_crawl(where: dict[str, Any]) -> None:
    with WrittenSite() as closed, WrittenSite("127.0.0.2") as busy:
        closed.documents["/robots.txt"] = Document("User-agent: *\nDisallow: /rss\n")
        busy.documents["/rss"] = Document(status=429, headers={"Retry-After": "3600"})
        closed.write_outlet(where["outlets"], "closed", FEED)
        busy.write_outlet(where["outlets"], "busy", FEED)
        first = lines(poll("closed", "busy", **where))
        asked = len(busy.asked)
        second = lines(poll("closed", "busy", everything=True, **where))
        assert "/rss" not in closed.asked
        assert len(busy.asked) == asked, "neither robots.txt nor the seed of a host that is left alone"
    assert "robots" in first["closed"]["problems"][0]
    assert "http_429" in first["busy"]["problems"][0]
    assert "host_paused" in second["busy"]["problems"][0]
    assert second["busy"]["asked"] == 0
    assert datetime.fromisoformat(second["busy"]["next_due"]) > datetime.now(UTC) + timedelta(minutes=50)


def test_crawl_delay_lies_between_the_seeds_of_one_host(where: dict[str, Any]) -> None:
    with FaultySite(["/ok/1"], robots="crawl-delay:0.7") as site:
        file = site.write_outlet(where["outlets"], seed="/feed.xml")
        more = "".join(f'[[seeds]]\nkind = "feed"\nurl = "{site.origin}/feed.xml?{n}"\n' for n in range(2))
        file.write_text(file.read_text() + more)
        poll("faulty", **where)
        times = sorted(hit.at for hit in site.hits if hit.path.startswith("/feed.xml"))
    assert len(times) == 3
    assert all(later - sooner > 0.65 for sooner, later in pairwise(times))


def test_what_one_outlet_may_reach_at_a_private_address_no_other_may(where: dict[str, Any]) -> None:
    with WrittenSite() as site:
        site.documents["/rss"] = Document(rss(1))
        site.documents["/other"] = Document(rss(2))
        site.write_outlet(where["outlets"], "inside", FEED)
        site.write_outlet(where["outlets"], "outside", FEED.replace("/rss", "/other"), private=False)
        told = lines(poll("inside", "outside", **where))
        assert "/other" not in site.asked
    assert told["inside"]["new"] == 1
    assert "blocked_address" in told["outside"]["problems"][0]


def test_a_redirect_into_the_private_network_of_another_outlet_is_refused(where: dict[str, Any]) -> None:
    with WrittenSite() as inside, WrittenSite("127.0.0.2") as other:
        inside.documents["/rss"] = Document(rss(1))
        inside.documents["/secret"] = Document(rss(2))
        other.documents["/rss"] = Document(status=302, headers={"Location": f"{inside.origin}/secret"})
        inside.write_outlet(where["outlets"], "inside", FEED)
        other.write_outlet(where["outlets"], "other", FEED)
        told = lines(poll("inside", "other", **where))
        assert "/secret" not in inside.asked
    assert "blocked_address" in told["other"]["problems"][0]


def test_each_outlet_keeps_its_own_limits(where: dict[str, Any]) -> None:
    with WrittenSite() as site, WrittenSite("127.0.0.2") as other:
        for number, one in enumerate((site, other)):
            one.documents["/rss"] = Document(status=302, headers={"Location": "ORIGIN/moved"})
            one.documents["/moved"] = Document(rss(number))
        site.write_outlet(where["outlets"], "strict", FEED, fetch="max_redirects = 0")
        other.write_outlet(where["outlets"], "lenient", FEED)
        told = lines(poll("strict", "lenient", **where))
        assert "/moved" not in site.asked
    assert "redirect_loop" in told["strict"]["problems"][0]
    assert told["lenient"]["new"] == 1


def test_the_first_look_at_a_listing_leaves_its_older_pages_to_the_crawl(where: dict[str, Any], store: Any) -> None:
    with WrittenSite() as site:
        site.documents["/latest"] = Document(listing(3, 4, older="/latest?page=2"))
        site.documents["/latest?page=2"] = Document(listing(1, 2))
        site.write_outlet(where["outlets"], "town", LISTING)
        poll("town", **where)
        assert "/latest?page=2" not in site.asked
        crawl("town", kind="nightly", **where)
    assert frontier.count_pages(store(), "town")["discovered"] == 4


def test_where_a_listing_has_moved_on_by_a_page_the_next_page_is_read_too(where: dict[str, Any], store: Any) -> None:
    with WrittenSite() as site:
        site.documents["/latest"] = Document(listing(3, 4, older="/latest?page=2"))
        site.documents["/latest?page=2"] = Document(listing(1, 2))
        site.write_outlet(where["outlets"], "town", LISTING)
        crawl("town", kind="nightly", **where)
        poll("town", **where)

        site.documents["/latest"] = Document(listing(4, 5, 6, older="/latest?page=2"))
        site.documents["/latest?page=2"] = Document(listing(2, 3))
        poll("town", everything=True, **where)
        site.documents["/latest"] = Document(listing(9, 10, older="/latest?page=2"))
        site.documents["/latest?page=2"] = Document(listing(7, 8, older="/latest?page=3"))
        site.documents["/latest?page=3"] = Document(listing(5, 6))
        third = lines(poll("town", everything=True, **where))
    assert frontier.count_pages(store(), "town")["discovered"] == 10
    assert third["town"]["new"] == 4


def test_a_next_page_that_fails_is_left_to_the_crawl(where: dict[str, Any], store: Any) -> None:
    with WrittenSite() as site:
        site.documents["/latest"] = Document(listing(3, 4, older="/latest?page=2"))
        site.documents["/latest?page=2"] = Document(listing(1, 2))
        site.write_outlet(where["outlets"], "town", LISTING)
        crawl("town", kind="nightly", **where)
        poll("town", **where)
        site.documents["/latest"] = Document(listing(7, 8, older="/latest?page=2"))
        site.documents["/latest?page=2"] = Document(status=500)
        poll("town", everything=True, **where)
        site.documents["/latest?page=2"] = Document(listing(5, 6))
        crawl("town", kind="nightly", **where)
    assert frontier.count_pages(store(), "town")["discovered"] == 8


def test_a_feed_whose_links_are_all_new_is_told_and_polled_more_often(where: dict[str, Any], store: Any) -> None:
    with WrittenSite() as site:
        site.write_outlet(where["outlets"], "town", FEED)
        site.documents["/rss"] = Document(rss(*range(10)))
        assert lines(poll("town", **where))["town"]["overflows"] == 0
        site.documents["/rss"] = Document(rss(*range(10, 20)))
        second = lines(poll("town", everything=True, **where))["town"]
    assert second["overflows"] == 1
    assert "all its 10 links are new" in second["problems"][0]
    [state] = frontier.poll_states(store()).values()
    assert state.interval == 600


@pytest.mark.parametrize("counter", [False, True])
def test_an_overflow_is_recorded_as_a_gap_and_is_no_problem_where_a_counter_closes_it(
    where: dict[str, Any], store: Any, counter: bool
) -> None:
    with WrittenSite() as site:
        ids = ['kind = "id_range"\nurl = "ORIGIN/news/{id}"'] * counter
        site.write_outlet(where["outlets"], "town", FEED, *ids)
        file = where["outlets"] / "town.toml"
        file.write_text(file.read_text().replace("/news/\\d+$", "/news/(?P<id>\\d+)$"))
        site.documents["/rss"] = Document(rss(*range(10), dated=True))
        poll("town", **where)
        site.documents["/rss"] = Document(rss(*range(30, 40), dated=True))
        second = lines(poll("town", everything=True, **where))["town"]
    assert second["overflows"] == 1
    assert len(second["problems"]) == (0 if counter else 1)
    [gap] = frontier.list_gaps(store(), "town")
    assert (gap.since.minute, gap.until.minute) == (9, 30)


def test_what_the_feed_and_its_server_ask_for_is_kept(where: dict[str, Any], store: Any) -> None:
    with WrittenSite() as site:
        site.write_outlet(where["outlets"], "town", FEED, FEED.replace("/rss", "/atom"))
        site.documents["/rss"] = Document(rss(1, channel="<ttl>180</ttl>"), headers={"ETag": '"1"'})
        site.documents["/atom"] = Document(rss(2), headers={"Cache-Control": "max-age=14400"})
        poll("town", **where)
        site.documents["/rss"] = Document(status=304, headers={"Cache-Control": "max-age=60"})
        poll("town", everything=True, **where)
    floors = {url.rpartition("/")[2]: state.floor for (_, url), state in frontier.poll_states(store()).items()}
    assert floors == {"rss": 180 * 60, "atom": 14400}


def test_a_crawl_may_hold_the_outlet_meanwhile(where: dict[str, Any], store: Any) -> None:
    with WrittenSite() as site:
        site.documents["/rss"] = Document(rss(1, 2))
        site.write_outlet(where["outlets"], "town", FEED)
        held = frontier.start_run(store(), frontier.RunRequest("town", "Town", "crawl", {}))
        done = poll("town", **where)
    assert done.end["exit_code"] == 0
    assert held.id in frontier.live_run_ids(store())
    assert waiting(store(), "town") == 2


def test_a_kill_in_the_middle_loses_nothing(database_url: str, where: dict[str, Any]) -> None:
    """Some feeds have answered, others have not; the listing has moved on by two pages."""
    where["db"] = database_url
    with WrittenSite() as site:
        site.documents["/latest"] = Document(listing(1, 2))
        names = [f"town_{n}" for n in range(6)]
        for n, name in enumerate(names):
            seed = LISTING if n == 0 else FEED.replace("/rss", f"/rss{n}")
            site.write_outlet(where["outlets"], name, seed, fetch="delay = 0\nconcurrency = 8")
            site.documents[f"/rss{n}"] = Document(rss(100 * n, 100 * n + 1), headers={"ETag": f'"{n}"'})
        poll("town_0", **where)
        gate = threading.Event()
        site.documents["/latest"] = Document(listing(7, 8, older="/latest?page=2"))
        site.documents["/latest?page=2"] = Document(listing(5, 6, older="/latest?page=3"))
        site.documents["/latest?page=3"] = Document(listing(3, 4, 2), gate=gate)
        site.documents["/rss4"].gate = site.documents["/rss5"].gate = gate
        site.asked.clear()
        child = start(*names, everything=True, **where)
        wanted = {"/latest?page=3", "/rss1", "/rss2", "/rss3", "/rss4", "/rss5"}
        with site.changed:
            assert site.changed.wait_for(lambda: wanted <= set(site.asked), 60), site.asked
        child.kill()
        child.communicate()
        gate.set()
        site.documents["/rss4"].gate = site.documents["/rss5"].gate = site.documents["/latest?page=3"].gate = None
        last = poll(*names, everything=True, **where)
        assert last.end["state"] == "completed", last.log[-3000:]
    db = open_database(database_url)
    assert frontier.count_pages(db, "town_0")["discovered"] == 8
    assert all(frontier.count_pages(db, name)["discovered"] == 2 for name in names[1:])
    assert [run.state for run in frontier.last_runs(db)] == ["completed", "died", "completed"]
    db.close()


def test_sigterm_stops_a_poll_soon_and_keeps_what_it_noted(where: dict[str, Any], store: Any) -> None:
    with WrittenSite() as site, WrittenSite("127.0.0.2") as slow:
        site.documents["/rss"] = Document(rss(1, 2))
        slow.documents["/rss"] = Document(rss(1), gate=threading.Event())
        site.write_outlet(where["outlets"], "quick", FEED)
        slow.write_outlet(where["outlets"], "slow", FEED)
        child = start("quick", "slow", **where)
        assert child.stdout is not None
        said: list[str] = []
        while not any('"outlet": "quick"' in line for line in said):
            said.append(child.stdout.readline())
        child.terminate()
        out, _ = child.communicate(timeout=30)
    assert '"state": "stopped"' in out.splitlines()[-1]
    assert waiting(store(), "quick") == 2

"""Several outlets in one process: as if each had its own."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from crawlers.spider.host_pace import PACE, HostPaceMiddleware
from deploy.demo.press import Press
from storage import articles, frontier
from storage.database import Database, open_database
from storage.frontier import RunRequest
from storage.jobs import check_store
from tests.crawling import balanced, crawl
from tests.grouping import Group, crawl_group
from tests.polling import Document, WrittenSite, rss

FEED = 'kind = "feed"\nurl = "ORIGIN/rss"'
OUTLETS = ("demo_herald", "demo_digest", "demo_xeber")

pytestmark = pytest.mark.long


@pytest.fixture
def where(database_url: str, tmp_path: Path) -> dict[str, Any]:
    return {"db": database_url, "data": tmp_path / "data", "outlets": tmp_path / "outlets", "kind": "nightly"}


@pytest.fixture
def store(where: dict[str, Any]) -> Iterator[Callable[[], Database]]:
    opened: list[Database] = []

    def once() -> Database:
        opened.append(open_database(where["db"]))
        return opened[-1]

    yield once
    for db in opened:
        db.close()


WORDS = [
    "harbour",
    "council",
    "ferry",
    "budget",
    "vote",
    "bridge",
    "winter",
    "market",
    "school",
    "railway",
    "farmer",
    "tariff",
    "museum",
    "river",
    "valley",
]


def page(number: int) -> str:
    chance = random.Random(number)
    text = " ".join(
        f"The {chance.choice(WORDS)} of the {chance.choice(WORDS)} {' '.join(chance.choices(WORDS, k=9))}."
        for _ in range(30)
    )
    return f"<html><head><title>News {number}</title></head><body><article><p>{text}</p></article></body></html>"


def site_with_pages(site: WrittenSite, first: int, gate: threading.Event | None = None) -> None:
    site.documents["/rss"] = Document(rss(first, first + 1))
    site.documents[f"/news/{first}"] = Document(page(first), headers={"Content-Type": "text/html"})
    site.documents[f"/news/{first + 1}"] = Document(page(first + 1), headers={"Content-Type": "text/html"}, gate=gate)


@contextmanager
def two_towns(where: dict[str, Any], gate: threading.Event) -> Iterator[Callable[[], None]]:
    """Two outlets, whose second pages wait for the gate; what is yielded returns when both have been asked for them."""
    with WrittenSite() as one, WrittenSite("127.0.0.2") as two:
        for number, site in enumerate((one, two)):
            site_with_pages(site, 1 + 4 * number, gate)
            site.write_outlet(where["outlets"], f"town_{number}", FEED)

        def wait_until_under_way() -> None:
            one.wait_until_asked(4)
            two.wait_until_asked(4)

        yield wait_until_under_way


def test_a_night_in_one_process_stores_what_a_process_for_each_outlet_does(
    where: dict[str, Any], store: Callable[[], Database]
) -> None:
    with Press() as press:
        where["outlets"] = press.outlet_folder
        first = crawl_group(*OUTLETS, **where)
        assert {end["state"] for end in first.values()} == {"completed"}
        assert all(balanced(end["counts"]["ledger"]) for end in first.values())
        assert sum(end["counts"]["stored"] + end["counts"]["duplicate"] for end in first.values()) >= 30
        asked = {role: sum(end["counts"]["requests"][role] for end in first.values()) for role in ("article", "seed")}
        assert asked == {"article": press.requests("article"), "seed": press.requests("seed")}, "each counts its own"

        second = crawl_group(*OUTLETS, **where)
        assert all(end["counts"]["requests"]["article"] == 0 for end in second.values())
        alone = crawl("demo_herald", **where)
        assert alone.counts["requests"]["article"] == 0
        assert alone.ledger == second["demo_herald"]["counts"]["ledger"]
    assert check_store(store(), where["data"] / "archive") == []


def test_an_outlet_that_fails_is_its_own_failure(where: dict[str, Any], store: Callable[[], Database]) -> None:
    with WrittenSite("127.0.0.2") as gone:
        gone.write_outlet(where["outlets"], "gone", FEED)
    with WrittenSite() as site:
        site_with_pages(site, 1)
        site.write_outlet(where["outlets"], "good", FEED)
        site.write_outlet(where["outlets"], "held", FEED)
        (where["outlets"] / "broken.toml").write_text("name = 3")
        held = frontier.start_run(store(), RunRequest("held", "held", "crawl"))
        ends = crawl_group("good", "gone", "broken", "held", "nobody", **where)
    assert held.id in {run.id for run in frontier.last_runs(store(), "held") if run.state == "running"}
    assert {outlet: end["state"] for outlet, end in ends.items()} == {
        "good": "completed", "gone": "failed", "broken": "failed", "held": "busy", "nobody": "failed",
    }  # fmt: skip
    assert ends["good"]["counts"]["stored"] == 2
    assert "is the network up" in ends["gone"]["error"]
    assert "broken.toml: name" in ends["broken"]["error"]
    assert "is held by run" in ends["held"]["error"]
    assert "nobody" in ends["nobody"]["error"]


def test_one_outlet_is_stopped_while_the_others_go_on(where: dict[str, Any], store: Callable[[], Database]) -> None:
    gate = threading.Event()
    with WrittenSite() as slow, WrittenSite("127.0.0.2") as other:
        site_with_pages(slow, 1, gate)
        site_with_pages(other, 5, gate)
        slow.write_outlet(where["outlets"], "slow", FEED)
        other.write_outlet(where["outlets"], "other", FEED)
        with Group("slow", "other", **where) as group:
            group.tell(start="slow")
            group.tell(start="other")
            slow.wait_until_asked(4)
            other.wait_until_asked(4)
            group.tell(stop="slow")
            stopped = group.wait_for("end", "slow")
            gate.set()
            group.tell(finish=True)
            ends = group.ends()
    assert stopped["state"] == "stopped"
    assert stopped["counts"]["ledger"]["waiting"] >= 1
    assert ends["other"]["state"] == "completed"
    assert ends["other"]["counts"]["stored"] == 2
    assert [run.state for run in frontier.last_runs(store(), "slow")] == ["stopped"]


@pytest.mark.parametrize("way", ["SIGTERM", "end of input"])
def test_a_stop_ends_all_runs_in_order(way: str, where: dict[str, Any], store: Callable[[], Database]) -> None:
    gate = threading.Event()
    with two_towns(where, gate) as wait_until_under_way:
        with Group("town_0", "town_1", **where) as group:
            group.tell(start="town_0")
            group.tell(start="town_1")
            wait_until_under_way()
            if way == "SIGTERM":
                group.process.send_signal(signal.SIGTERM)
            else:
                group.hang_up()
            ends = group.ends()
            whole = [line["state"] for line in group.said if line["type"] == "end" and "of" not in line]
        gate.set()
    assert whole == ["stopped"]
    assert {outlet: end["state"] for outlet, end in ends.items()} == {"town_0": "stopped", "town_1": "stopped"}
    db = store()
    assert all(frontier.last_runs(db, f"town_{n}")[0].state == "stopped" for n in range(2))
    assert check_store(db, where["data"] / "archive") == []


def test_what_a_killed_process_had_under_way_is_done_by_the_next(
    where: dict[str, Any], store: Callable[[], Database]
) -> None:
    gate = threading.Event()
    with two_towns(where, gate) as wait_until_under_way:
        with Group("town_0", "town_1", **where) as group:
            group.tell(start="town_0")
            group.tell(start="town_1")
            wait_until_under_way()
            group.process.kill()
            assert group.ends() == {}
        gate.set()
        ends = crawl_group("town_0", "town_1", **where)
    assert {end["state"] for end in ends.values()} == {"completed"}
    db = store()
    assert sorted(run.state for run in frontier.last_runs(db)) == ["completed", "completed", "died", "died"]
    assert articles.count_articles(db, articles.Selection()) == 4
    assert check_store(db, where["data"] / "archive") == []


def test_each_outlet_has_its_own_log_and_its_own_warnings(where: dict[str, Any], tmp_path: Path) -> None:
    with WrittenSite() as closed, WrittenSite("127.0.0.2") as good:
        closed.documents["/robots.txt"] = Document(status=500)
        site_with_pages(good, 1)
        closed.write_outlet(where["outlets"], "closed", FEED)
        good.write_outlet(where["outlets"], "good", FEED)
        with Group("closed", "good", **where) as group:
            for outlet in ("closed", "good"):
                group.tell(start=outlet, log=str(tmp_path / f"{outlet}.log"), flow_run_id=f"flow of {outlet}")
            group.tell(finish=True)
            group.ends()
            log = group.log()
    warned = [line for line in group.said if line["type"] == "log"]
    assert {line["of"] for line in warned} == {"closed"}
    assert "robots.txt is unreadable" in (tmp_path / "closed.log").read_text()
    assert "robots.txt" not in (tmp_path / "good.log").read_text()
    assert "robots.txt is unreadable" in log


def test_an_outlet_whose_log_cannot_be_opened_is_crawled_and_says_so(where: dict[str, Any], tmp_path: Path) -> None:
    with WrittenSite() as site:
        site_with_pages(site, 1)
        site.write_outlet(where["outlets"], "town", FEED)
        with Group("town", **where) as group:
            group.tell(start="town", log=str(tmp_path / "gone" / "town.log"))
            group.tell(finish=True)
            end = group.ends()["town"]
    assert (end["state"], end["counts"]["stored"], end["exit_code"]) == ("completed", 2, 1)
    [problem] = end["counts"]["problems"]
    assert problem == (
        f"town: no log can be written to {tmp_path}/gone/town.log (No such file or directory);"
        " the log of the whole process has its lines"
    )


def test_a_host_that_no_outlet_file_names_has_the_pace_of_the_outlet_that_asks() -> None:
    slots: dict[str, Any] = {"named.example": {"concurrency": 2, "delay": 0.1}}
    crawler = SimpleNamespace(engine=SimpleNamespace(downloader=SimpleNamespace(per_slot_settings=slots)))
    pace = HostPaceMiddleware(crawler)
    for host in ("named.example", "img.example"):
        pace.process_request(Request(f"https://{host}/a", meta={PACE: {"concurrency": 1, "delay": 4.0}}))
    pace.process_request(Request("https://img.example/b", meta={PACE: {"concurrency": 8, "delay": 0.0}}))
    assert slots == {
        "named.example": {"concurrency": 2, "delay": 0.1},
        "img.example": {"concurrency": 1, "delay": 4.0},
    }

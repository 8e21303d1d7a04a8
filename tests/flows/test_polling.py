"""A poll summed up, and the poll flow under a real Prefect server."""

from __future__ import annotations

import pytest
from prefect.schedules import Cron

from crawlers.environment import read_settings
from crawlers.messages import Polled
from flows.child import CrawlEnd
from flows.deployments import _entries, prefect_yaml, read_deployments
from flows.places import environment
from flows.polling import PollSummary
from flows.tags import POLL, tag
from storage.database import open_database
from storage.frontier import count_pages, last_runs

from .conftest import Prefect
from .test_flows import artifacts, crawls_of, logs

QUIET = Polled("quiet", asked=1, unchanged=1, next_due="2025-03-04T10:00:00+00:00")
FRESH = Polled("fresh", asked=2, new=3, next_due="2025-03-04T09:30:00+00:00")
DOWN = Polled("down", asked=1, failed=1, problems=("http://down/rss: http_503",))


def test_the_message_counts_and_the_table_has_only_what_is_new_or_wrong() -> None:
    summary = PollSummary((DOWN, FRESH, QUIET), CrawlEnd("completed", 7, exit_code=1))
    assert summary.message == "4 seeds of 3 outlets asked, 1 unchanged, 3 new links at 1 outlets, 1 problem"
    assert [row["outlet"] for row in summary.rows()] == ["fresh", "down"]
    assert summary.fresh == ("fresh",)
    assert summary.exit_code == 1


def test_a_poll_that_failed_says_why() -> None:
    summary = PollSummary((), CrawlEnd("died", None, error="the crawl process died (signal 9)"))
    assert (summary.message, summary.exit_code) == ("the crawl process died (signal 9)", 1)


def test_polls_are_scheduled_every_half_hour_under_a_slug_of_their_own() -> None:
    [spec] = [spec for spec in read_deployments(prefect_yaml()) if spec["name"] == "poll"]
    assert [(each["slug"], each["cron"]) for each in spec["schedules"]] == [("poll", "*/30 * * * *")]
    assert "pressrun" in spec["tags"]


def test_the_hours_of_polls_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    specs = {spec["name"]: spec for spec in read_deployments(prefect_yaml())}
    before = {name: _entries(spec) for name, spec in specs.items()}
    monkeypatch.setenv("PRESSRUN_POLL_CRON", "*/10 * * * *")
    after = {name: _entries(spec) for name, spec in specs.items()}
    [poll] = after["poll"]
    assert (poll["slug"], poll["cron"], poll["timezone"]) == ("poll", "*/10 * * * *", "Asia/Baku")
    assert after | {"poll": before["poll"]} == before
    assert environment(read_settings())["PRESSRUN_POLL_CRON"] == "*/10 * * * *", "`pressrun up` registers in its worker"
    assert Cron(poll["cron"], timezone=poll["timezone"]).cron == "*/10 * * * *"


@pytest.mark.prefect
def test_the_flow_notes_what_is_new_and_shows_it(prefect: Prefect) -> None:
    # "down" does not answer, and "broken" has a wrong file: their own problems.
    followed = prefect.run("poll", {"outlets": ["demo_digest", "down", "broken"], "everything": True})
    assert followed.completed, followed.message
    assert "seeds of 2 outlets asked" in followed.message
    said = [line for line in logs(prefect, followed.flow_run_id) if "Finished in state" not in line]
    own = [line for line in said if "ask the seeds" not in line and "publish what" not in line]
    assert len(own) <= 5 + 3, own
    table = artifacts(prefect, followed.flow_run_id)["poll-news"]
    assert "broken" in table["data"]
    db = open_database(prefect.settings.db)
    try:
        assert count_pages(db, "demo_digest")["discovered"] > 0
        assert [run.kind for run in last_runs(db, limit=50) if run.outlet is None][:1] == ["poll"]
    finally:
        db.close()


@pytest.mark.prefect
def test_with_fetch_the_outlets_with_news_are_crawled_at_once(prefect: Prefect) -> None:
    prefect.run("poll", {"outlets": ["demo_digest"], "everything": True})
    prefect.press.publish(5)
    followed = prefect.run("poll", {"outlets": ["demo_digest", "demo_herald"], "everything": True, "fetch": True})
    assert followed.completed, followed.message
    crawls = crawls_of(prefect, followed.flow_run_id).values()
    assert crawls
    assert all(tag(POLL) in run["tags"] and run["state"]["type"] == "COMPLETED" for run in crawls)

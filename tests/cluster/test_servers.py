"""Two Prefect servers on one PostgreSQL, with Redis between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cluster.cluster import Cluster, healthy
from tests.cluster.services import until

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]


def test_a_crawl_goes_on_while_each_server_is_killed_in_turn(cluster: Cluster) -> None:
    run = cluster.start("crawl/crawl", outlet="held_c")
    cluster.site.wait_for("held_c", 3)
    for number in (0, 1):
        asked = cluster.site.asked["held_c"].total()
        cluster.servers[number].kill()
        try:
            cluster.site.allow("held_c", 2)
            cluster.site.wait_for("held_c", asked + 2)
        finally:
            cluster.servers[number].start()
        until(lambda port=cluster.ports[number]: healthy(port), "the server answers again")
    cluster.site.allow("held_c")
    (ended,) = cluster.until_completed([run])
    assert ended["run_count"] == 1, "it was never interrupted"
    cluster.assert_stored_once("held_c")


def test_what_one_server_is_told_fires_an_automation_of_the_other(cluster: Cluster) -> None:
    """The second server runs no services: the event reaches the first one, which does, by Redis."""
    second = cluster.api_of(1)
    night = cluster.get("deployments/name/nightly/nightly")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    order = {"state": {"type": "SCHEDULED", "state_details": {"scheduled_time": tomorrow}}, "name": "a sad night"}
    run = cluster.post(f"deployments/{night['id']}/create_flow_run", order, second)
    failed = {"state": {"type": "FAILED", "message": "nothing was crawled"}, "force": True}
    cluster.post(f"flow_runs/{run['id']}/set_state", failed, second)
    told = f"Pressrun: a sad night Failed\nnothing was crawled http://pressrun.example/runs/flow-run/{run['id']}"
    until(lambda: told in [message["text"] for message in cluster.messages], f"a message: {cluster.messages}", 60)
    assert [message["text"] for message in cluster.messages].count(told) == 1

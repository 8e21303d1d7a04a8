"""The flow check-outlets, under a real Prefect server."""

from __future__ import annotations

import json

import pytest

from tests.loopback import loopback

from .conftest import Prefect

pytestmark = pytest.mark.prefect


def table(prefect: Prefect, flow_run_id: object) -> str:
    query = {"artifacts": {"flow_run_id": {"any_": [str(flow_run_id)]}, "key": {"any_": ["outlet-check"]}}}
    (found,) = loopback.post(f"{prefect.api}/artifacts/filter", json=query).json()
    return str(found["data"])


def test_an_outlet_that_is_as_its_file_says_completes_the_check(prefect: Prefect) -> None:
    done = prefect.run("check-outlets", {"outlets": ["demo_herald"]})
    assert done.completed, done.message
    assert done.name.startswith("check-outlets ")
    assert done.message == "1 outlet checked, nothing is off"
    rows = table(prefect, done.flow_run_id)
    assert '"what": "feed"' in rows
    assert '"what": "article"' in rows


def test_an_outlet_that_does_not_answer_fails_it_and_is_named(prefect: Prefect) -> None:
    done = prefect.run("check-outlets", {"outlets": ["demo_herald", "down"]})
    assert (done.state, done.message) == ("Failed", "1 of 3 lines are off, at down")
    told = [row["result"] + row["off"] for row in json.loads(table(prefect, done.flow_run_id))]
    assert any(r"connect\_refused" in words for words in told), told  # as Markdown, which the UI reads cells as

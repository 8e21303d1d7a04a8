"""`pressrun poll` over the demo's press."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deploy.demo.press import Press
from tests.calling import Pressrun

OUTLETS = ("demo_herald", "demo_digest")


@pytest.fixture(name="press")
def a_press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    with Press() as press:
        monkeypatch.setenv("PRESSRUN_OUTLETS", str(press.outlet_folder))
        yield press


@pytest.fixture
def in_baku(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Baku")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_baku")
def test_a_poll_says_what_is_new_and_when_it_asks_again(pressrun: Pressrun, press: Press) -> None:
    said = pressrun("poll", *OUTLETS, "--json")
    assert said.code == 0, said
    lines = {line["outlet"]: line for line in said.json["outlets"]}
    assert set(lines) == set(OUTLETS)
    assert all(line["new"] > 0 and line["next_due"] for line in lines.values())
    before = press.requests("seed")
    again = pressrun("poll", *OUTLETS)
    due = datetime.fromisoformat(lines["demo_herald"]["next_due"]).astimezone(UTC)
    assert f"demo_herald\t0\t0\t0\t{due:%Y-%m-%d %H:%M}\t" in again.out
    assert "\tnext due (UTC)\t" in again.out
    assert "0 seeds of 0 outlets asked" in again.out
    assert press.requests("seed") == before
    assert press.requests("article") == 0


def test_with_fetch_the_new_pages_are_there_at_once(pressrun: Pressrun, press: Press) -> None:
    said = pressrun("poll", "demo_digest", "--fetch")
    assert said.code == 0, said
    assert "demo_digest: completed" in said.out
    assert pressrun("articles", "list", "--copies", "--json").json
    fetched = press.requests("article")
    pressrun("poll", "demo_digest", "--all", "--fetch")
    assert press.requests("article") == fetched, "nothing new, no crawl"


def test_an_outlet_that_does_not_exist_is_wrong_use(pressrun: Pressrun, press: Press) -> None:
    said = pressrun("poll", "demo_heralt")
    assert said.code == 2
    assert "demo_herald" in said.line

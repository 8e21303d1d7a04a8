"""One Prefect server with its worker for all tests of flows, before a small press on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawlers.environment import Settings
from deploy.demo.press import Press
from deploy.demo.schedules import set_schedule
from flows.up import RunningPrefect, running_prefect
from tests.polling import Document, WrittenSite, rss

LOOK = 0.5  # seconds between two questions to the server, each of which takes it 30 ms of CPU on a busy machine
PREFECT_ENV = {"PREFECT_LOGGING_LEVEL": "INFO"}


@dataclass(frozen=True)
class Prefect:
    """A running server and worker, their press, and what the outlets of the press are called here."""

    running: RunningPrefect
    settings: Settings
    press: Press
    dripping: WrittenSite
    new_database: Path  # a copy of the server's own, from before its first run

    @property
    def api(self) -> str:
        return self.running.api_url

    def run(self, flow: str, parameters: dict[str, Any], on_event: Callable[..., None] = lambda *_: None) -> Any:
        """Trigger a deployment and wait for its end."""
        from flows.trigger import trigger

        return asyncio.run(trigger(flow, parameters, self.api, on_event))


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """A port of loopback that refuses connections: it is taken, so that no other test gets it, and nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


def more_outlets(folder: Path, closed: int) -> None:
    """Beside the demo's outlets: a slow one, one that does not answer, and one whose file is wrong."""
    herald = (folder / "demo_xeber.toml").read_text(encoding="utf-8")
    slow = herald.replace("delay       = 0.02", "delay = 2.0").replace("concurrency = 2", "concurrency = 1")
    assert slow.count("delay = 2.0") == 1
    (folder / "slow.toml").write_text(slow, encoding="utf-8")
    down = (
        'name="Down"\nhome="{o}/"\ncountry="az"\nlanguages=["en"]\ntimezone="Asia/Baku"\nallow_private=true\n'
        '[urls]\narticle="^{o}/x"\n[[seeds]]\nkind="feed"\nurl="{o}/rss"\n'
    ).replace("{o}", f"http://127.0.0.1:{closed}")
    (folder / "down.toml").write_text(down, encoding="utf-8")
    (folder / "gone.toml").write_text(down, encoding="utf-8")  # a test takes it down
    (folder / "broken.toml").write_text("name = 'Broken'\nsurprise = 1\n", encoding="utf-8")


DRIPPING = ("drip_a", "drip_b", "drip_c")


def dripping_outlets(folder: Path, site: WrittenSite) -> None:
    """Outlets with two hundred pages each, one every two seconds: each for one test, that stops it."""
    for number, name in enumerate(DRIPPING):
        site.documents[f"/{name}"] = Document(rss(*range(1000 * number, 1000 * number + 200)))
        feed = f'kind = "feed"\nurl = "ORIGIN/{name}"'
        site.write_outlet(folder, name, feed, fetch="delay = 2.0\nconcurrency = 1")


def drips(site: WrittenSite, name: str) -> int:
    """How many pages of such an outlet were asked for."""
    thousand = DRIPPING.index(name)
    return sum(path.startswith("/news/") and int(path[6:]) // 1000 == thousand for path in site.asked)


@pytest.fixture(scope="package")  # the tests that use it stand together; it ends after the last of them
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    data = tmp_path_factory.mktemp("prefect")
    outlets = data / "outlets"
    # Another address than the press: outlets of one host share its pace.
    with Press(outlets) as press, closed_port() as closed, WrittenSite("127.0.0.2") as dripping:
        more_outlets(outlets, closed)
        dripping_outlets(outlets, dripping)
        settings = Settings(f"sqlite:///{data}/pressrun.db", outlets, data, "tests@example.org")
        with running_prefect(settings, env=PREFECT_ENV) as running:
            set_schedule(running.api_url, "poll/poll", active=False)  # a poll would change what the tests count
            copy_database(running.home / "prefect.db", data / "new.db")
            yield Prefect(running, settings, press, dripping, data / "new.db")


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite database that is in use."""
    with contextlib.closing(sqlite3.connect(source)) as made, contextlib.closing(sqlite3.connect(target)) as copy:
        made.backup(copy)

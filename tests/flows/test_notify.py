"""Messages about findings: one for each change, to where the setting says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawlers.environment import Settings, read_settings
from crawlers.errors import SettingError
from flows import finding_events
from flows.notify import notify_changes
from storage import frontier, health
from storage.database import Database
from storage.health.findings import finding
from storage.health.store import record_findings
from tests.storage.building import begin

# Apprise imports a module of the standard library that Python 3.13 no longer has, and does without it there.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

SILENT = finding("silent", "error", date(2026, 3, 11), "no articles on 2026-03-11 where 20 are usual")


class Hook:
    """A webhook on loopback that keeps what it gets."""

    def __init__(self) -> None:
        self.status, self.bodies = 200, list[dict[str, str]]()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self.server.server_port}/"


@pytest.fixture(name="hook")
def a_webhook() -> Iterator[Hook]:
    hook = Hook()
    thread = threading.Thread(target=hook.server.serve_forever)
    thread.start()
    yield hook
    hook.server.shutdown()
    thread.join()
    hook.server.server_close()


@pytest.fixture(name="settings")
def some_settings(database: Database, database_url: str, tmp_path: Path, hook: Hook) -> Settings:
    run = begin(database)
    frontier.end_run(database, run.id, "completed", {})
    return Settings(database_url, None, tmp_path, "a@example.org", notify=(hook.url,))


def judged(db: Database, *found: health.Finding) -> None:
    record_findings(db, "example", found, {"silent"}, datetime.now(UTC))


def test_a_finding_is_told_when_it_opens_and_when_it_ends(database: Database, settings: Settings, hook: Hook) -> None:
    judged(database, SILENT)
    assert notify_changes(settings) is None
    judged(database, SILENT)
    assert notify_changes(settings) is None
    (opened,) = hook.bodies
    assert opened["title"] == "Pressrun: example"
    assert "no articles on 2026-03-11 where 20 are usual" in opened["message"]
    assert "deploy/runbook.md#silent" in opened["message"]
    judged(database)
    assert notify_changes(settings) is None
    assert "has ended" in hook.bodies[1]["message"]
    assert len(hook.bodies) == 2


def test_a_message_that_could_not_be_sent_is_sent_next_time(database: Database, settings: Settings, hook: Hook) -> None:
    judged(database, SILENT)
    hook.status = 500
    problem = notify_changes(settings)
    assert problem is not None
    assert "PRESSRUN_NOTIFY" in problem
    hook.status = 200
    assert notify_changes(settings) is None
    assert len(hook.bodies) == 2
    assert notify_changes(settings) is None
    assert len(hook.bodies) == 2


def test_nothing_is_sent_without_the_setting(database: Database, settings: Settings, hook: Hook) -> None:
    judged(database, SILENT)
    assert notify_changes(replace(settings, notify=())) is None
    assert hook.bodies == []


def test_an_address_that_is_none_is_refused_without_repeating_it() -> None:
    with pytest.raises(SettingError, match="PRESSRUN_NOTIFY") as raised:
        read_settings({"PRESSRUN_NOTIFY": "secret@example.org"})
    assert "secret" not in str(raised.value)


def test_a_change_is_an_event_and_an_open_finding_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    emitted: list[tuple[str, str]] = []
    monkeypatch.setattr(
        finding_events, "emit_event", lambda name, resource, payload: emitted.append((name, payload["kind"]))
    )
    changes = [
        {"kind": kind, "change": change}
        for kind, change in (("silent", "new"), ("thin", "open"), ("slow", "recovered"))
    ]
    finding_events.emit_changes("example", changes)
    assert emitted == [("pressrun.outlet.silent", "silent"), ("pressrun.outlet.recovered", "slow")]

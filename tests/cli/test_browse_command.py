"""`pressrun browse` as a process, and what it refuses."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from storage import database as databases
from storage.database import open_database
from tests.calling import Pressrun

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/pressrun.db"
    open_database(url).close()
    return url


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_serves_and_ends_at_a_signal(store: str, end: signal.Signals) -> None:
    command = [sys.executable, "-u", "-m", "flows.cli", "browse", "--db", store, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        assert process.stderr
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert found, (said, process.stderr.read())
        with httpx.Client(timeout=60) as client:  # it keeps its connection open
            assert client.get(found[0]).status_code == 200
            process.send_signal(end)
            assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""


def test_other_machines_need_a_token(pressrun: Pressrun, store: str) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        said = pressrun("browse", "--db", store, "--host", host)
        assert said.code == 2
        assert f"{host} can be reached from other machines; give readers a token" in said.line
    said = pressrun("browse", "--db", store, "--host", "0.0.0.0", "--token", "short")
    assert said.code == 2
    assert "at least 16 ASCII characters" in said.line


def test_a_port_in_use_is_one_sentence(pressrun: Pressrun, store: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = pressrun("browse", "--db", store, "--port", port)
    assert said.code == 2
    assert f"cannot serve at 127.0.0.1:{port}: Address already in use" in said.line


def test_a_store_that_is_missing_or_older_is_one_sentence_and_left_as_it_is(
    pressrun: Pressrun, store: str, tmp_path: Path
) -> None:
    said = pressrun("browse", "--db", f"sqlite:///{tmp_path}/none.db")
    assert said.code == 2
    assert "there is no database" in said.line
    assert not (tmp_path / "none.db").exists()
    db = databases.connect(store)
    databases.downgrade(db, "0011")
    said = pressrun("browse", "--db", store)
    assert said.code == 2
    assert "run: pressrun db upgrade" in said.line
    assert databases.version(db) == "0011"
    db.close()

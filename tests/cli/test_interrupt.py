"""Ctrl-C ends a crawl soon, keeps what was stored, and lets go of the outlet."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from storage import frontier
from storage.database import open_database
from storage.jobs import check_store
from tests.calling import clean_environment
from tests.faults import FaultySite

ROOT = Path(__file__).resolve().parent.parent.parent


def _heed_ctrl_c() -> None:
    """A script's background jobs, these tests among them, start with SIGINT ignored, and so would all their children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupted_crawl_keeps_what_it_stored_and_ends_within_ten_seconds(tmp_path: Path) -> None:
    with FaultySite(["/ok/1", "/ok/2", "/silent"]) as site:
        site.write_outlet(tmp_path / "outlets", timeout=60)
        db = f"sqlite:///{tmp_path}/p.db"
        command = [sys.executable, "-m", "flows.cli", "crawl", "faulty", "--db", db, "--outlets", tmp_path / "outlets"]
        env = clean_environment()
        child = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=env,
            preexec_fn=_heed_ctrl_c,
        )
        site.wait_until_asked(3)
        store = open_database(db)
        until = time.monotonic() + 60
        while frontier.count_pages(store)["stored"] < 2:
            assert time.monotonic() < until, "what was fetched is not stored"
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        stopped = time.monotonic()
        out, err = child.communicate(timeout=30)
        assert time.monotonic() - stopped < 10
    assert child.returncode == 130, err
    assert err.splitlines()[-1] == "pressrun: interrupted; everything done so far is kept"
    assert "faulty: stopped in" in out
    assert frontier.last_runs(store)[0].state == "stopped"
    counts = frontier.count_pages(store)
    assert (counts["stored"], counts["waiting"]) == (2, 1)
    assert check_store(store) == []
    store.close()

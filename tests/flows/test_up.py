"""Starting and ending Prefect for Pressrun, also when things go wrong."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from crawlers.environment import Settings
from flows.errors import AlreadyUpError, PortTakenError, ServerFailedError
from flows.up import prefect_environment, running_prefect
from storage.errors import FolderNotWritableError
from tests.loopback import loopback

from .conftest import LOOK, PREFECT_ENV, Prefect

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(f"sqlite:///{tmp_path}/pressrun.db", None, tmp_path, "tests@example.org")


def test_a_port_that_is_taken_is_named_with_the_remedy(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(PortTakenError, match=f"port {port} on 127.0.0.1 is taken .* --port {port + 1}"),
            running_prefect(settings, port),
        ):
            pass


def test_a_folder_that_cannot_be_written_is_named(settings: Settings) -> None:
    (settings.data / "prefect").write_text("a file")
    with (
        pytest.raises(FolderNotWritableError, match="where the Prefect server keeps its files"),
        running_prefect(settings),
    ):
        pass


def test_a_setting_of_taste_stays_as_the_user_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_WORKER_QUERY_SECONDS", "7")
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example.org/api")
    given = prefect_environment(tmp_path, 4300)
    assert "PREFECT_WORKER_QUERY_SECONDS" not in given
    assert given["PREFECT_API_URL"] == "http://127.0.0.1:4300/api"


@pytest.mark.prefect
def test_a_server_that_does_not_start_is_named_with_its_log(settings: Settings) -> None:
    nowhere = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:////nowhere/at/all.db"}
    with (
        pytest.raises(ServerFailedError, match=r"the Prefect server did not start .* its log is .*server\.log"),
        running_prefect(settings, env=nowhere),
    ):
        pass


@pytest.mark.prefect
def test_a_second_up_says_that_one_runs_already(prefect: Prefect) -> None:
    with (
        pytest.raises(AlreadyUpError, match=rf"runs already \(process {os.getpid()}, {prefect.running.ui_url}\)"),
        running_prefect(prefect.settings),
    ):
        pass


@pytest.fixture
def home(prefect: Prefect, tmp_path: Path) -> Path:
    """A folder for another server, with the tables that the tests' first server has made: saves ten seconds."""
    folder = tmp_path / "prefect"
    folder.mkdir()
    shutil.copy(prefect.new_database, folder / "prefect.db")
    return folder


def state_of(api: str, run: str) -> tuple[str, int]:
    answer = loopback.get(f"{api}/flow_runs/{run}").json()
    return answer["state_name"], answer["run_count"]


def until(api: str, run: str, wanted: tuple[str, int]) -> None:
    deadline = time.monotonic() + 60
    while (state := state_of(api, run)) != wanted:
        assert time.monotonic() < deadline, f"{state} instead of {wanted}"
        time.sleep(LOOK)


@pytest.mark.prefect
def test_a_run_that_was_interrupted_goes_on_at_the_next_start(prefect: Prefect, home: Path, tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path}/pressrun.db", prefect.settings.outlets, tmp_path, "tests@example.org")
    with running_prefect(settings, home=home, env=PREFECT_ENV) as first:
        deployment = loopback.get(f"{first.api_url}/deployments/name/crawl/crawl").json()["id"]
        order = {"parameters": {"outlet": "slow"}, "state": {"type": "SCHEDULED"}}
        run = loopback.post(f"{first.api_url}/deployments/{deployment}/create_flow_run", json=order).json()["id"]
        asked = prefect.press.requests("article")
        until(first.api_url, run, ("Running", 1))
        while prefect.press.requests("article") == asked:
            time.sleep(0.05)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 30
    with running_prefect(settings, home=home, env=PREFECT_ENV) as second:
        until(second.api_url, run, ("Running", 2))
        (entry,) = [
            state for state in loopback.get(f"{second.api_url}/flow_run_states/", params={"flow_run_id": run}).json()
            if state["name"] == "AwaitingRetry"
        ]  # fmt: skip
        assert entry["message"] == "its worker was stopped; it continues when a worker is there"


def started(home: Path, settings: Settings) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """`pressrun up` as a process of its own, and the server and worker that it has started."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from crawlers.environment import Settings\n"
        "from flows.up import up\n"
        f"settings = Settings({settings.db!r}, None, Path({str(home.parent)!r}), 'tests@example.org')\n"
        f"sys.exit(up(settings, 0, progress=lambda line: print(line, flush=True)))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Prefect UI: http://127.0.0.1:"):
            return process, psutil.Process(process.pid).children()
    raise AssertionError(f"it ended with {process.wait()}")


@pytest.mark.prefect
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)])
def test_nothing_outlives_up_however_it_ends(
    prefect: Prefect, home: Path, settings: Settings, number: signal.Signals, code: int
) -> None:
    process, below = started(home, settings)
    assert len(below) == 2
    with process:
        os.kill(process.pid, number)
        assert process.wait(30) == code
        gone, alive = psutil.wait_procs(below, timeout=30)
        assert not alive, f"still there: {alive}"
        assert len(gone) == 2

"""Run a local Prefect server and a worker with the deployments. Does not import Prefect.

    with running_prefect(settings, port) as prefect:
        prefect.api_url, prefect.ui_url

Both processes end when this one ends, however that happens: their standard input is held open by this process.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawlers.environment import Settings
from storage.errors import FolderNotWritableError

from .errors import PortTakenError, ServerFailedError
from .logs import tail
from .places import environment, ui_of
from .supervisor import Supervised, supervising
from .up_lock import only_one
from .worker_settings import WORKER_DEFAULTS

READY = "ready"  # what flows.worker prints when it is ready; here, since importing that module takes a second
HOST = "127.0.0.1"
PORT = 4200
LIMIT = 8  # flow runs at a time on this machine; nightly, poll and backfill need one each, besides their crawls
START_WITHIN = 180.0  # seconds; a first start takes about 12, most of it for the server's tables
KEEP_RUNS = 90 * 24 * 3600  # seconds that the server keeps the history of runs

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RunningPrefect:
    """A server with a worker, both answering. Each is started again when it exits."""

    api_url: str
    ui_url: str  # of its first page
    home: Path
    server: Supervised
    worker: Supervised


@contextlib.contextmanager
def running_prefect(
    settings: Settings,
    port: int = 0,
    *,
    home: Path | None = None,
    limit: int = LIMIT,
    progress: Progress = lambda _: None,
    env: Mapping[str, str] | None = None,
) -> Iterator[RunningPrefect]:
    """Start server and worker and register the deployments; stop both at the end. Port 0 is any free one.

    The files of the server are in `home`, by default data/prefect. Runs that are running at the end are stopped, keep
    what they stored, and continue at the next start. Raises AlreadyUpError, PortTakenError, ServerFailedError,
    FolderNotWritableError.
    """
    home = _folder(home or settings.data / "prefect")
    with contextlib.ExitStack() as stack:
        lock = stack.enter_context(only_one(home))
        port = _free_port(port)
        url = f"http://{HOST}:{port}"
        lock.write(ui_of(f"{url}/api"))
        full = {**os.environ, **prefect_environment(home, port), **environment(settings), **(env or {})}
        progress("starting the Prefect server (the first start creates its tables)")
        server = _process(stack, "server", [], full, home, 10, progress)
        worker = _process(stack, "worker", ["--limit", str(limit), "--alone", "--lifeline"], full, home, 50, progress)
        _wait_for_server(f"{url}/api/health", server.process, home)
        progress("starting the worker and registering the deployments")
        _wait_for_worker(worker.process, home)
        stack.callback(progress, "stopping; running crawls keep what they stored")
        stack.enter_context(supervising([server, worker]))
        yield RunningPrefect(f"{url}/api", ui_of(f"{url}/api"), home, server, worker)


def up(settings: Settings, port: int = PORT, *, limit: int = LIMIT, progress: Progress = print) -> int:
    """Run server and worker until SIGINT or SIGTERM; returns the exit code. Raises the errors of `running_prefect`.

    Either of the two that exits meanwhile is started again; the other one goes on.
    """
    stop = threading.Event()
    with running_prefect(settings, port, limit=limit, progress=progress) as prefect:
        before = [signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)]
        try:
            progress(f"Prefect UI: {prefect.ui_url}  (Ctrl-C stops it)")
            while not stop.wait(60):
                continue
        finally:
            for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
                signal.signal(number, handler)
    return 0


def prefect_environment(home: Path, port: int) -> dict[str, str]:
    """Return the Prefect settings of server, worker and flow runs. Some of them a user may override."""
    url = f"http://{HOST}:{port}"
    fixed = {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": f"{url}/api",
        "PREFECT_UI_URL": ui_of(f"{url}/api"),
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_UI_API_URL": "/api",  # relative, so that it also works through a tunnel or a proxy
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    defaults = {
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # With the default, in memory, a restarted server forgets who holds a slot, and the slot is never freed.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": "5",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEEP_RUNS),
    } | WORKER_DEFAULTS
    if not os.access(_prefect_folder(), os.W_OK):  # the server puts a copy of its pages there
        defaults["PREFECT_SERVER_UI_STATIC_DIRECTORY"] = str(home / "ui")
    return fixed | {name: value for name, value in defaults.items() if name not in os.environ}


def _prefect_folder() -> Path:
    """Return where Prefect is installed; another user than ours may have done that."""
    spec = importlib.util.find_spec("prefect")
    return Path(spec.origin or "").parent / "server" if spec else Path()


def _free_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # also right after another server has ended
        try:
            probe.bind((HOST, port))
        except OSError as taken:
            raise PortTakenError(port) from taken
        free: int = probe.getsockname()[1]
        return free


def _folder(home: Path) -> Path:
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "server.log").touch()
    except OSError as failure:
        raise FolderNotWritableError(
            f"cannot write to {home} ({failure.strerror}), where the Prefect server keeps its files; make it writable, "
            "or set PRESSRUN_DATA"
        ) from failure
    return home


def _process(
    stack: contextlib.ExitStack,
    name: str,
    options: list[str],
    env: Mapping[str, str],
    home: Path,
    grace: float,
    say: Progress,
) -> Supervised:
    """Start a process that is stopped with the stack. The log of its restarts is appended to that of its start.

    The worker registers the deployments at its start alone: a restart should take as little time as it can.
    """
    log = home / f"{name}.log"
    log.write_bytes(b"")
    once = ["--register"] if name == "worker" else []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", f"flows.{name}", *options, *once]
        once.clear()
        with log.open("ab") as file:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if name == "worker" else file,
                stderr=file,
                env=dict(env),
                start_new_session=True,  # Ctrl-C is for us; they are stopped in order
            )

    process = Supervised(name, start, grace, say)
    stack.callback(process.stop)
    return process


def _wait_for_server(health: str, server: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise _failed(f"the Prefect server did not start (exit code {server.returncode})", home, "server")
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(health, timeout=2) as answer:  # noqa: S310
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise _failed(f"the Prefect server did not answer within {START_WITHIN:.0f} s", home, "server")


def _wait_for_worker(worker: subprocess.Popen[bytes], home: Path) -> None:
    line = worker.stdout.readline() if worker.stdout else b""
    if line.decode().strip() != READY:  # an empty line: it ended
        worker.wait()
        raise _failed(f"the Prefect worker did not start (exit code {worker.returncode})", home, "worker")


def _failed(what: str, home: Path, name: str) -> ServerFailedError:
    return ServerFailedError(what, home / f"{name}.log", tail(home / f"{name}.log"))

"""The servers of a cluster as processes of our own: PostgreSQL, Redis, Prefect, and a balancer before the latter."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
START_WITHIN = 300.0  # seconds
STOP_WITHIN = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def until(happened: Callable[[], bool], what: str, seconds: float = START_WITHIN, pause: float = 0.1) -> None:
    """Return when it has happened; AssertionError says what did not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(pause)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


@dataclass
class Service:
    """A process with a log, which can be killed and started again. It does not outlive the tests, if they are killed."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._ending_with_us(), *self.command], env=dict(self.env), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, user=self.user, cwd=self.log.parent,
            )  # fmt: skip

    def _ending_with_us(self) -> list[str]:
        name = self.stop_signal.name.removeprefix("SIG")
        return ["setpriv", "--pdeathsig", name] if shutil.which("setpriv") else []

    def kill(self) -> None:
        """End it as a power cut does, with all it has started in its own session."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_WITHIN)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def until_listening(self, port: int) -> None:
        until(lambda: self._alive() and listens(port), f"{self.name} listens; see {self.log}:\n{self.tail()}")

    def _alive(self) -> bool:
        assert self.process.poll() is None, f"{self.name} has ended: {self.tail()}"
        return True

    def tail(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:] if self.log.exists() else ""


@contextlib.contextmanager
def running(service: Service) -> Iterator[Service]:
    """Run the service until the end, however often it is killed and started again meanwhile."""
    service.start()
    try:
        yield service
    finally:
        service.stop()


@contextlib.contextmanager
def postgres() -> Iterator[int]:
    """The port of a new PostgreSQL, whose superuser `postgres` needs no password. Not run as root, which it refuses."""
    programs = _postgres_programs()
    user = "postgres" if os.geteuid() == 0 else None
    folder, port = Path(tempfile.mkdtemp(prefix="pressrun-cluster-pg-")), free_port()
    try:
        if user:
            os.chown(folder, *pwd.getpwnam(user)[2:4])
        # As in the documentation of PostgreSQL for tests: nobody pulls the plug.
        settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", f"listen_addresses={HOST}",
                    f"unix_socket_directories={folder}", "max_connections=200"]  # fmt: skip
        make = [
            str(programs / "initdb"),
            "-D",
            str(folder / "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
        ]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
        serve = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
        command = serve + [word for setting in settings for word in ("-c", setting)]
        log = folder / "postgres.log"
        with running(Service("PostgreSQL", command, os.environ, log, signal.SIGINT, user)) as service:
            service.until_listening(port)
            yield port
    finally:
        shutil.rmtree(folder)


def _postgres_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    return Path(shutil.which("postgres") or "postgres").parent


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[int]:
    """The port of a Redis that keeps nothing on the disk."""
    port = free_port()
    command = ["redis-server", "--bind", HOST, "--port", str(port), "--save", "", "--appendonly", "no"]
    with running(Service("Redis", command, os.environ, folder / "redis.log")) as service:
        service.until_listening(port)
        yield port


class Balancer:
    """Passes connections on to one server after the other, and over those that refuse: a load balancer's least duty."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports, self._next = list(ports), 0
        self._listening = socket.create_server((HOST, 0), backlog=128)
        self.port = int(self._listening.getsockname()[1])
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, name="balancer")

    def __enter__(self) -> Balancer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        for each in list(self._open):
            _hang_up(each)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = self._connect()
        if server is None:
            client.close()
            return
        ends = (client, server)
        self._open.update(ends)
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()
        self._open.difference_update(ends)
        for each in ends:
            each.close()

    def _connect(self) -> socket.socket | None:
        for _ in self._ports:
            self._next += 1
            with contextlib.suppress(OSError):
                return socket.create_connection((HOST, self._ports[self._next % len(self._ports)]), timeout=10)
        return None


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        source.settimeout(None)
        while data := source.recv(1 << 16):
            target.sendall(data)
    _hang_up(source)
    _hang_up(target)


def _hang_up(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)

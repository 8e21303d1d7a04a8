"""A whole cluster, set up as deploy/compose.cluster.yaml says, and what tests ask it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import yaml

from storage.database import Database, connect
from tests.cluster.services import HOST, Balancer, Service, free_port, postgres, redis, running, until
from tests.cluster.site import ClusterSite
from tests.flows.test_deploy import webhook
from tests.loopback import loopback

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
A_MACHINE = ["unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]
LIMIT = 3  # flow runs at a time of a worker
WITHIN = 900.0  # seconds that a test waits for runs: enough on a machine with ten times the work that it can do
Run = dict[str, Any]


@dataclass(frozen=True)
class LostMachine:
    """A flow run whose whole machine was killed in mid-crawl, and when (seconds since 1970)."""

    run: str
    killed_at: float


@dataclass
class Cluster:
    """Two servers behind a balancer, two workers, one store. `messages`: what automations posted."""

    site: ClusterSite
    folder: Path
    db_url: str
    api: str  # by the balancer
    servers: list[Service]
    ports: list[int]  # of the servers
    environment: Mapping[str, str]  # of workers and commands
    messages: list[dict[str, Any]]
    workers: list[Service] = field(default_factory=list)
    lost: LostMachine | None = None

    def api_of(self, server: int) -> str:
        return f"http://{HOST}:{self.ports[server]}/api"

    def get(self, path: str) -> Any:
        return loopback.get(f"{self.api}/{path}", timeout=30).raise_for_status().json()

    def post(self, path: str, order: Any, api: str = "") -> Any:
        return loopback.post(f"{api or self.api}/{path}", json=order, timeout=30).raise_for_status().json()

    def start(self, deployment: str, **parameters: Any) -> str:
        """Start a run of a deployment; returns its id."""
        found = self.get(f"deployments/name/{deployment}")
        order = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run: str = self.post(f"deployments/{found['id']}/create_flow_run", order)["id"]
        return run

    def until_ended(self, runs: Sequence[str], seconds: float = WITHIN) -> list[Run]:
        """Return the runs when all have ended."""
        found: list[Run] = []
        deadline = time.monotonic() + seconds
        while not found or any(
            run["state_type"] not in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") for run in found
        ):
            assert time.monotonic() < deadline, [(run["name"], run["state_name"]) for run in found]
            time.sleep(1)
            with contextlib.suppress(httpx.TransportError):  # a server was killed
                found = self.runs(id={"any_": list(runs)})
        return found

    def until_completed(self, runs: Sequence[str], seconds: float = WITHIN) -> list[Run]:
        ended = self.until_ended(runs, seconds)
        bad = [(run["name"], run["state"]) for run in ended if run["state_type"] != "COMPLETED"]
        assert not bad, bad
        return ended

    def runs(self, **which: Any) -> list[Run]:
        found: list[Run] = self.post("flow_runs/filter", {"flow_runs": which, "limit": 200})
        return found

    def children(self, run: str) -> list[Run]:
        return self.runs(parent_flow_run_id={"any_": [run]})

    def driver(self, run: str) -> int:
        """The process id of the worker that took the run; 0 if none has."""
        return int(self.get(f"flow_runs/{run}").get("labels", {}).get("pressrun.worker.pid", 0))

    def drivers(self, runs: Sequence[Run]) -> set[int]:
        return {self.driver(run["id"]) for run in runs}

    def history(self, run: str) -> list[Run]:
        states: list[Run] = self.get(f"flow_run_states/?flow_run_id={run}")
        return states

    @property
    def pids(self) -> set[int]:
        """The process ids of the two workers."""
        return {worker.process.pid for worker in self.workers}

    @contextlib.contextmanager
    def store(self) -> Iterator[Database]:
        with contextlib.closing(connect(self.db_url)) as db:
            yield db

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer of the store to an SQL query."""
        with psycopg.connect(self.db_url) as connection:
            return connection.execute(query).fetchall()

    def assert_stored_once(self, *outlets: str) -> None:
        """Every article of these outlets is stored, none twice, and no page waits."""
        names = ", ".join(f"'{name}'" for name in outlets)
        stored = [url for (url,) in self.rows(f"SELECT url FROM articles WHERE outlet_id IN ({names})")]
        assert sorted(stored) == sorted(self.site.urls(*outlets))
        waiting = self.rows(f"SELECT url, state FROM pages WHERE outlet_id IN ({names}) AND article_id IS NULL")
        assert waiting == []


def compose(name: str) -> Any:
    """The file of deploy/, without `!override`, a tag that only compose knows."""
    return yaml.safe_load((ROOT / "deploy" / name).read_text(encoding="utf-8").replace("!override", ""))


def messaging(redis_port: int) -> dict[str, str]:
    """The settings of the servers in compose.cluster.yaml, for a Redis on this machine."""
    messages = compose("compose.cluster.yaml")["x-messages"]
    there = {name: value.replace("redis:6379", f"{HOST}:{redis_port}") for name, value in messages.items()}
    return there | {"PREFECT_REDIS_MESSAGING_HOST": HOST, "PREFECT_REDIS_MESSAGING_PORT": str(redis_port)}


def server_commands() -> list[list[str]]:
    """The commands of the two servers in compose.yaml and compose.cluster.yaml."""
    first = compose("compose.yaml")["x-server"]
    second = compose("compose.cluster.yaml")["services"]["server-2"]
    return [[HOST if word == "0.0.0.0" else word for word in each["command"]] for each in (first, second)]


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PRESSRUN_", "PREFECT_"))}


def create_databases(port: int) -> tuple[str, str]:
    """Make both databases as deploy/postgres-init.sql says; returns the URLs of ours and of Prefect's."""
    server = f"postgresql://postgres@{HOST}:{port}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE pressrun")
        connection.execute("CREATE DATABASE prefect")
    with psycopg.connect(f"{server}/prefect", autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    return f"{server}/pressrun", f"{server}/prefect".replace("postgresql:", "postgresql+asyncpg:")


def server(number: int, port: int, folder: Path, settings: Mapping[str, str]) -> Service:
    home = folder / f"server-{number}"
    home.mkdir()
    env = clean_environment() | settings | {
        "PREFECT_HOME": str(home), "PREFECT_SERVER_API_PORT": str(port), "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1", "PREFECT_UI_URL": "http://pressrun.example",
    }  # fmt: skip
    command = [str(BIN / "prefect"), *server_commands()[number], "--port", str(port)]
    return Service(f"server {number}", command, env, folder / f"server-{number}.log")


def worker(name: str, cluster: Cluster, *before: str) -> Service:
    """A worker; `before`: words that stand before its command."""
    home = cluster.folder / name
    home.mkdir(exist_ok=True)
    command = [*before, sys.executable, "-m", "flows.cli", "worker", "--limit", str(LIMIT)]
    env = {**cluster.environment, "PREFECT_HOME": str(home)}
    return Service(name, command, env, cluster.folder / f"{name}.log")


def healthy(port: int) -> bool:
    try:
        return loopback.get(f"http://{HOST}:{port}/api/health", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def online(cluster: Cluster) -> int:
    """How many workers the servers know as online."""
    found = cluster.post("work_pools/pressrun/workers/filter", {})
    return sum(each["status"] == "ONLINE" for each in found)


@contextlib.contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Start everything, in the order of the compose files; stop everything at the end."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        site = enter(ClusterSite())
        site.write_outlets(folder / "outlets")
        db_url, prefect_url = create_databases(enter(postgres()))
        settings = messaging(enter(redis(folder))) | {"PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect_url}
        ports = [free_port(), free_port()]
        servers = [server(number, port, folder, settings) for number, port in enumerate(ports)]
        balancer = enter(Balancer(ports))
        hook, messages, _ = enter(webhook())
        environment = clean_environment() | {
            "PREFECT_API_URL": f"http://{HOST}:{balancer.port}/api",
            "PREFECT_LOGGING_LEVEL": "INFO", "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "PRESSRUN_DB": db_url, "PRESSRUN_DATA": str(folder / "data"), "PRESSRUN_OUTLETS": str(folder / "outlets"),
            "PRESSRUN_CONTACT": "tests@example.org", "PREFECT_HOME": str(folder / "commands"),
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        cluster = Cluster(
            site, folder, db_url, environment["PREFECT_API_URL"], servers, ports, environment, messages
        )  # fmt: skip
        for each, port in zip(servers, ports, strict=True):
            enter(running(each))
            until(lambda port=port: healthy(port), f"server at {port}")
            if each is servers[0]:
                deploying = enter(running(deploy(cluster, hook)))
        assert deploying.process.wait(WITHIN) == 0, deploying.tail()
        lose = enter(another_machine(cluster))
        for name in ("worker-a", "worker-b"):
            cluster.workers.append(enter(running(worker(name, cluster))))
        until(lambda: online(cluster) >= 2, "both workers are online")
        cluster.lost = lose()
        yield cluster


@contextlib.contextmanager
def another_machine(cluster: Cluster) -> Iterator[Callable[[], LostMachine | None]]:
    """A worker in namespaces of its own: another host name, other process ids, as on another machine. It has a run.

    The function kills it in mid-crawl. Where namespaces are not allowed, there is none.
    """
    if subprocess.run([*A_MACHINE, "hostname", "elsewhere"], check=False, capture_output=True).returncode:
        yield lambda: None
        return
    rename = ["sh", "-ec", 'hostname elsewhere; exec "$@"', "sh"]
    with running(worker("worker-elsewhere", cluster, *A_MACHINE, *rename)) as service:
        run = cluster.start("crawl/crawl", outlet="held_b")
        until(lambda: cluster.driver(run) != 0, "the worker of the other machine takes the run")

        def lose() -> LostMachine:
            cluster.site.wait_for("held_b", 3)
            service.kill()
            killed_at = time.time()
            cluster.site.allow("held_b")
            return LostMachine(run, killed_at)

        yield lose


def deploy(cluster: Cluster, hook: str) -> Service:
    """The service `deploy` of compose.yaml: tables, then deployments; here with a webhook for the automations."""
    pressrun = f"{sys.executable} -m flows.cli"
    command = ["sh", "-ec", f"{pressrun} db upgrade && {pressrun} deploy --notify {hook}"]
    return Service("deploy", command, cluster.environment, cluster.folder / "deploy.log")

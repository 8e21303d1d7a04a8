"""A real server over a small archive, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn

from crawlers.catalog import load_outlets
from flows.browse import Address, Archive, bind, create_app
from storage.database import Database, open_database, open_for_reading
from tests.flows.reading import outlet_files, small_archive

TOKEN = "a-token-that-is-long-enough"


@dataclass(frozen=True)
class Served:
    """An archive that is being served. `db`: for writing to it meanwhile."""

    url: str
    client: httpx.Client
    db: Database
    runs: dict[str, int]

    def get(self, path: str, **more: object) -> httpx.Response:
        return self.client.get(path, **more)  # type: ignore[arg-type]

    def json(self, path: str, **more: object) -> dict[str, object]:
        answer = self.get(path, **more)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found

    def id_of(self, outlet: str, number: int | str) -> int:
        listed = self.json("/api/v1/articles", params={"outlet": outlet, "which": "all"})["articles"]
        assert isinstance(listed, list)
        return next(each["id"] for each in listed if each["url"].endswith(f"/{number}"))


@contextmanager
def served(url: str, folder: Path, token: str | None = None) -> Iterator[str]:
    """Serve a store; yields the address."""
    db = open_for_reading(url)
    app = create_app(Archive(db, load_outlets(outlet_files(folder / "outlets"))), token)
    with bind(Address("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            db.close()


@pytest.fixture
def archive(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """A small archive, served without a token."""
    with ExitStack() as stack:
        db = open_database(database_url)
        stack.callback(db.close)
        runs = small_archive(db, datetime.now(UTC).replace(microsecond=0))
        url = stack.enter_context(served(database_url, tmp_path))
        client = stack.enter_context(httpx.Client(base_url=url, timeout=60))
        yield Served(url, client, db, runs)

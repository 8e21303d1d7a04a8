"""A site of many outlets, each at an address of its own on loopback, whose feeds have nothing new."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from bench.poll import feed
from crawlers.environment import Settings
from storage import frontier
from storage.database import open_database
from storage.frontier import FinishedPage, Rejected, RunRequest, SeedFetch
from storage.model import Link

ITEMS = 30
ETAG = '"as-ever"'


class _Handler(BaseHTTPRequestHandler):
    """All outlets; which one is asked shows in the Host header."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            return self._send(200, "text/plain", b"User-agent: *\nDisallow: /search\n")
        if self.headers.get("If-None-Match") == ETAG:
            return self._send(304, "text/xml", b"")
        return self._send(200, "text/xml", feed(f"http://{self.headers['Host']}", ITEMS, ITEMS))

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", ETAG)
        self.end_headers()
        self.wfile.write(body)


class NightSite:
    """The site; `names` are the ids of its outlets."""

    def __init__(self, outlets: int) -> None:
        self.names = [f"bench_{n}" for n in range(outlets)]
        self._server = ThreadingHTTPServer(("0.0.0.0", 0), _Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def origin(self, number: int) -> str:
        return f"http://127.{1 + number // 250}.1.{1 + number % 250}:{self._server.server_port}"

    def write_outlets(self, folder: Path) -> None:
        """Write FOLDER/ID.toml for each outlet."""
        folder.mkdir()
        for number, name in enumerate(self.names):
            origin = self.origin(number)
            (folder / f"{name}.toml").write_text(
                f'name = "Bench {number}"\nhome = "{origin}/"\ncountry = "xx"\nlanguages = ["en"]\ntimezone = "UTC"\n'
                "allow_private = true\n[urls]\narticle = '/news/\\d+$'\n"
                f'[[seeds]]\nkind = "feed"\nurl = "{origin}/feed.xml"\n'
            )

    def make_all_known(self, settings: Settings) -> None:
        """Make the ledger as an earlier night left it: the feed's validators kept, all of its pages ended."""
        db = open_database(settings.db)
        for number, name in enumerate(self.names):
            origin = self.origin(number)
            run = frontier.start_run(db, RunRequest(name, f"Bench {number}", "crawl"))
            links = [Link(f"{origin}/news/{n}") for n in range(1, ITEMS + 1)]
            fetch = SeedFetch("feed", f"{origin}/feed.xml", None, etag=ETAG, status=200, entries=ITEMS)
            frontier.discover(db, run, fetch, links)
            now = datetime.now(UTC)
            leases = frontier.lease(db, run, ITEMS, now=now)
            frontier.finish(db, run, [FinishedPage(lease.page_id, Rejected("too_short"), now) for lease in leases], now)
            frontier.end_run(db, run.id, "completed", {})
        db.close()

"""A site on loopback that keeps a list of what it was asked for, and that a test can wait for."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from tests.past.apis import Query

Answer = tuple[int, str, bytes, dict[str, str]]  # status, content type, body, further headers
NOT_FOUND: Answer = (404, "text/html; charset=utf-8", b"<title>Not found</title><h1>Not found</h1>", {})
PATIENCE = 120.0  # seconds that a test waits for requests before it fails


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: _Server

    def log_message(self, *args: object) -> None:
        """The site keeps its own list."""

    def do_GET(self) -> None:
        status, kind, body, headers = self.server.site.respond(self.path)
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Site, host: str) -> None:
        self.site = site
        super().__init__((host, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no news."""


class Site:
    """A context manager; `answer(path, query)` is what its subclasses give."""

    robots = b"User-agent: *\nAllow: /\n"

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.hits: list[str] = []
        self._changed = threading.Condition()
        self._server = _Server(self, host)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="site of the past")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def origin(self) -> str:
        return f"http://{self._server.server_address[0]!s}:{self._server.server_address[1]}"

    def respond(self, target: str) -> Answer:
        with self._changed:
            self.hits.append(target)
            self._changed.notify_all()
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return 200, "text/plain", self.robots, {}
        return self.answer(parts.path, dict(parse_qsl(parts.query)))

    def answer(self, path: str, query: Query) -> Answer:
        return NOT_FOUND

    def asked(self, which: Callable[[str], bool]) -> Counter[str]:
        """The addresses asked for that fit, and how often."""
        return Counter(hit for hit in self.hits if which(hit))

    def wait_for(self, count: int, which: Callable[[str], bool]) -> None:
        """Return when so many requests that fit have come; TimeoutError if they do not come."""
        until = time.monotonic() + PATIENCE
        with self._changed:
            while sum(map(which, self.hits)) < count:
                if not self._changed.wait(max(0.0, until - time.monotonic())):
                    raise TimeoutError(f"{count} requests were expected; there were {len(self.hits)} in all")

    def forget(self) -> None:
        self.hits.clear()

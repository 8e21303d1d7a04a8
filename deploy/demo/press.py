"""Three outlets on loopback, each on an address of its own, for the demo and for tests.

    with Press() as press:
        press.outlet_folder            # their outlet files: demo_herald, demo_digest, demo_xeber
        press.requests("article")      # requests of a kind so far: article, seed, robots, missing
        press.stats()                  # the same in full, as GET /-/stats on any of them gives it
        press.publish(2)               # two of the articles that were held back; POST /-/publish?n=2 does it, too

Every answer has an ETag and Last-Modified, and conditional requests are answered by 304.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import socket
import tempfile
import threading
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from .pages import OTHER, article_page, other_page, path_of
from .seeds import seed_document
from .stories import HERE, OUTLETS, Story, all_stories

HELD_BACK = 5  # articles that appear only when they are published
IDLE = 30  # seconds until an unused connection is closed
ROBOTS = b"User-agent: *\nDisallow: /search/\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE
    server: _Server

    def log_message(self, *args: object) -> None:
        """The press keeps counts, not a log."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        press, outlet = self.server.press, self.server.outlet
        if parts.path == "/-/stats":
            return self._send(200, "application/json", json.dumps(press.stats()).encode())
        kind, status, content, body = press.answer(outlet, parts.path, parse_qs(parts.query))
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        modified = format_datetime(press.modified(outlet, parts.path), usegmt=True)
        status = 304 if status == 200 and self._same(etag, modified) else status
        press.count(outlet, kind, status, parts.path)
        validators = {"ETag": etag, "Last-Modified": modified} if status in (200, 304) else {}
        return self._send(status, content, b"" if status == 304 else body, **validators)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        number = parse_qs(parts.query).get("n", ["1"])[0]
        if parts.path != "/-/publish" or not number.isdigit():
            return self._send(404, "text/plain", b"POST /-/publish?n=NUMBER\n")
        shown = self.server.press.publish(int(number))
        return self._send(200, "application/json", json.dumps({"shown": shown}).encode())

    def _same(self, etag: str, modified: str) -> bool:
        if asked := self.headers.get("If-None-Match"):
            return etag in asked
        return self.headers.get("If-Modified-Since") == modified

    def _send(self, status: int, content: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for them, so that nothing outlives the press
    request_queue_size = 64

    def __init__(self, press: Press, outlet: str, host: str) -> None:
        self.press, self.outlet = press, outlet
        self._open: set[socket.socket] = set()
        super().__init__((host, 0), _Handler)

    @property
    def origin(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Press:
    """The three outlets; a context manager. Outlet files go to `folder`, or to a temporary one."""

    def __init__(self, folder: Path | None = None, *, held_back: int = HELD_BACK) -> None:
        self._given = folder
        self._stories = all_stories()
        self._shown = len(self._stories) - held_back
        self._counts: Counter[tuple[str, str, int]] = Counter()
        self._articles: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._servers = {outlet: _listen(self, outlet, number) for number, outlet in enumerate(OUTLETS, 1)}
        self._threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), name=f"press {outlet}")
            for outlet, server in self._servers.items()
        ]

    def __enter__(self) -> Self:
        self.outlet_folder = self._given or Path(tempfile.mkdtemp(prefix="press-"))
        self.outlet_folder.mkdir(parents=True, exist_ok=True)
        for outlet, server in self._servers.items():
            template = (HERE / "outlets" / f"demo_{outlet}.toml").read_text(encoding="utf-8")
            file = self.outlet_folder / f"demo_{outlet}.toml"
            file.write_text(template.replace("ORIGIN", server.origin), encoding="utf-8")
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.hang_up()
            server.server_close()
        for thread in self._threads:
            thread.join()
        if self._given is None:
            shutil.rmtree(self.outlet_folder)

    def origin(self, outlet: str) -> str:
        """Scheme, host and port of an outlet: "herald", "digest" or "xeber"."""
        return self._servers[outlet].origin

    def stories(self, outlet: str) -> list[Story]:
        """What the outlet has published so far, newest first."""
        return [story for story in reversed(self._stories[: self._shown]) if story.outlet == outlet]

    def publish(self, number: int = 1) -> int:
        """Publish the next articles that were held back, oldest first; returns how many are out in all."""
        with self._lock:
            self._shown = min(len(self._stories), self._shown + number)
            return self._shown

    def requests(self, kind: str, status: int | None = None, outlet: str | None = None) -> int:
        """How many requests of a kind came so far: "article", "seed", "robots" or "missing"."""
        with self._lock:
            return sum(
                count
                for (of, what, said), count in self._counts.items()
                if what == kind and status in (None, said) and outlet in (None, of)
            )

    def stats(self) -> dict[str, Any]:
        """What was published and asked for: counts by outlet, kind and status, and by article."""
        with self._lock:
            requests = {" ".join(map(str, key)): count for key, count in sorted(self._counts.items())}
            return {"shown": self._shown, "requests": requests, "articles": dict(sorted(self._articles.items()))}

    def count(self, outlet: str, kind: str, status: int, path: str) -> None:
        with self._lock:
            self._counts[outlet, kind, status] += 1
            if kind == "article":
                self._articles[f"{outlet} {path}"] += 1

    def modified(self, outlet: str, path: str) -> datetime:
        """When what is at the path last changed: a story when it appeared, everything else with the newest story."""
        stories = self.stories(outlet)
        return next((story.published for story in stories if path_of(story) == path), stories[0].published).astimezone(
            UTC
        )

    def answer(self, outlet: str, path: str, query: dict[str, list[str]]) -> tuple[str, int, str, bytes]:
        """Kind of request, status, content type and body for a path."""
        if path == "/robots.txt":
            return "robots", 200, "text/plain", ROBOTS
        stories = self.stories(outlet)
        if seed := seed_document(outlet, path, query, stories, self.origin(outlet)):
            return "seed", 200, *seed
        html = "text/html; charset=utf-8"
        if kind := OTHER[outlet].get(path):
            status, text = other_page(kind, stories)
            return "article", status, html, text.encode()
        for story in stories:
            if path_of(story) == path:
                others = [other for other in stories[:6] if other is not story]
                return "article", 200, html, article_page(story, self.origin(outlet), others).encode()
        return "missing", 404, html, other_page("gone", [])[1].encode()


def _listen(press: Press, outlet: str, number: int) -> _Server:
    """A server on 127.0.0.NUMBER, so that each outlet is a host of its own; where only 127.0.0.1 exists, on that."""
    try:
        return _Server(press, outlet, f"127.0.0.{number}")
    except OSError:
        return _Server(press, outlet, "127.0.0.1")

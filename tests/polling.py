"""Running a real poll in a test, and a site on loopback whose documents a test writes."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.calling import clean_environment
from tests.crawling import Crawled, finish
from tests.forked_program import ForkedProgram


def start(*outlets: str, everything: bool = False, **places: Any) -> ForkedProgram:
    """A poll process that has its order; its standard input is held open by the caller. `places`: db, outlets, data."""
    order = {"polled": outlets, "everything": everything} | {name: str(place) for name, place in places.items()}
    child = ForkedProgram("crawlers.poll", clean_environment())
    assert child.stdin is not None
    child.stdin.write(json.dumps(order) + "\n")
    child.stdin.flush()
    return child


def poll(*outlets: str, everything: bool = False, **places: Any) -> Crawled:
    """A whole poll, from start to end."""
    return finish(start(*outlets, everything=everything, **places))


def lines(polled: Crawled) -> dict[str, dict[str, Any]]:
    """What was said of each outlet."""
    return {line["outlet"]: line for line in polled.lines if line["type"] == "polled"}


@dataclass
class Document:
    """What a path answers. `gate`: the answer waits for it; `status` 0: the connection is closed without one."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    gate: threading.Event | None = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        with contextlib.suppress(OSError):  # a poll that was killed hangs up
            self._answer()

    def _answer(self) -> None:
        site: WrittenSite = self.server.site  # type: ignore[attr-defined]
        with site.changed:
            site.asked.append(self.path)
            site.changed.notify_all()
        document = site.documents.get(self.path, Document(status=404))
        if document.gate:
            document.gate.wait(30)
        body = document.body.replace("ORIGIN", site.origin).encode()
        self.send_response(document.status)
        for name, value in document.headers.items():
            self.send_header(name, value.replace("ORIGIN", site.origin))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class WrittenSite:
    """The site: `documents` by path; ORIGIN in a body is its address. Everything below /news/ is an article."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.documents: dict[str, Document] = {}
        self.asked: list[str] = []
        self.changed = threading.Condition()
        self._server = ThreadingHTTPServer((host, 0), _Handler)
        self._server.daemon_threads = True
        self._server.site = self  # type: ignore[attr-defined]
        self.origin = f"http://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for document in self.documents.values():
            if document.gate:
                document.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_until_asked(self, paths: int, seconds: float = 60) -> None:
        """Return when that many requests came."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.asked) >= paths, seconds), self.asked

    def write_outlet(
        self, folder: Path, name: str, *seeds: str, private: bool = True, fetch: str = "delay = 0"
    ) -> None:
        """FOLDER/NAME.toml; a seed is TOML such as `kind = "feed"\\nurl = "ORIGIN/rss"`."""
        folder.mkdir(exist_ok=True)
        tables = "".join(f"\n[[seeds]]\n{seed}" for seed in seeds)
        text = (
            f'name = "{name}"\nhome = "ORIGIN/"\ncountry = "xx"\nlanguages = ["en"]\ntimezone = "UTC"\n'
            f"allow_private = {str(private).lower()}\n[urls]\narticle = '/news/\\d+$'\n[fetch]\n{fetch}\n{tables}\n"
        )
        (folder / f"{name}.toml").write_text(text.replace("ORIGIN", self.origin))


def rss(*numbers: int, channel: str = "", dated: bool = False) -> str:
    """A feed of these articles; `dated`: one came every minute of 4 March 2025."""
    date = "<pubDate>Tue, 04 Mar 2025 {:02}:{:02}:00 GMT</pubDate>" if dated else ""
    items = "".join(
        f"<item><title>Story {n}</title><link>ORIGIN/news/{n}</link>{date.format(*divmod(n, 60))}</item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'


def listing(*numbers: int, older: str | None = None) -> str:
    """A page of links to these articles, and to the next page."""
    links = "".join(f'<a href="/news/{n}">Story {n} of the town</a>' for n in numbers)
    return f"<html><body>{links}{f'<a rel=next href={older}>Older</a>' if older else ''}</body></html>"

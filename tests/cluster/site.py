"""Many outlets on loopback, each at an address of its own: feeds for tonight, sitemaps of months for the past."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tests.past import sitemaps
from tests.past.stories import Story, stories

PAST = (date(2024, 1, 1), date(2024, 1, 31))
RUNNING = 20  # outlets with a feed of five articles
HELD = ("held_a", "held_b", "held_c")  # outlets with a feed of eight, which answer as many as a test allows
ASKED_FIRST = 2  # articles that such an outlet answers at once
OLD = tuple(f"old_{n}" for n in range(4))  # outlets with a month of an article in five days
PATIENCE = 290.0  # seconds
MONTH = re.compile(r"/sitemaps/(\d{4})_(\d\d)\.xml")


@dataclass(frozen=True)
class Outlet:
    """An outlet of the site: its number makes its address, and its articles are no other outlet's."""

    name: str
    number: int
    articles: Sequence[Story]
    seed: str
    fetch: str = "delay = 0.0\nconcurrency = 2"

    @property
    def host(self) -> str:
        return f"127.9.{self.number // 200}.{1 + self.number % 200}"


def _articles(number: int, count: int) -> list[Story]:
    told = stories(date(2025, 3, 1), date(2025, 3, count), 1)
    return [Story(1000 * (number + 1) + nth, story.at, story.dated) for nth, story in enumerate(told)]


def _old(number: int) -> list[Story]:
    told = stories(*PAST, 1)[::5]
    return [Story(1000 * (number + 1) + nth, story.at, story.dated) for nth, story in enumerate(told)]


def all_outlets() -> list[Outlet]:
    feed = 'kind = "feed"\nurl = "ORIGIN/feed.xml"'
    months = 'kind = "dated_sitemap"\nurl = "ORIGIN/sitemaps/{year}_{month:02}.xml"'
    made = [Outlet(f"news_{n}", n, _articles(n, 5), feed) for n in range(RUNNING)]
    for name in HELD:
        made.append(
            Outlet(name, len(made), _articles(len(made), 8), feed, "delay = 0.0\nconcurrency = 1\ntimeout = 300")
        )
    return made + [Outlet(name, len(made) + n, _old(len(made) + n), months) for n, name in enumerate(OLD)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def log_message(self, *args: object) -> None:
        """The site counts."""

    def do_GET(self) -> None:
        status, kind, body = self.server.site.answer(self.headers["Host"].partition(":")[0], self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: ClusterSite) -> None:
        self.site = site
        super().__init__(("0.0.0.0", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no news."""


class ClusterSite:
    """The outlets, served; a context manager. `asked` counts the requests for each article of an outlet."""

    def __init__(self) -> None:
        self.outlets = {outlet.name: outlet for outlet in all_outlets()}
        self.asked: dict[str, Counter[str]] = {name: Counter() for name in self.outlets}
        self._allowed = dict.fromkeys(HELD, ASKED_FIRST)
        self._answered: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._by_host = {outlet.host: outlet for outlet in self.outlets.values()}
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="site of the cluster")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for name in HELD:
            self.allow(name)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def allow(self, name: str, more: int = 1_000_000) -> None:
        """Let the outlet answer so many more requests for articles."""
        with self._changed:
            self._allowed[name] += more
            self._changed.notify_all()

    def origin(self, outlet: Outlet) -> str:
        return f"http://{outlet.host}:{self._server.server_address[1]}"

    def urls(self, *names: str) -> set[str]:
        """The addresses of all articles of these outlets."""
        outlets = [self.outlets[name] for name in names]
        return {self.origin(outlet) + story.path for outlet in outlets for story in outlet.articles}

    def answer(self, host: str, path: str) -> tuple[int, str, bytes]:
        outlet = self._by_host[host]
        if path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nAllow: /\n"
        if path == "/feed.xml":
            return 200, "text/xml", self._feed(outlet)
        if month := MONTH.fullmatch(path):
            return 200, "text/xml", self._month(outlet, int(month[1]), int(month[2]))
        for story in outlet.articles:
            if story.path == path:
                self._ask(outlet.name, path)
                return 200, "text/html; charset=utf-8", story.page()
        return 404, "text/html", b"<h1>Not found</h1>"

    def _feed(self, outlet: Outlet) -> bytes:
        items = "".join(
            f"<item><title>{story.title}</title><link>{self.origin(outlet)}{story.path}</link></item>"
            for story in outlet.articles
        )
        return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def _month(self, outlet: Outlet, year: int, month: int) -> bytes:
        shown = [story for story in outlet.articles if (story.day.year, story.day.month) == (year, month)]
        return sitemaps.urlset(shown, self.origin(outlet))

    def _ask(self, name: str, path: str) -> None:
        """Count a request for an article, and wait until the outlet may answer it."""
        with self._changed:
            self.asked[name][path] += 1
            self._changed.notify_all()
            if name in self._allowed:
                self._changed.wait_for(lambda: self._answered[name] < self._allowed[name], PATIENCE)
                self._answered[name] += 1

    def wait_for(self, name: str, articles: int) -> None:
        """Return when so many requests for articles of the outlet have come."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.asked[name].total() >= articles, PATIENCE)
        assert came, f"{name}: {self.asked[name].total()} of {articles} articles"

    def write_outlets(self, folder: Path) -> None:
        """Write FOLDER/ID.toml for each outlet."""
        folder.mkdir()
        for outlet in self.outlets.values():
            text = (
                f'name = "{outlet.name}"\nhome = "ORIGIN/"\ncountry = "az"\nlanguages = ["en"]\n'
                'timezone = "Asia/Baku"\nallow_private = true\n'
                f"[urls]\narticle = '^ORIGIN/news/\\d+\\.html$'\n[fetch]\n{outlet.fetch}\n[[seeds]]\n{outlet.seed}\n"
            )
            (folder / f"{outlet.name}.toml").write_text(text.replace("ORIGIN", self.origin(outlet)), encoding="utf-8")

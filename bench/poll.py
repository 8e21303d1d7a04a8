"""What a poll of many outlets costs: CPU, memory and time, on feeds of our own.

    python bench/poll.py [--outlets 200] [--items 30] [--db URL]

Each outlet has an address of its own on loopback (127.x.y.z), robots.txt, and a feed with ETag. Polled three times:
everything is new, one new article each, nothing changed. Prints one table.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.crawl import measured
from crawlers.environment import read_settings
from crawlers.job import PollOrder

START = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


class Site(BaseHTTPRequestHandler):
    """All outlets; which one is asked shows in the Host header."""

    protocol_version = "HTTP/1.1"
    items = 30
    newest = 30

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        etag = f'"{self.newest}"'
        if self.path == "/robots.txt":
            return self._send(200, "text/plain", b"User-agent: *\nDisallow: /search\n")
        if self.headers.get("If-None-Match") == etag:
            return self._send(304, "text/xml", b"", etag)
        return self._send(200, "text/xml", feed(f"http://{self.headers['Host']}", self.newest, self.items), etag)

    def _send(self, status: int, kind: str, body: bytes, etag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)


def feed(origin: str, newest: int, items: int) -> bytes:
    """An RSS feed of the newest articles, one every twelve minutes."""
    entries = "".join(
        f"<item><title>Council meets for the {n}th time</title><link>{origin}/news/{n}</link>"
        f"<pubDate>{format_datetime(START + n * timedelta(minutes=12))}</pubDate><category>City</category>"
        f"<description>{'The council met in the old harbour hall. ' * 8}</description></item>"
        for n in range(newest, newest - items, -1)
    )
    return f'<rss version="2.0"><channel><title>Bench</title>{entries}</channel></rss>'.encode()


def outlet_files(folder: Path, number: int, port: int) -> None:
    folder.mkdir()
    for n in range(number):
        origin = f"http://127.{1 + n // 250}.1.{1 + n % 250}:{port}"
        (folder / f"bench_{n}.toml").write_text(
            f'name = "Bench {n}"\nhome = "{origin}/"\ncountry = "xx"\nlanguages = ["en"]\ntimezone = "UTC"\n'
            "allow_private = true\n[urls]\narticle = '/news/\\d+$'\n"
            f'[[seeds]]\nkind = "feed"\nurl = "{origin}/feed.xml"\n'
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--outlets", type=int, default=200)
    options.add_argument("--items", type=int, default=30)
    options.add_argument("--db", help="default: a temporary SQLite file")
    given = options.parse_args()
    Site.items = Site.newest = given.items
    server = ThreadingHTTPServer(("0.0.0.0", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in [name for name in os.environ if name.startswith("PRESSRUN_")]:
        del os.environ[name]
    print(f"{'':28}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        outlet_files(base / "outlets", given.outlets, server.server_address[1])
        names = tuple(f"bench_{n}" for n in range(given.outlets))
        settings = read_settings(
            db=given.db or f"sqlite:///{base}/bench.db", outlets=base / "outlets", data=base / "data"
        )
        order = PollOrder(settings, names, everything=True).encode().decode()
        for label, newer in (("everything is new", 0), ("one new article each", 1), ("nothing changed", 0)):
            Site.newest += newer
            wall, cpu, peak, out = measured([sys.executable, "-m", "crawlers.poll"], order)
            print(f"{label:28}{wall:8.1f}{cpu:8.1f}{peak:9.0f}", flush=True)
            counts = json.loads(out.splitlines()[-1])["counts"]
            if counts["problems"] or counts["requests"] != {
                "seed": given.outlets,
                "robots": given.outlets,
                "article": 0,
            }:
                sys.exit(f"the poll did not go as it should: {counts}")


if __name__ == "__main__":
    main()

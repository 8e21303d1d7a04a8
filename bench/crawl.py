"""What a crawl costs: articles a second, CPU and memory per article, against fetching alone in the same run.

    python bench/crawl.py [--articles 400] [--db URL]

A site of our own on loopback serves article pages of about 40 kB. The baseline is Scrapy fetching the same pages into
nothing; the figure to look at is the ratio, since machines differ and are noisy. Prints one table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORDS = [
    "harbour",
    "council",
    "ferry",
    "budget",
    "vote",
    "bridge",
    "winter",
    "market",
    "school",
    "railway",
    "minister",
    "farmer",
    "tariff",
    "festival",
    "museum",
    "engineer",
    "river",
    "valley",
    "pipeline",
    "storm",
    "library",
    "orchard",
    "deputy",
    "export",
    "summit",
    "clinic",
    "tournament",
    "archive",
    "border",
    "customs",
]


@cache
def page(number: int) -> bytes:
    """An article page of twelve paragraphs between menus, with declared metadata; always the same for a number."""
    chance = random.Random(number)

    def sentence() -> str:
        return " ".join(chance.choices(WORDS, k=14)).capitalize() + "."

    body = "".join(f"<p>{' '.join(sentence() for _ in range(4))}</p>" for _ in range(12))
    links = "".join(
        f'<li><a href="/section/{i}">{chance.choice(WORDS)} {chance.choice(WORDS)}</a></li>' for i in range(300)
    )
    title = f"{sentence()[:-1]} {number}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Bench Post</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="2025-03-{1 + number % 28:02}T10:{number % 60:02}:00+04:00">'
        "</head>"
        f"<body><nav><ul>{links}</ul></nav><article><h1>{title}</h1>{body}</article><footer>{links}</footer></body></html>"
    ).encode()


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    articles = 0

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        status, body = 200, b""
        origin = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path == "/sitemap.xml":
            urls = "".join(f"<url><loc>{origin}/news/{n}.html</loc></url>" for n in range(self.articles))
            body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
        elif self.path.startswith("/news/"):
            body = page(int(self.path[6:-5]))
        else:
            status = 404
        self.send_response(status)
        self.send_header("Content-Type", "text/xml" if self.path.endswith("xml") else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


BASELINE = """
import scrapy, sys
from scrapy.crawler import AsyncCrawlerProcess
class Plain(scrapy.Spider):
    name = "plain"
    async def start(self):
        for n in range(int(sys.argv[2])):
            yield scrapy.Request(f"{sys.argv[1]}/news/{n}.html", self.parse)
    def parse(self, response):
        pass
process = AsyncCrawlerProcess({"LOG_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 4, "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False})
process.crawl(Plain)
process.start()
"""


def measured(command: list[str], text: str = "") -> tuple[float, float, float, str]:
    """(wall seconds, CPU seconds, peak MB of the largest process, standard output) of a command and its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(text)
    child.stdin.flush()
    out = child.stdout.read()
    child.wait()
    child.stdin.close()
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024, out


def outlet_file(folder: Path, origin: str) -> None:
    folder.mkdir()
    (folder / "bench.toml").write_text(
        f'name = "Bench"\nhome = "{origin}/"\ncountry = "xx"\nlanguages = ["en"]\n'
        'timezone = "UTC"\nallow_private = true\n'
        "[urls]\narticle = '/news/\\d+\\.html$'\n[fetch]\ndelay = 0.0\nconcurrency = 4\n"
        f'[[seeds]]\nkind = "sitemap"\nurl = "{origin}/sitemap.xml"\n'
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=400)
    options.add_argument("--db", help="default: a temporary SQLite file")
    given = options.parse_args()
    Site.articles = given.articles
    for number in range(given.articles):
        page(number)  # made beforehand, so that making them costs no crawl anything
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        outlet_file(base / "outlets", origin)
        order = {
            "outlet": "bench",
            "kind": "nightly",
            "db": given.db or f"sqlite:///{base}/bench.db",
            "outlets": str(base / "outlets"),
            "data": str(base / "data"),
        }  # fmt: skip
        os.environ.pop("PRESSRUN_DB", None)
        rows = []
        for label, command, text in (
            ("Scrapy, fetching alone", [sys.executable, "-c", BASELINE, origin, str(given.articles)], ""),
            ("Pressrun, a whole night", [sys.executable, "-m", "crawlers.crawl"], json.dumps(order) + "\n"),
            ("Pressrun, a second night", [sys.executable, "-m", "crawlers.crawl"], json.dumps(order) + "\n"),
        ):
            rows.append((label, *measured(command, text)))
    plain = rows[0]
    print(f"{'':26}{'articles/s':>12}{'CPU ms each':>13}{'peak MB':>9}{'CPU ratio':>11}")
    for label, wall, cpu, peak, _ in rows:
        print(
            f"{label:26}{given.articles / wall:12.1f}{1000 * cpu / given.articles:13.1f}{peak:9.0f}"
            f"{cpu / plain[2]:11.2f}"
        )


if __name__ == "__main__":
    main()

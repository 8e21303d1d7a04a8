"""A site on loopback whose past is reached by its counter alone.

    with CounterSite() as site:
        site.write_outlet(folder)         # folder/counter.toml
        site.now = START + timedelta(days=3)
        site.asked                        # the ids that were requested, in order

12,000 ids: a third of them are missing, 2,500 in one run. The others are pages in English, Azerbaijani and Russian, of
which the feed announces the 20 newest English ones; 120 of these a day are published. A page answers under any section;
its own section is where the feed links to. One page in a hundred is published up to an hour too late for its id, and is
missing before. A page that `now` has not reached is missing.
"""

from __future__ import annotations

import hashlib
import random
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

IDS = 12_000
HOLE = range(7_001, 9_501)
A_DAY = 285  # ids outside of the hole
ENGLISH = 0.5  # of the pages
MISSING = 1500 / 9500  # of the ids outside of the hole
FEED_ITEMS = 20
START = datetime(2025, 1, 1, tzinfo=UTC)
SECTIONS = ("nation", "business", "culture")
WORDS = {
    "en": "harbour council bridge railway orchard valley museum teacher engine festival bakery ferry library garden",
    "az": "liman şəhər körpü dəmiryolu bağça vadi muzey müəllim mühərrik bayram çörəkxana bərə kitabxana gəmiçilik",
    "ru": "гавань совет мост дорога сад долина музей учитель мотор праздник пекарня паром библиотека зима",
}
SENTENCES = {
    "en": "On {0} the {1} near the {2} was opened again, and the people of the {3} said that they had waited for it.",
    "az": "{0} nömrəli məsələ üzrə {1} və {2} yenidən açılıb, {3} sakinləri isə bunu çoxdan gözlədiklərini bildirib.",
    "ru": "По делу {0} снова открыли {1} и {2}, а жители, которым нужна {3}, сказали, что давно этого ждали.",
}


@dataclass(frozen=True)
class Story:
    """A page of the site."""

    number: int
    language: str
    section: str
    published: datetime

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.number}.html"

    @property
    def title(self) -> str:
        return {"en": "Matter {} of the town", "az": "Şəhərin {} nömrəli məsələsi", "ru": "Дело {} города"}[
            self.language
        ].format(self.number)

    def html(self) -> bytes:
        paragraphs = "".join(f"<p>{self._paragraph(part)}</p>" for part in range(5))
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8"><title>{self.title}</title>'
            f'<meta property="article:published_time" content="{self.published.isoformat()}"></head>'
            f"<body><main><article><h1>{self.title}</h1>{paragraphs}</article></main></body></html>"
        ).encode()

    def _paragraph(self, part: int) -> str:
        words = WORDS[self.language].split()
        digits = hashlib.sha256(f"{self.number} {part}".encode()).digest()
        chosen = [words[byte % len(words)] for byte in digits[:9]]
        name = f"{self.number}/{part}"
        return SENTENCES[self.language].format(name, *chosen[:3]) + f" {' '.join(chosen[3:])} {name}."


def stories() -> dict[int, Story]:
    """The pages by their ids; the same in every test."""
    chance = random.Random(20250101)
    at, made = START, {}
    for number in (number for number in range(1, IDS + 1) if number not in HOLE):
        at += timedelta(days=chance.expovariate(A_DAY))
        if chance.random() >= MISSING:
            language = "en" if chance.random() < ENGLISH else chance.choice(["az", "ru"])
            late = timedelta(minutes=chance.uniform(5, 60) if chance.random() < 0.01 else 0)
            published = (at + late).replace(microsecond=0)
            made[number] = Story(number, language, chance.choice(SECTIONS), published)
    return made


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # connections that a crawl keeps open end with the test
    request_queue_size = 128  # a connection that finds the queue full waits for a second


@dataclass
class CounterSite:
    """The site; a context manager. `now`: what was published later does not exist yet."""

    now: datetime = START + timedelta(days=3650)
    counter_known: int = 4  # dated ids in the outlet file
    stories: dict[int, Story] = field(default_factory=stories)
    asked: list[int] = field(default_factory=list)
    seeds_asked: int = 0
    failing: set[int] = field(default_factory=set)  # ids that are answered with 503

    def published(self, first: datetime, end: datetime, language: str = "en") -> list[Story]:
        """The pages of a span, by their ids."""
        return [
            story for story in self.stories.values() if first <= story.published < end and story.language == language
        ]

    def write_outlet(self, folder: Path, *, counter: bool = True, **keys: object) -> Path:
        """Write folder/counter.toml. `keys` go to the id_range seed."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = [
            'name = "Counter"',
            f'home = "{self.origin}/"',
            'country = "xx"',
            'languages = ["en"]',
            'timezone = "Asia/Baku"',
            "allow_private = true",
            "[urls]",
            f"article = '^{re.escape(self.origin)}/(?P<section>[a-z]+)/(?P<id>\\d+)\\.html$'",
            "[fetch]",
            "delay = 0",
            "concurrency = 8",
            "[[seeds]]",
            'kind = "feed"',
            f'url = "{self.origin}/rss"',
        ]
        if counter:
            known = ", ".join(f"{n} = {self.stories[n].published:%Y-%m-%d}" for n in self._some_numbers())
            lines += ["[[seeds]]", 'kind = "id_range"', f'url = "{self.origin}/nation/{{id}}.html"']
            lines += [f"known = {{ {known} }}", *(f"{key} = {value}" for key, value in keys.items())]
        file = folder / "counter.toml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def _some_numbers(self) -> list[int]:
        numbers = sorted(self.stories)
        return [
            numbers[(2 * part + 1) * len(numbers) // (2 * self.counter_known)] for part in range(self.counter_known)
        ]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def times(self, number: int) -> int:
        return self.asked.count(number)

    def answer(self, path: str) -> tuple[int, bytes, str]:
        """The status, body and type of an answer."""
        if path == "/rss":
            self.seeds_asked += 1
            return 200, self._feed(), "application/rss+xml"
        page = re.fullmatch(r"/[a-z/_]+/(\d+)\.html", path)
        if page is None:
            return 404, b"<h1>Not found</h1>", "text/html"
        number = int(page[1])
        self.asked.append(number)
        if number in self.failing:
            return 503, b"busy", "text/html"
        story = self.stories.get(number)
        if story is None or story.published > self.now:
            return 404, b"<h1>Not found</h1>", "text/html"
        return 200, story.html(), "text/html; charset=utf-8"

    def _feed(self) -> bytes:
        announced = sorted(self.published(START, self.now), key=lambda story: story.published)[-FEED_ITEMS:]
        items = "".join(
            f"<item><title>{story.title}</title><link>{self.origin}{story.path}</link>"
            f"<pubDate>{format_datetime(story.published)}</pubDate></item>"
            for story in reversed(announced)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, body, kind = site.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="counter site")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

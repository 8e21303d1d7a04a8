"""The outlet's site, and the web archive that captured it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.past import apis, listings, sitemaps
from tests.past.apis import Query
from tests.past.server import NOT_FOUND, Answer, Site
from tests.past.stories import Story

HTML, XML, JSON = "text/html; charset=utf-8", "application/xml", "application/json"
_DAY = re.compile(r"/archive/(\d{4})/(\d\d)/(\d\d)")
_MONTH = re.compile(r"/sitemaps/(\d{4})_(\d\d)\.xml")


class PastSite(Site):
    """The outlet, with all of `stories` (oldest first) published. `gone`: its pages of these articles answer 404."""

    def __init__(
        self,
        stories: Sequence[Story],
        *,
        gone: Callable[[Story], bool] = lambda _: False,
        teaser: Callable[[Story], bool] = lambda _: False,
        blocks: bool = False,
    ) -> None:
        super().__init__()
        self._publish(stories)
        self._gone, self._teaser, self._blocks = gone, teaser, blocks

    def _publish(self, stories: Sequence[Story]) -> None:
        self.stories = list(stories)
        self._newest = self.stories[::-1]
        self._by_path = {story.path: story for story in stories}

    def edit(self, story: Story, at: datetime) -> None:
        """Change the article's text."""
        self._publish([replace(one, edited=at) if one == story else one for one in self.stories])

    def answer(self, path: str, query: Query) -> Answer:
        if self._blocks:
            return 403, HTML, b"<h1>Forbidden</h1>", {}
        if story := self._by_path.get(path):
            return NOT_FOUND if self._gone(story) else (200, HTML, story.page(), {})
        if path.startswith("/wp-json/"):
            status, body, headers = apis.wordpress(self._newest, query, self.origin, self._teaser)
            return status, JSON, body, headers
        if path.startswith("/ghost/"):
            status, body = apis.ghost(self._newest, query, self.origin, self._teaser)
            return status, JSON, body, {}
        if path.endswith(".xml"):
            return self._sitemap(path)
        return self._listing(path, query)

    def _sitemap(self, path: str) -> Answer:
        parts = sitemaps.parts(self.stories)
        if path == "/sitemap-index.xml":
            rows = [(f"{self.origin}/part-{n}.xml", part[-1].at) for n, part in enumerate(parts, 1)]
            return 200, XML, sitemaps.index(rows), {}
        if path == "/months.xml":
            months = sorted({f"{story.day:%Y_%m}" for story in self.stories})
            rows = [(f"{self.origin}/sitemaps/{month}.xml", self.stories[-1].at) for month in months]
            return 200, XML, sitemaps.index(rows), {}
        if found := _MONTH.fullmatch(path):
            shown = [
                story for story in self.stories if (story.day.year, story.day.month) == (int(found[1]), int(found[2]))
            ]
            return (200, XML, sitemaps.urlset(shown, self.origin), {}) if shown else NOT_FOUND
        number = int(found[1]) if (found := re.fullmatch(r"/part-(\d+)\.xml", path)) else 0
        return (
            (200, XML, sitemaps.urlset(parts[number - 1], self.origin), {}) if 0 < number <= len(parts) else NOT_FOUND
        )

    def _listing(self, path: str, query: Query) -> Answer:
        number = int(query.get("page", "1"))
        if found := _DAY.fullmatch(path):
            day = date(int(found[1]), int(found[2]), int(found[3]))
            of_day = [story for story in self._newest if story.day == day]
            shown = listings.numbered(of_day, number)
            following = f"{path}?page={number + 1}" if len(of_day) > number * listings.PER_PAGE else ""
            return 200, HTML, listings.listing_page(shown, self._newest, following=following), {}
        if path in ("/latest", "/timed"):
            shown = listings.numbered(self._newest, number)
            return 200, HTML, listings.listing_page(shown, self._newest, times=path == "/timed"), {}
        return NOT_FOUND

    def write_outlet(self, folder: Path, seeds: str, *, delay: float = 0.0, concurrency: int = 2) -> Path:
        """The outlet file `gazette`, with these [[seeds]], in which ORIGIN is the site's."""
        folder.mkdir(parents=True, exist_ok=True)
        article = r"/(?:news|(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d))/(?P<id>\d+)\.html$"
        text = (
            f'name = "Gazette"\nhome = "{self.origin}/"\ncountry = "az"\nlanguages = ["en"]\ntimezone = "Asia/Baku"\n'
            f"allow_private = true\n[urls]\narticle = '^{re.escape(self.origin)}{article}'\n"
            f"[fetch]\ndelay = {delay}\nconcurrency = {concurrency}\n{seeds.replace('ORIGIN', self.origin)}"
        )
        file = folder / "gazette.toml"
        file.write_text(text, encoding="utf-8")
        return file

    def article_hits(self) -> dict[str, int]:
        """The articles' own pages that were asked for, and how often each."""
        return dict(self.asked(lambda hit: hit.partition("?")[0] in self._by_path))


class ArchiveSite(Site):
    """A web archive that captured these stories of an outlet so many days after they were published.

    It speaks as Wayback does, below /cdx/search/cdx and /web/, or as pywb does, below /news/.
    """

    def __init__(self, outlet: PastSite, stories: Sequence[Story], *, after: timedelta = timedelta(days=1)) -> None:
        super().__init__("127.0.0.2")
        self._captures = [(self._stamp(story.at + after), outlet.origin + story.path, story) for story in stories]
        self._captures += [
            (self._stamp(story.at + after * 40), outlet.origin + story.path, story) for story in stories[::3]
        ]
        self._captures.sort(key=lambda capture: (capture[1], capture[0]))
        self._pages = {f"{at}id_/{url}": story for at, url, story in self._captures}

    @staticmethod
    def _stamp(at: datetime) -> str:
        return f"{at.astimezone(UTC):%Y%m%d%H%M%S}"

    def answer(self, path: str, query: Query) -> Answer:
        if story := self._pages.get(path.removeprefix("/web/").removeprefix("/news/")):
            return 200, HTML, story.page(), {"Memento-Datetime": "Thu, 01 Jan 2015 00:00:00 GMT"}
        captures = [one for one in self._captures if one[0] <= query.get("to", "9")]
        if path == "/news/cdx":
            lines = [
                json.dumps({"urlkey": url, "timestamp": at, "url": url, "mime": "text/html", "status": "200"})
                for at, url, _ in captures
            ]
            return 200, "text/x-ndjson", "\n".join(lines).encode(), {}
        if path != "/cdx/search/cdx":
            return NOT_FOUND
        rows, key = self._page_of(captures, query)
        lines = [json.dumps(["timestamp", "original", "mimetype", "statuscode"]), *map(json.dumps, rows)]
        lines += ["[]", json.dumps([key])] if key else []
        return 200, JSON, ("[" + ",\n".join(lines) + "]").encode(), {}

    def _page_of(self, captures: list[tuple[str, str, Story]], query: Query) -> tuple[list[list[str]], str | None]:
        """One capture a page, from behind the resume key, at most a hundred however many are asked for."""
        first = {url: at for at, url, _ in reversed(captures)}
        rows = [[at, url, "text/html", "200"] for url, at in sorted(first.items()) if url > query.get("resumeKey", "")]
        return rows[:100], rows[99][1] if len(rows) > 100 else None

    def page_hits(self) -> dict[str, int]:
        """The captures that were asked for, by the address that they are of."""
        return {hit.partition("id_/")[2]: count for hit, count in self.asked(lambda hit: "id_/" in hit).items()}

"""The requests of a survey: each address is requested once, and there is a limit on their number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from crawlers.discovery import SeedDocument
from crawlers.extraction import Rejected
from crawlers.fetch_client import Fetch, NotFetched, WebPage
from crawlers.fetch_order import Role
from crawlers.outlet import Outlet, Seed
from crawlers.readers import UNCONFINED, Readers
from storage.model import Article, Hints

MAX_REQUESTS = 45


class Visits:
    """Fetches for a survey. `outlet` is provisional: it takes every address for an article."""

    def __init__(
        self,
        fetch: Fetch,
        outlet: Outlet,
        now: datetime | None = None,
        tell: Callable[[str], None] = lambda _: None,
        readers: Readers = UNCONFINED,
    ) -> None:
        self.outlet = outlet
        self.now = now or datetime.now(UTC)
        self.count = 0
        self.readers = readers
        self._fetch, self._tell = fetch, tell
        self._seen: dict[str, WebPage | NotFetched] = {}

    @property
    def used_up(self) -> bool:
        """Whether no more requests are sent."""
        return self.count >= MAX_REQUESTS

    @property
    def forbidden(self) -> list[str]:
        """The addresses that were not fetched because of robots.txt: it forbids them, or cannot be read."""
        return [
            url
            for url, found in self._seen.items()
            if isinstance(found, NotFetched) and found.cause.startswith("robots")
        ]

    def get(self, url: str, role: Role = "page") -> WebPage | NotFetched:
        """Return what an address answers."""
        if url in self._seen:
            return self._seen[url]
        if self.used_up:
            return NotFetched(url, "survey_limit", f"{MAX_REQUESTS} requests are enough for one survey")
        self.count += 1
        found = self._fetch(url, role)
        self._tell(f"{found.status if isinstance(found, WebPage) else found.cause} {url}")
        self._seen[url] = found
        return found

    def document(self, url: str) -> WebPage | None:
        """Return a document that answered with a status of success and is not empty."""
        found = self.get(url, "seed")
        return found if isinstance(found, WebPage) and found.ok and found.body.strip() else None

    def page(self, url: str) -> WebPage | None:
        """Return a page that answered with a status of success."""
        found = self.get(url)
        return found if isinstance(found, WebPage) and found.ok else None

    def extract(self, page: WebPage, outlet: Outlet, hints: Hints = Hints()) -> Article | Rejected:
        """Return what extraction makes of a page."""
        return self.readers.extract(page.body, page.url, outlet, hints, page.content_type)

    def read_seed(self, seed: Seed, page: WebPage) -> SeedDocument:
        """Return what a seed document says, all links as those of articles."""
        return self.readers.read_seed(seed, self.outlet, page.url, page.body, page.headers)

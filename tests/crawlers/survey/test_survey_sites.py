"""A survey of every test site proposes a file that crawls it with no edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.environment import read_settings
from crawlers.fetch_client import FetchClient
from crawlers.survey import Proposal, SurveyOptions, provisional_outlet, survey
from deploy.demo.press import Press
from tests.counter_site import CounterSite
from tests.crawling import crawl
from tests.faults import FaultySite
from tests.fetching import quick_fetch as quick_fetch
from tests.past.site import PastSite
from tests.past.stories import stories
from tests.polling import Document, WrittenSite, listing, rss

pytestmark = pytest.mark.usefixtures("quick_fetch")


def looked_at(url: str, now: datetime | None = None, **given: object) -> Proposal:
    options = SurveyOptions(url, **{"allow_private": True, "delay": 0.0, **given})  # type: ignore[arg-type]
    with FetchClient(read_settings({}), [provisional_outlet(options)]) as fetch:
        return survey(fetch, options, now)


@dataclass(frozen=True)
class Site:
    """A site under survey: its address, the kinds of seed to expect, the articles that a crawl must store at least."""

    url: str
    kinds: tuple[str, ...]
    stored: int


@contextmanager
def counter() -> Iterator[Site]:
    with CounterSite(now=datetime(2025, 1, 3, tzinfo=UTC)) as site:
        yield Site(f"{site.origin}/", ("feed", "id_range"), 10)


@contextmanager
def past_by_its_api() -> Iterator[Site]:
    with PastSite(stories(date(2025, 5, 1), date(2025, 5, 2), 6)) as site:
        yield Site(f"{site.origin}/", ("wordpress",), 12)


class _NoApi(PastSite):
    def answer(self, path, query):  # type: ignore[no-untyped-def]
        return super().answer("/none" if path.startswith(("/wp-json", *self.hidden)) else path, query)

    hidden: tuple[str, ...] = ()


@contextmanager
def past_by_its_listing() -> Iterator[Site]:
    with _NoApi(stories(date(2025, 5, 1), date(2025, 5, 2), 12, dated=True)) as site:
        site.hidden = ("/sitemap", "/part", "/months")
        yield Site(f"{site.origin}/latest", ("listing",), 24)


@contextmanager
def past_by_its_sitemaps() -> Iterator[Site]:
    with _NoApi(stories(date(2025, 5, 1), date(2025, 5, 2), 12)) as site:
        yield Site(f"{site.origin}/timed", ("sitemap", "listing"), 24)


@contextmanager
def demo(number: int) -> Iterator[Site]:
    with Press() as press:
        outlet = sorted(press.outlet_folder.glob("*.toml"))[number]
        kinds = {"demo_digest": ("feed",), "demo_herald": ("feed",), "demo_xeber": ("news_sitemap", "sitemap")}
        home = next(line.split('"')[1] for line in outlet.read_text().splitlines() if line.startswith("home"))
        yield Site(home, kinds[outlet.stem], 5)


@contextmanager
def written() -> Iterator[Site]:
    with WrittenSite() as site:
        words = "The council met and spoke of the bridge for a long time before it voted. " * 12
        for n in range(10, 16):
            site.documents[f"/news/{n}"] = Document(
                f"<html lang=en><head><title>Matter {n} of the town</title></head><body><article>"
                f"<h1>Matter {n} of the town</h1><p>{words} {n}</p></article></body></html>"
            )
        site.documents["/"] = Document(listing(10, 11, 12, 13, 14, 15))
        site.documents["/rss"] = Document(rss(10, 11, 12, 13, 14, 15, dated=True))
        yield Site(f"{site.origin}/", ("feed",), 1)


@contextmanager
def faulty() -> Iterator[Site]:
    paths = [f"/ok/{n}" for n in range(1, 9)]
    with FaultySite([*paths, "/status/500", "/wall/consent"]) as site:
        yield Site(f"{site.origin}/", ("sitemap",), 8)


SITES: dict[str, Callable[[], object]] = {
    "counter": counter,
    "past by its API": past_by_its_api,
    "past by its listing": past_by_its_listing,
    "past by its sitemaps": past_by_its_sitemaps,
    "demo 0": lambda: demo(0),
    "demo 1": lambda: demo(1),
    "demo 2": lambda: demo(2),
    "written": written,
    "faulty": faulty,
}


@pytest.mark.parametrize("name", SITES)
def test_the_proposed_file_crawls_the_site_with_no_edit(name: str, tmp_path: Path) -> None:
    with SITES[name]() as site:  # type: ignore[attr-defined]
        proposal = looked_at(site.url)
        folder = tmp_path / "outlets"
        folder.mkdir()
        (folder / f"{proposal.outlet.id}.toml").write_text(proposal.text, encoding="utf-8")
        assert {seed.kind for seed in proposal.outlet.seeds} >= set(site.kinds), proposal.text
        done = crawl(proposal.outlet.id, db=f"sqlite:///{tmp_path}/p.db", outlets=folder, data=tmp_path / "data")
        assert done.end["state"] == "completed", done.log[-3000:]
        assert done.ledger["stored"] + done.ledger.get("duplicate", 0) >= site.stored, (done.counts, proposal.text)

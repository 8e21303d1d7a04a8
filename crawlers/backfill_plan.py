"""What a backfill would do, before anything is sent: which seeds serve the span, how many requests, how long.

Pure: the outlet file and what the store knows are given. Each kind of seed has one function here that estimates it; a
kind without one is asked as the outlet file says, and the plan says that nothing is known of its cost.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from crawlers.discovery import seed_addresses, serving_seeds
from crawlers.outlet import Outlet
from crawlers.window import Window

ANSWER_SECONDS = 0.5  # assumed time of an answer
POSTS_AN_ANSWER = 100  # the limit of both APIs
LINKS_A_PAGE = 20  # of a listing, where nothing is known
CAPTURES_AN_ANSWER = 1_000
SEARCH = 40  # requests at most for both ends of a span by a counter, or by the pages of a listing
PAGE_SEARCH = 6  # pages of a numbered listing until the one is found where the span begins
FULL_TEXT = ("wordpress", "ghost")  # kinds whose answer holds the text


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a backfill. `per_day`: usual articles a day, and `per_day_from` where that is known from.

    `points`: dates of ids of the outlet's counter. `held`: articles of the span that the archive holds already;
    `ended`: pages of the span that have an outcome, ids without a page among them.
    `web_archive`: the address of a CDX server in the settings.
    """

    today: date
    per_day: float | None = None
    per_day_from: str = ""
    points: Mapping[int, date] = field(default_factory=dict)
    held: int = 0
    ended: int = 0
    web_archive: str | None = None


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """One seed's part. `documents`: requests for seed documents, None if unknown. `pages`: those for pages.

    `pages` is None where its links are those of the span, which the plan counts once for all seeds.
    """

    kind: str
    url: str
    serves: bool
    why: str
    documents: int | None = 0
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """The plan for one outlet. `seconds`: at the outlet's pace. `unreachable`: what no seed brings in, a line each."""

    outlet: str
    first: date
    last: date
    seeds: tuple[SeedPlan, ...]
    windows: int
    articles: int | None
    requests: int | None
    seconds: float | None
    pace: str
    notes: tuple[str, ...]
    unreachable: tuple[str, ...]

    @property
    def serves(self) -> bool:
        """Whether any seed serves the span."""
        return any(seed.serves for seed in self.seeds)

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as a JSON object."""
        return asdict(self) | {"first": self.first.isoformat(), "last": self.last.isoformat(), "serves": self.serves}


@dataclass(frozen=True, slots=True)
class _Ask:
    outlet: Outlet
    window: Window
    known: Known

    @property
    def days(self) -> int:
        return (self.window.last - self.window.first).days + 1

    @property
    def articles(self) -> int | None:
        return None if self.known.per_day is None else math.ceil(self.known.per_day * self.days)

    @property
    def months(self) -> int:
        first, last = self.window.first, self.window.last
        return (last.year - first.year) * 12 + last.month - first.month + 1


def plan_backfill(outlet: Outlet, window: Window, known: Known, windows: int) -> BackfillPlan:
    """Return what a backfill of the outlet's seeds would ask for. `windows`: how many are left to do."""
    ask = _Ask(outlet, window, known)
    seeds = tuple(_seed_plan(seed, ask) for seed in outlet.seeds)
    requests = _requests(seeds, ask) if windows else 0
    pace = seconds_a_request(outlet)
    return BackfillPlan(
        outlet.id, window.first, window.last, seeds, windows, ask.articles, requests,
        None if requests is None else requests * pace, f"one request in {pace:g} s", _notes(seeds, ask, windows),
        tuple(_unreachable(seeds, ask)),
    )  # fmt: skip


def seconds_a_request(outlet: Outlet) -> float:
    """Return the seconds between two requests to one host, with half a second assumed for an answer."""
    return max(outlet.fetch.delay, ANSWER_SECONDS / outlet.fetch.concurrency)


def counter_points(outlet: Outlet, dated: Mapping[str, date]) -> dict[int, date]:
    """Return the dates of ids, from `known` of the outlet file and from dated addresses whose pattern has an id."""
    points: dict[int, date] = {}
    for seed in outlet.seeds:
        points |= getattr(seed, "known", {}) if seed.kind == "id_range" else {}
    for url, day in dated.items():
        match = outlet.urls.article.search(url)
        number = match.groupdict().get("id") if match else None
        if number and number.isdecimal():
            points[int(number)] = day
    return points


def _seed_plan(seed: Any, ask: _Ask) -> SeedPlan:
    estimate = _ESTIMATES.get(seed.kind)
    if estimate is not None:
        return estimate(seed, ask)
    return SeedPlan(seed.kind, seed.url, True, "it is asked as the outlet file says; its cost is not known", None)


def _newest_only(seed: Any, _: _Ask) -> SeedPlan:
    return SeedPlan(seed.kind, seed.url, False, "it holds only the newest entries")


def _sitemap(seed: Any, ask: _Ask) -> SeedPlan:
    why = "of an index only the parts that can hold the span, by their names and lastmod, about one a month"
    return SeedPlan(seed.kind, seed.url, True, why, 1 + ask.months)


def _dated(seed: Any, ask: _Ask) -> SeedPlan:
    documents = len(seed_addresses(seed, ask.window, ask.known.today))
    return SeedPlan(seed.kind, seed.url, True, f"one for each {seed.period}", documents)


def _listing(seed: Any, ask: _Ask) -> SeedPlan:
    if not seed_addresses(seed, ask.window, ask.known.today):
        return SeedPlan(seed.kind, seed.url, False, "it has no older pages (max_pages = 1)")
    if ask.known.per_day is None:
        return SeedPlan(seed.kind, seed.url, True, "its pages back to the span; how many is not known", None)
    behind = max((ask.known.today - ask.window.last).days, 0)
    pages = math.ceil(ask.known.per_day * ask.days / LINKS_A_PAGE)
    before = math.ceil(ask.known.per_day * behind / LINKS_A_PAGE)
    if seed.pages:  # the page where the span begins is searched
        before = min(before, PAGE_SEARCH)
    why = f"its pages of the span, with {LINKS_A_PAGE} links each, and about {before} pages before them"
    return SeedPlan(seed.kind, seed.url, True, why, 1 + pages + before)


def _api(seed: Any, ask: _Ask) -> SeedPlan:
    whole = getattr(seed, "full_text", False)
    why = f"the posts of the span, {POSTS_AN_ANSWER} an answer{', with their text' if whole else ''}"
    documents = None if ask.articles is None else max(1, math.ceil(ask.articles / POSTS_AN_ANSWER))
    return SeedPlan(seed.kind, seed.url, True, why, documents, 0 if whole else None)


def _web_archive(seed: Any, ask: _Ask) -> SeedPlan:
    server = seed.url or ask.known.web_archive or ""
    if not server:
        return SeedPlan(seed.kind, "", False, "no CDX server is set: `url` in the outlet file, or PRESSRUN_CDX")
    why = "what the web archive has captured of the outlet's pages, one capture a page"
    documents = None if ask.articles is None else 1 + math.ceil(ask.articles / CAPTURES_AN_ANSWER)
    return SeedPlan(seed.kind, server, True, why, documents)


def _id_range(seed: Any, ask: _Ask) -> SeedPlan:
    if seed not in serving_seeds(ask.outlet.seeds, ask.window):
        why = "other seeds list the span; --seed id_range requests its ids, missing ones included"
        return SeedPlan(seed.kind, seed.url, False, why)
    points = sorted(ask.known.points.items())
    ends = [_id_at(points, day) for day in (ask.window.first, ask.window.last + timedelta(days=1))]
    if ends[0] is None or ends[1] is None:
        why = "fewer than two ids with a date are known: add `known` to the outlet file, or crawl first"
        return SeedPlan(seed.kind, seed.url, False, why)
    ids = max(ends[1] - ends[0], 0)
    beyond = not points[0][1] <= ask.window.first <= ask.window.last <= points[-1][1]
    guess = "; beyond the known ids, so a rough guess" if beyond else ""
    why = f"ids {ends[0]} to {ends[1]}, about, and at most {SEARCH} to find both ends{guess}"
    return SeedPlan(seed.kind, seed.url, True, why, 0, max(ids - ask.known.ended, 0) + SEARCH)


def _id_at(points: list[tuple[int, date]], day: date) -> int | None:
    """Return the id of a day by interpolation, beyond the points at the pace of the nearest two; at least 1."""
    distinct = [point for n, point in enumerate(points) if n == 0 or point[1] > points[n - 1][1]]
    if len(distinct) < 2:
        return None
    place = min(max(bisect_left([point[1] for point in distinct], day), 1), len(distinct) - 1)
    (low, begun), (high, ended) = distinct[place - 1 : place + 1]
    return max(1, low + round((high - low) * (day - begun).days / (ended - begun).days))


_ESTIMATES: Mapping[str, Callable[[Any, _Ask], SeedPlan]] = {
    "feed": _newest_only,
    "news_sitemap": _newest_only,
    "sitemap": _sitemap,
    "dated_sitemap": _dated,
    "dated_listing": _dated,
    "listing": _listing,
    "wordpress": _api,
    "ghost": _api,
    "web_archive": _web_archive,
    "id_range": _id_range,
}


def _requests(seeds: tuple[SeedPlan, ...], ask: _Ask) -> int | None:
    """Return all requests: the documents of every seed, and each page once. None if that cannot be estimated."""
    serving = [seed for seed in seeds if seed.serves]
    if not serving:
        return 0
    if any(seed.documents is None for seed in serving):
        return None
    return sum(seed.documents or 0 for seed in serving) + pages if (pages := _pages(serving, ask)) is not None else None


def _pages(serving: list[SeedPlan], ask: _Ask) -> int | None:
    """Return the requests for pages: none where an answer holds the text, each id of a counter, else each article."""
    own = [seed.pages for seed in serving if seed.pages]
    if own:
        return max(own)
    if any(seed.pages == 0 for seed in serving):
        return 0
    return None if ask.articles is None else max(ask.articles - ask.known.held, 0)


def _notes(seeds: tuple[SeedPlan, ...], ask: _Ask, windows: int) -> tuple[str, ...]:
    known = ask.known
    notes = (
        [f"about {known.per_day:g} articles a day ({known.per_day_from})"]
        if known.per_day is not None
        else ["how many articles the outlet publishes is not known: crawl it once, or set expect.per_day in its file"]
    )
    if known.held:
        notes.append(f"{known.held} articles of the span are in the archive already")
    if not windows:
        notes.append("all days are finished; --refetch asks again")
    if any(seed.serves for seed in seeds):
        notes.append("a longer Crawl-delay in robots.txt is obeyed and adds to the time")
    return tuple(notes)


def _unreachable(seeds: tuple[SeedPlan, ...], ask: _Ask) -> list[str]:
    serving = {seed.kind for seed in seeds if seed.serves}
    if not serving:
        return [f"nothing of {ask.window.first} to {ask.window.last}: no seed reaches back"]
    lines = []
    if serving == {"web_archive"}:
        lines.append("pages that the web archive never captured")
    if serving == {"id_range"} and ask.known.points and ask.window.first < min(ask.known.points.values()):
        lines.append(f"perhaps the days before {min(ask.known.points.values())}, the oldest known id")
    if serving <= {"listing"}:
        lines.append("whatever lies behind the last page that the listing shows")
    return lines

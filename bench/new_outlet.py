"""How often `pressrun outlets new` proposes what the built-in outlet files say.

    python -m bench.new_outlet [ID ...]

Each built-in outlet is surveyed on a stand-in for its site (`bench.outlet_stand_in`). A pattern is equal if it takes
the same addresses of the site for articles, and reads the same day from them. A seed is equal if it has the same kind
and address; an id range, if it leads to the same pages. Seeds that no site shows (`web_archive`) are left out, and so
are outlets whose file has no `examples` to make addresses from. Exit code 1 below the aim.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.outlet_stand_in import StandIn
from crawlers.catalog import load_outlets
from crawlers.outlet import DatedSitemap, IdRange, Outlet, Seed, WebArchive
from crawlers.survey import SurveyError, SurveyOptions, survey

AIM = 0.9


@dataclass(frozen=True, slots=True)
class Compared:
    """A proposal compared with the shipped file. `missing`: seeds of the file alone; `more`: those of the proposal."""

    outlet: str
    pattern: bool
    seeds: int
    missing: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    requests: int = 0
    proposed: str = ""

    @property
    def found(self) -> int:
        return self.seeds - len(self.missing)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("outlets", nargs="*", metavar="ID")
    given = ask.parse_args()
    catalog = load_outlets()
    outlets = [catalog.get(outlet_id) for outlet_id in given.outlets or catalog.ids]
    compared = [compare(outlet) for outlet in outlets if outlet.examples]
    for one in compared:
        _tell(one)
    return _sum_up(compared)


def compare(outlet: Outlet, now: datetime | None = None) -> Compared:
    """Survey the stand-in of an outlet, and compare the proposal with its file."""
    site = StandIn(outlet, now or datetime.now(UTC))
    wanted = [seed for seed in outlet.seeds if not isinstance(seed, WebArchive)]
    try:
        proposal = survey(site, SurveyOptions(outlet.home, outlet_id=outlet.id), site.now)
    except SurveyError as wrong:
        return Compared(outlet.id, False, len(wanted), tuple(map(_name, wanted)), proposed=str(wrong))
    found = proposal.outlet.seeds
    missing = tuple(_name(seed) for seed in wanted if not any(_equal(seed, one, outlet) for one in found))
    more = tuple(_name(one) for one in found if not any(_equal(seed, one, outlet) for seed in wanted))
    same = same_pattern(outlet, proposal.outlet, site)
    shown = proposal.outlet.urls.article.pattern
    return Compared(outlet.id, same, len(wanted), missing, more, proposal.requests, shown)


def same_pattern(shipped: Outlet, proposed: Outlet, site: StandIn) -> bool:
    """Return True if both take the same addresses for articles and read the same days from them."""
    addresses = [*(article.url for article in site.articles), *site.others, *shipped.examples]
    return all(
        shipped.is_article(url) == proposed.is_article(url)
        and (not shipped.is_article(url) or _day(shipped, url) == _day(proposed, url))
        for url in addresses
    )


def _day(outlet: Outlet, url: str) -> str:
    published = outlet.url_hints(url).published
    return published.raw if published else ""


def _equal(shipped: Seed, proposed: Seed, outlet: Outlet) -> bool:
    if isinstance(shipped, IdRange) and isinstance(proposed, IdRange):
        return outlet.number(proposed.address(123_456)) == 123_456
    if isinstance(shipped, DatedSitemap):  # a document a day is not one a week
        return shipped == proposed
    return shipped.kind == proposed.kind and shipped.url == proposed.url


def _name(seed: Seed) -> str:
    return f"{seed.kind} {seed.url}"


def _tell(one: Compared) -> None:
    pattern = "equal" if one.pattern else "OTHER"
    print(f"{one.outlet:16} pattern {pattern}, {one.found} of {one.seeds} seeds, {one.requests} requests")
    if not one.pattern:
        print(f"    proposed: {one.proposed}")
    for what, names in (("missing", one.missing), ("more", one.more)):
        for name in names:
            print(f"    {what}: {name}")


def _sum_up(compared: list[Compared]) -> int:
    patterns, seeds = sum(one.pattern for one in compared), sum(one.seeds for one in compared)
    found, more = sum(one.found for one in compared), sum(len(one.more) for one in compared)
    share = (patterns + found) / max(1, len(compared) + seeds)
    print(f"\n{patterns} of {len(compared)} patterns and {found} of {seeds} seeds are equal ({share:.0%}); {more} more")
    return 0 if share >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())

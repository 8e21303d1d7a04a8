"""What a backfill costs by each kind of seed: requests for each article stored, seconds, and memory.

    python -m bench.backfill [--kinds wordpress ghost ...] [--db URL]
    python -m bench.backfill --kinds years      # 100,000 pages, an hour and more

The outlet of `tests/past` shows 30 months; a span of it is backfilled by a real crawl process into a new store. A
`long_sitemap` is of 50,000 entries, none of which is of the span but the last. Prints one table; MB is the peak of all
processes of the crawl, and what they had early (after a fifth of the samples) and at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from tests.crawling import finish, start
from tests.past.server import Answer
from tests.past.site import XML, ArchiveSite, PastSite
from tests.past.stories import Story, stories

FIRST, LAST = date(2022, 1, 1), date(2024, 6, 30)  # 30 months
SPAN = (date(2023, 5, 1), date(2023, 7, 31))  # in the middle
LONG = 50_000


@dataclass(frozen=True)
class Case:
    """One kind: its seed, how many articles a day the outlet has, and which days are backfilled."""

    seed: str
    per_day: int = 4
    span: tuple[date, date] = SPAN
    dated: bool = False


CASES = {
    "wordpress": Case("url = 'ORIGIN/wp-json/wp/v2/posts'", 4, (date(2022, 6, 1), date(2024, 2, 15))),
    "wordpress_month": Case("url = 'ORIGIN/wp-json/wp/v2/posts'", 4, (date(2023, 5, 1), date(2023, 5, 31))),
    "ghost": Case("url = 'ORIGIN/ghost/api/content/posts/'\nkey = '22444f78447824223cefc48062'"),
    "dated_sitemap": Case("url = 'ORIGIN/sitemaps/{year}_{month:02}.xml'"),
    "sitemap": Case("url = 'ORIGIN/sitemap-index.xml'"),
    "dated_listing": Case(
        "url = 'ORIGIN/archive/{year}/{month:02}/{day:02}'", 24, (date(2023, 5, 1), date(2023, 5, 20))
    ),
    "listing": Case("url = 'ORIGIN/timed'\npages = 'ORIGIN/timed?page={page}'"),
    "listing_undated": Case("url = 'ORIGIN/latest'\npages = 'ORIGIN/latest?page={page}'"),
    "web_archive": Case("url = 'ARCHIVE/cdx/search/cdx'", dated=True),
    "years": Case("url = 'ORIGIN/sitemaps/{year}_{month:02}.xml'", 110, (FIRST, LAST)),
    "long_sitemap": Case("url = 'ORIGIN/long.xml'", 1, (date(2023, 5, 1), date(2023, 5, 3))),
}  # fmt: skip


class LongSite(PastSite):
    """The outlet with a sitemap of 50,000 pages, of which those of its stories are the last."""

    def answer(self, path: str, query: dict[str, str]) -> Answer:
        if path != "/long.xml":
            return super().answer(path, query)
        rows = [(f"{self.origin}/news/{n}.html", "2001-01-01T00:00:00+04:00") for n in range(10**6, 10**6 + LONG)]
        rows[-len(self.stories) :] = [(self.origin + story.path, story.at.isoformat()) for story in self.stories]
        body = "".join(f"<url><loc>{url}</loc><lastmod>{at}</lastmod></url>\n" for url, at in rows)
        return 200, XML, f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>'.encode(), {}


class Memory(threading.Thread):
    """What a process and its children use, in MB; sampled."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process, self.samples, self.ended = psutil.Process(pid), [0.0], threading.Event()

    def run(self) -> None:
        pause = 0.05
        while not self.ended.wait(pause):
            with contextlib.suppress(psutil.Error):
                self.samples.append(self._now())
            pause = min(5.0, 1.01 * pause)  # of a crawl of hours, a sample every five seconds will do

    def _now(self) -> float:
        # Of memory that processes share, each counts its part.
        everyone = [self._process, *self._process.children(recursive=True)]
        return sum(process.memory_full_info().pss for process in everyone) / 1e6

    @property
    def figures(self) -> str:
        """The peak, and what was used after a fifth of the samples and at the end (medians)."""
        part = max(1, len(self.samples) // 20)
        early, late = self.samples[4 * part : 5 * part], self.samples[-2 * part : -part]
        return " / ".join(f"{value:.0f}" for value in (max(self.samples), *map(_median, (early, late))))


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else 0.0


def measured(name: str, db: str | None) -> dict[str, Any]:
    """Backfill the case's span and count what it took."""
    case = CASES[name]
    kind = next(
        kind
        for kind in ("dated_sitemap", "dated_listing", "web_archive", "wordpress", "ghost", "listing", "sitemap")
        if kind in name.replace("years", "dated_sitemap")
    )
    told = stories(FIRST, LAST, case.per_day, dated=case.dated)
    site = LongSite(told, blocks=kind == "web_archive")
    with tempfile.TemporaryDirectory() as folder, site, ArchiveSite(site, told) as archive:
        return _crawled(name, kind, case, site, archive, Path(folder), db or f"sqlite:///{folder}/pressrun.db")


def _crawled(
    name: str, kind: str, case: Case, site: PastSite, archive: ArchiveSite, folder: Path, db: str
) -> dict[str, Any]:
    seed = f"[[seeds]]\nkind = '{kind}'\n{case.seed}\n".replace("ARCHIVE", archive.origin)
    site.write_outlet(folder / "outlets", seed, concurrency=4)
    first, last = case.span
    began = time.monotonic()
    job = {"kind": "backfill", "first": first.isoformat(), "last": last.isoformat()}
    child = start("gazette", db=db, outlets=folder / "outlets", data=folder / "data", **job)
    memory = Memory(child.pid)
    memory.start()
    done = finish(child, timeout=6 * 3600)
    memory.ended.set()
    of_span = [story for story in site.stories if first <= story.day <= last]
    return {
        "kind": name, "articles": len(of_span), "stored": done.counts["stored"], "outside": _outside(site, of_span),
        "seed": done.counts["requests"]["seed"], "article": done.counts["requests"]["article"],
        "each": sum(done.counts["requests"].values()) / max(1, len(of_span)),
        "seconds": time.monotonic() - began, "memory": memory.figures,
    }  # fmt: skip


def _outside(site: PastSite, of_span: list[Story]) -> int:
    return len(set(site.article_hits()) - {story.path for story in of_span})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="+", choices=list(CASES), default=[name for name in CASES if name != "years"])
    parser.add_argument("--db", help="an empty database; a new one for each kind if not given")
    given = parser.parse_args()
    print("| kind | of the span | stored | outside | seed requests | page requests | requests each | seconds | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in given.kinds:
        row = measured(name, given.db)
        counts = [row["kind"], row["articles"], row["stored"], row["outside"], row["seed"], row["article"]]
        figures = [f"{row['each']:.3f}", f"{row['seconds']:.0f}", row["memory"]]
        print("| " + " | ".join(map(str, [*counts, *figures])) + " |", flush=True)


if __name__ == "__main__":
    main()

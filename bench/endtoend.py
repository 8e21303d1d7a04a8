"""Nights from the first request to the stored article, beside two peers that fetch the same pages in the same run.

    python -m bench.endtoend [--pages FOLDER ...] [--db URL] [--only NAME ...] [--each N] [--alone] [--ratios FILE]

The peers: a script of threads and two processes around trafilatura, which fetches and cleans and does nothing else; and
a plain Scrapy spider with trafilatura in its callback and SQLite. Pressrun does everything that it always does. Pages
come from a web server on loopback; a FOLDER is as for `bench.extraction`, by default the project's own test pages.
Those are small: real pages take more of everything but of starting.
Three nights: ten outlets of a hundred pages in one layout each; all pages as one outlet; and the ten outlets again with
nothing new. The store is there before, empty. CPU is that of all processes, memory their peak with shared pages counted
once. Look at the ratios, since machines differ. `--ratios FILE` writes them as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.extraction import OWN, NoPagesError, read_pages
from bench.outlet_sites import SiteOutlet, all_layouts, one_layout_each, write_outlet_files, write_site
from bench.processes import Cost, cost_of
from bench.web_server import WebServer
from storage.database import open_database

ROOT = Path(__file__).resolve().parent.parent
RUNNERS = Path(__file__).parent / "runners"
OUTLETS, PAGES = 10, 100  # of the night of one layout each
NIGHTS = ("layouts", "mixed")


@dataclass(frozen=True, slots=True)
class Night:
    """One workload: its sites, the places of what is written, and what each system is called with."""

    name: str
    title: str
    outlets: Sequence[SiteOutlet]
    base: Path
    sitemaps: Sequence[str]
    db: str

    @property
    def pages(self) -> int:
        return sum(len(outlet.pages) for outlet in self.outlets)

    def pressrun(self) -> list[str]:
        """Return the command: a crawl of one outlet, a night of several."""
        command = ["crawl"] if len(self.outlets) == 1 else ["nightly"]
        places = ["--db", self.db, "--outlets", str(self.base / "outlets"), "--data", str(self.base / "data")]
        names = [outlet.name for outlet in self.outlets]
        return [sys.executable, "-m", "flows.cli", *command, *names, "--json", *places]

    def make_store(self) -> None:
        """Make an empty store, as every night but the first finds one."""
        open_database(self.db).close()

    def trafilatura(self) -> list[str]:
        return [sys.executable, str(RUNNERS / "night_trafilatura.py"), *self.sitemaps]

    def scrapy(self) -> list[str]:
        return [sys.executable, str(RUNNERS / "night_scrapy.py"), str(self.base / "scrapy.db"), *self.sitemaps]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    label: str
    cost: Cost
    articles: int


def run_night(night: Night, alone: bool) -> dict[str, float]:
    """Run the three systems, print their table, and return the ratios to the peers by name."""
    peers = {} if alone else {"trafilatura script": night.trafilatura(), "Scrapy spider": night.scrapy()}
    lines = [_peer(label, command) for label, command in peers.items()]
    lines.append(_pressrun(night, "Pressrun"))
    print(f"\n{night.title}")
    print(
        f"{'':22}{'articles':>9}{'wall s':>8}{'CPU s':>8}{'ms each':>9}{'a second':>9}{'peak MB':>9}{'CPU ratio':>11}"
    )
    for line in lines:
        _say(line, night.pages, lines[-1])
    return {
        f"{night.name}.{peer}": lines[-1].cost.cpu / line.cost.cpu
        for peer, line in zip(("trafilatura", "scrapy"), lines[:-1], strict=False)
    }


def _peer(label: str, command: list[str]) -> Line:
    cost = cost_of(command, cwd=ROOT)
    return Line(label, cost, json.loads(cost.out.splitlines()[-1])["articles"])


def _pressrun(night: Night, label: str) -> Line:
    cost = cost_of(night.pressrun(), cwd=ROOT)
    told = json.loads(cost.out[cost.out.index("[" if len(night.outlets) == 1 else "{") :])
    counts = [each["counts"] for each in told] if len(night.outlets) == 1 else told["outlets"]
    stored = sum(each.get("stored", each.get("new", 0)) + each.get("copies", 0) for each in counts)
    return Line(label, cost, stored)


def _say(line: Line, pages: int, ours: Line) -> None:
    cost = line.cost
    print(
        f"{line.label:22}{line.articles:9}{cost.wall:9.1f}{cost.cpu:9.1f}{1000 * cost.cpu / pages:9.1f}"
        f"{pages / cost.wall:9.0f}{cost.memory:9.0f}{ours.cost.cpu / cost.cpu:9.2f}",
        flush=True,
    )


def second_night(night: Night) -> None:
    """Print what the night costs when nothing is new."""
    line = _pressrun(night, "Pressrun, nothing new")
    if line.articles:
        sys.exit(f"the second night stored {line.articles} articles; nothing was new")
    each = 1000 * line.cost.cpu / len(night.outlets)
    print(f"{line.label:22}{'':9}{line.cost.wall:9.1f}{line.cost.cpu:9.1f}  ({each:.0f} ms an outlet)", flush=True)


def options(description: str | None) -> argparse.ArgumentParser:
    """The parser of the options: number of outlets and pages, where the pages are, which nights are run."""
    ask = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", nargs="+", type=Path, default=[OWN], metavar="FOLDER")
    ask.add_argument("--only", nargs="+", choices=NIGHTS, default=NIGHTS, metavar="NAME", help="layouts, mixed")
    ask.add_argument("--db", metavar="URL", help="an empty store; default: a temporary SQLite file for each night")
    ask.add_argument("--each", type=int, default=PAGES, metavar="N", help="pages of each of the ten outlets")
    return ask


def choose_files(ask: argparse.ArgumentParser, folders: Sequence[Path]) -> list[Path]:
    """Return the files of the pages in these folders."""
    try:
        return [Path(row["file"]) for folder in folders for row in read_pages(folder)]
    except NoPagesError as wrong:
        ask.error(str(wrong))


def forget_settings() -> None:
    """Unset PRESSRUN_* variables, so that a night depends on the options alone."""
    for name in [name for name in os.environ if name.startswith("PRESSRUN_")]:
        del os.environ[name]


def sites(name: str, files: Sequence[Path], each: int) -> list[SiteOutlet]:
    """Return the outlets of a night."""
    return all_layouts(files) if name == "mixed" else one_layout_each(files, OUTLETS, each)


def main() -> int:
    ask = options(__doc__)
    ask.add_argument("--alone", action="store_true", help="without the peers")
    ask.add_argument("--ratios", type=Path, metavar="FILE")
    given = ask.parse_args()
    files = choose_files(ask, given.pages)
    forget_settings()
    ratios: dict[str, float] = {}
    for name in given.only:
        with tempfile.TemporaryDirectory(prefix="endtoend-") as folder:
            ratios |= _in_folder(name, files, Path(folder), given)
    if given.ratios:
        given.ratios.write_text(json.dumps(ratios, indent=1))
    return 0


def _in_folder(name: str, files: list[Path], base: Path, given: argparse.Namespace) -> dict[str, float]:
    outlets = sites(name, files, given.each)
    titles = {
        "layouts": f"{OUTLETS} outlets of {given.each} pages, one layout each",
        "mixed": f"{len(files)} pages as one outlet",
    }
    (base / "www").mkdir()
    with WebServer(base / "www", base) as server:
        sitemaps = write_site(outlets, base / "www", server.port)
        write_outlet_files(outlets, base / "outlets", server.port)
        db = given.db or f"sqlite:///{base}/night.db"
        night = Night(name, f"{titles[name]}; pages served by {server.name}", outlets, base, sitemaps, db)
        night.make_store()
        ratios = run_night(night, given.alone)
        second_night(night)
    return ratios


if __name__ == "__main__":
    sys.exit(main())

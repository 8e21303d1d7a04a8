"""Are we as fast beside our peers as we were? Fails if a ratio is more than 15 % worse than the last kept one.

    python -m bench.check [--runs 3] [--each 30] [--keep NOTE]

Runs the nights of `bench.endtoend` with the invented pages of `bench/crawl.py`, which have the menus of real ones and
some 40 kB, and the extraction of `bench.extraction` on the project's test pages. Does so several times, and compares
the medians with bench/ratios.toml. `--keep NOTE` adds what was measured to that file, whether better or worse: the note
says why it is so now. Takes some minutes; the suite does not run it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.crawl import page
from bench.extraction import BASELINE, OWN, read_pages
from bench.extraction_systems import ROOT, SYSTEMS, answers
from bench.ratios import KEPT, RatiosFileError, as_entry, last_kept, middle, read_kept, worsened

PAGES = 100  # of the night of one outlet
ROUNDS = 8  # of the test pages, which are few and small


def measured(each: int) -> dict[str, float]:
    """Return the ratios of one run."""
    return _nights(each) | {f"extraction.{BASELINE}": _extraction()}


def _nights(each: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        pages, file = Path(folder) / "pages", Path(folder) / "ratios.json"
        _write_pages(pages)
        command = [sys.executable, "-m", "bench.endtoend", "--each", str(each), "--ratios", str(file)]
        subprocess.run([*command, "--pages", str(pages)], check=True, cwd=ROOT)
        ratios: dict[str, float] = json.loads(file.read_text())
    return ratios


def _write_pages(folder: Path) -> None:
    """Write the pages as `bench.extraction` reads them."""
    folder.mkdir()
    for number in range(PAGES):
        (folder / f"{number}.html").write_bytes(page(number))
        told = {"page": f"{number}.html", "url": f"https://bench.example/{number}", "expect": {"outcome": "article"}}
        (folder / f"{number}.json").write_text(json.dumps(told))


def _extraction() -> float:
    pages = read_pages(OWN)
    rows = [{"id": f"{row['id']} {n}", "url": row["url"], "file": row["file"]} for n in range(ROUNDS) for row in pages]
    ours, theirs = (answers(SYSTEMS[name], rows)[1] for name in ("pressrun", BASELINE))
    return ours / theirs


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--runs", type=int, default=3)
    ask.add_argument("--each", type=int, default=30, metavar="N", help="pages of each of the ten outlets")
    ask.add_argument("--keep", metavar="NOTE", help="add what was measured to bench/ratios.toml")
    given = ask.parse_args()
    try:
        kept = last_kept(read_kept())
    except RatiosFileError as wrong:
        ask.error(str(wrong))
    found = middle([measured(given.each) for _ in range(given.runs)])
    print(f"\n{'CPU to the peer':28}{'kept':>8}{'now':>8}")
    for name, ratio in sorted(found.items()):
        print(f"{name:28}{kept.get(name, float('nan')):8.3f}{ratio:8.3f}")
    if given.keep:
        with KEPT.open("a", encoding="utf-8") as file:
            file.write(as_entry(datetime.now(UTC).date(), given.keep, found))
        return 0
    worse = worsened(kept, found)
    for line in worse:
        print(f"worse: {line}", file=sys.stderr)
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())

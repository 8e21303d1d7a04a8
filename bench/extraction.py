"""How well pages are read, and at what cost, beside trafilatura, newspaper4k and news-please on the same pages.

    python -m bench.extraction [--pages FOLDER ...] [--systems NAME ...]

Without --pages the project's own test pages are read. A FOLDER holds either pages with a JSON file beside each, as
tests/crawlers/extraction/pages does, or `meta.jsonl` with rows {"id", "url", "file", "truth": {"title", "body_text",
"authors", "published"}}, the files (plain or in gzip) relative to the folder; a truth says only what is known. Systems
that are not installed get an environment of their own under .bench/, which takes a minute the first time. CPU is that
of the process without its start; look at the ratios to trafilatura, since machines differ. Prints a table a folder.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.extraction_scores import scores
from bench.extraction_systems import ROOT, SYSTEMS, SystemFailedError, answers

OWN = ROOT / "tests" / "crawlers" / "extraction" / "pages"
BASELINE = "trafilatura"


class NoPagesError(Exception):
    """A folder holds no pages with answers."""


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", nargs="+", type=Path, default=[OWN], metavar="FOLDER")
    ask.add_argument("--systems", nargs="+", choices=list(SYSTEMS), default=list(SYSTEMS))
    given = ask.parse_args()
    try:
        for folder in given.pages:
            _table(folder, read_pages(folder), given.systems)
    except (NoPagesError, SystemFailedError) as wrong:
        ask.error(str(wrong))
    return 0


def read_pages(folder: Path) -> list[dict[str, Any]]:
    """Rows {"id", "url", "file", "truth"} of the pages that hold an article."""
    if not folder.is_dir():
        raise NoPagesError(f"--pages: there is no folder {folder}")
    rows = list(_collection(folder) if (folder / "meta.jsonl").exists() else _beside(folder))
    if not rows:
        raise NoPagesError(f"--pages: {folder} holds neither meta.jsonl nor pages with a JSON file beside them")
    return rows


def _collection(folder: Path) -> Iterator[dict[str, Any]]:
    for line in (folder / "meta.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        truth = row.get("truth") or {}
        if truth and row.get("kind", "article") == "article":
            known = {"text": truth.get("body_text"), "published_at": truth.get("published")}
            kept = {name: truth[name] for name in ("title", "authors") if name in truth} | known
            yield {"id": row["id"], "url": row.get("url") or "", "file": str(folder / row["file"]), "truth": kept}


def _beside(folder: Path) -> Iterator[dict[str, Any]]:
    for case in sorted(folder.glob("*.json")):
        given = json.loads(case.read_text(encoding="utf-8"))
        expect = given.get("expect", {})
        if expect.get("outcome") == "article" and not given.get("outlet"):
            truth = expect | {"precision": expect.get("published_precision")}
            yield {"id": case.stem, "url": given["url"], "file": str(folder / given["page"]), "truth": truth}


def _table(folder: Path, rows: list[dict[str, Any]], systems: list[str]) -> None:
    print(f"\n{folder.name}: {len(rows)} articles")
    columns, cpu = {}, {}
    for name in systems:
        asked = [{key: row[key] for key in ("id", "url", "file")} for row in rows]
        found, cpu[name] = answers(SYSTEMS[name], asked)
        columns[name] = scores(rows, found)
    print(f"{'':22}" + "".join(f"{name:>14}" for name in systems))
    for measure in columns[systems[0]]:
        print(f"{measure:22}" + "".join(_cell(columns[name][measure]) for name in systems))
    print(f"{'CPU ms a page':22}" + "".join(f"{cpu[name]:14.1f}" for name in systems))
    if cpu.get(BASELINE):
        print(
            f"{'CPU to trafilatura':22}" + "".join(f"{cpu[name] / cpu[BASELINE]:14.2f}" for name in systems), flush=True
        )


def _cell(value: float | None) -> str:
    return f"{'-':>14}" if value is None else f"{value:14.3f}"


if __name__ == "__main__":
    sys.exit(main())

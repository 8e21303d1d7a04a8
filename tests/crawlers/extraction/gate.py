"""What the pages that we wrote hold extraction to: an expectation for each field, and floors for the scores of all.

python -m tests.crawlers.extraction.gate                   raise the floors to what is reached now
python -m tests.crawlers.extraction.gate --lower REASON    lower them too; the reason is kept in the file
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bench.extraction_scores import scores
from crawlers.catalog import load_outlets
from crawlers.extraction import extract
from crawlers.extraction.workers.batch import as_row

PAGES = Path(__file__).parent / "pages"
FLOORS = Path(__file__).parent / "floors.json"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
UNSAID = frozenset({"id", "detail"})
DIGITS = 4  # of a floor


class FloorError(Exception):
    """Scores fell below their floors, and nobody said why that should be."""


def cases(folder: Path = PAGES) -> list[Path]:
    """The JSON files beside the pages."""
    return sorted(folder.glob("*.json"))


def given(case: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(case.read_text(encoding="utf-8"))
    return read


def result(case: Path) -> dict[str, Any]:
    """What extraction makes of a page, as the batch command prints it."""
    return _result(case, case.stat().st_mtime_ns)


@cache
def _result(case: Path, _: int) -> dict[str, Any]:
    asked = given(case)
    outlet = load_outlets().get(asked["outlet"]) if asked.get("outlet") else None
    html = (case.parent / asked["page"]).read_bytes()
    return as_row(None, extract(html, asked["url"], outlet, content_type=asked.get("content_type"), now=NOW))


def drafted(folder: Path = PAGES) -> list[str]:
    """Names of the pages that nobody has read yet; what came out of each is written beside it, and never over it."""
    named = {given(case)["page"] for case in cases(folder)}
    for page in sorted(folder.iterdir()):
        if page.suffix != ".json" and page.name not in named:
            asked = {"page": page.name, "url": f"https://www.example.org/news/{page.stem}.html"}
            _write(folder / f"{page.stem}.json", asked)
    unread = [case for case in cases(folder) if "expect" not in given(case)]
    for case in unread:
        asked = given(case)
        if "unread" not in asked:
            _write(case, asked | {"unread": {k: v for k, v in result(case).items() if k not in UNSAID}})
    return [case.name for case in unread]


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def reached(folder: Path = PAGES) -> dict[str, dict[str, float]]:
    """The scores of all articles, and of each language's, by measure."""
    rows, found = [], {}
    for case in cases(folder):
        expect = given(case).get("expect", {})
        if expect.get("outcome") == "article":
            rows.append({"id": case.stem, "truth": expect | {"precision": expect.get("published_precision")}})
            found[case.stem] = result(case)
    groups = {"all": rows}
    for row in rows:
        if language := row["truth"].get("language"):
            groups.setdefault(language, []).append(row)
    told = {name: scores(group, found) for name, group in sorted(groups.items())}
    return {name: {k: round(v, DIGITS) for k, v in told[name].items() if v is not None} for name in told}


def fallen(floors: dict[str, dict[str, float]], now: dict[str, dict[str, float]]) -> list[str]:
    """A line for each score below its floor."""
    return [
        f"{group}: {measure} is {now.get(group, {}).get(measure, 0.0)}, its floor {floor}"
        for group, measures in floors.items()
        for measure, floor in measures.items()
        if now.get(group, {}).get(measure, 0.0) < floor
    ]


def set_floors(path: Path, now: dict[str, dict[str, float]], reason: str | None = None) -> list[str]:
    """Write the scores as floors; returns what was lowered. FloorError if something is lower and there is no reason."""
    kept = given(path) if path.exists() else {"floors": {}, "lowered": []}
    lower = fallen(kept["floors"], now)
    if lower and not reason:
        raise FloorError("; ".join(lower) + "; mend it, or lower the floors with --lower REASON")
    if lower:
        kept["lowered"].append({"reason": reason, "what": lower})
    _write(path, {"floors": now, "lowered": kept["lowered"]})
    return lower


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--lower", metavar="REASON", help="lower floors too, for this reason")
    options = ask.parse_args()
    try:
        lowered = set_floors(FLOORS, reached(), options.lower)
    except FloorError as lower:
        ask.error(str(lower))
    print("\n".join(["lowered:", *lowered]) if lowered else "no floor was lowered")
    return 0


if __name__ == "__main__":
    sys.exit(main())

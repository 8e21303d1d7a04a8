"""Take the pictures of `pressrun browse` in docs/images: python -m tests.flows.browse_screenshots [FOLDER]

Needs a Chromium and takes a minute. The news are invented. With `pngquant` on the PATH the files become smaller. Fonts
are those of the machine: Noto Serif and Inter look as in the pictures.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.articles import Selection, iter_articles
from storage.database import open_database

from .browse.conftest import served
from .browser import browser
from .reading import FERRY_TITLE, large_archive

IMAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
WIDTH = 1280


def main(folder: Path = IMAGES) -> int:
    """Make an archive, serve it, and write a picture of each page. Returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="pressrun-") as made:
        url = f"sqlite:///{made}/pressrun.db"
        db = open_database(url)
        large_archive(db, datetime.now(UTC).replace(microsecond=0))
        ferry = next(each.id for each in iter_articles(db, Selection(outlets=("herald",))) if each.title == FERRY_TITLE)
        db.close()
        with served(url, Path(made)) as base, browser() as (page, _):
            for name, path, height in (
                ("start", "/", 900),
                ("article", f"/articles/{ferry}/revisions/1", 860),
                ("outlet", "/outlets/herald", 760),
                ("trend", "/trend?q=referendum", 980),
            ):
                _take(page, base + path, height, folder / f"browse-{name}.png")
    return 0


def _take(page: Any, url: str, height: int, file: Path) -> None:
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    if smaller := shutil.which("pngquant"):
        subprocess.run([smaller, "--force", "--skip-if-larger", "--output", file, "64", file], check=False)
    print(file)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))

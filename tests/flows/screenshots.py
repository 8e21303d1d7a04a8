"""Take the pictures of docs/images from a real Prefect server, in a real browser: `python -m tests.flows.screenshots`.

The outlets are those of the demo, one that does not answer, one whose file is wrong, and one that refuses. It takes about
two minutes.
With `pngquant` on the PATH the files are a third as large.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import update

from crawlers.environment import Settings
from deploy.demo.press import Press
from deploy.demo.schedules import set_schedule
from flows.automations import PREFIX
from flows.deploy import deploy
from flows.up import running_prefect
from storage import frontier
from storage.database import open_database
from storage.schema import tables
from tests.loopback import loopback
from tests.polling import Document, WrittenSite

from .browser import artifact_url, browser, children, form_url
from .conftest import PREFECT_ENV, Prefect, closed_port, copy_database, more_outlets

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
NIGHT = ["demo_digest", "demo_xeber", "demo_herald", "down", "broken"]
REFUSING = "refusing"  # an outlet that answers 403 to everything
SAME, LOOKS = 4, 40  # so many equal pictures, a second apart, are a page at rest; no more pictures than these
A_WEEK_AGO = {"demo_digest": 9, "demo_xeber": 12, "demo_herald": 31}  # new articles


def main(folder: Path = IMAGES) -> int:
    """Run a night, and write a picture of each page. Returns the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pressrun-")))
        prefect = _start(stack, data)
        _pretend_a_week_ago(prefect.settings)
        night = prefect.run("nightly", {"outlets": NIGHT, "max_parallel": 1})
        refused = prefect.run("crawl", {"outlet": REFUSING})
        automation = _automation(prefect)
        pictures = [
            *_pictures(prefect, str(night.flow_run_id)),
            *_more_pictures(prefect, str(refused.flow_run_id), automation),
        ]
        for picture in pictures:
            _take(picture, folder / f"{picture.name}.png")
            print(folder / f"{picture.name}.png")
    return 0


def _start(stack: ExitStack, data: Path) -> Prefect:
    outlets = data / "outlets"
    press = stack.enter_context(Press(outlets))
    more_outlets(outlets, stack.enter_context(closed_port()))
    refusing = stack.enter_context(WrittenSite("127.0.0.3"))
    refusing.documents["/rss"] = Document("<h1>Forbidden</h1>", 403)
    refusing.write_outlet(outlets, REFUSING, 'kind = "feed"\nurl = "ORIGIN/rss"')
    settings = Settings(f"sqlite:///{data}/pressrun.db", outlets, data, "desk@example.org")
    running = stack.enter_context(running_prefect(settings, env=PREFECT_ENV))
    set_schedule(running.api_url, "poll/poll", active=False)
    copy_database(running.home / "prefect.db", data / "new.db")
    return Prefect(running, settings, press, refusing, data / "new.db")


def _automation(prefect: Prefect) -> str:
    """Set the automations up as `pressrun deploy --notify` does; returns the id of the first one."""
    with temporary_settings({PREFECT_API_URL: prefect.api}):
        asyncio.run(deploy(prefect.api, "https://chat.example.org/hooks/pressrun"))
    found = loopback.post(f"{prefect.api}/automations/filter", json={}).json()
    return str(next(one["id"] for one in found if one["name"] == f"{PREFIX}a run failed"))


def _pretend_a_week_ago(settings: Settings) -> None:
    """Give the store the runs of a night a week before."""
    began = datetime.now(UTC) - timedelta(days=7)
    db = open_database(settings.db)
    try:
        for outlet, stored in A_WEEK_AGO.items():
            run = frontier.start_run(db, frontier.RunRequest(outlet, outlet, "nightly", {}))
            frontier.end_run(db, run.id, "completed", {"stored": stored})
            at = update(tables.Run).where(tables.Run.id == run.id).values(started_at=began, ended_at=began)
            db.write(lambda c, at=at: c.execute(at) and None)
    finally:
        db.close()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of the UI: the file's name, how to get there, and which part is shown: left, top, width and height.

    The part is in pixels of a window that is 1400 wide and as high as the part needs.
    """

    name: str
    open: Callable[[Any], Any]
    part: tuple[int, int, int, int]


def _pictures(prefect: Prefect, night: str) -> list[Picture]:
    ui = prefect.running.ui_url
    (digest,) = (run for run in children(prefect, night) if run["name"] == "demo_digest nightly")
    summary = artifact_url(prefect, night, "nightly-summary")
    report = artifact_url(prefect, digest["id"], "demo-digest-report")
    copies = artifact_url(prefect, night, "deduplication")
    return [
        Picture("runs", lambda page: _open(page, f"{ui}/runs", "demo_herald nightly"), (256, 600, 1144, 840)),
        Picture("nightly", lambda page: _open(page, f"{ui}/runs/flow-run/{night}", "Level: All"), (0, 0, 1400, 950)),
        Picture("night-summary", lambda page: _open(page, summary, "What to do"), (256, 0, 1144, 1560)),
        Picture("crawl-report", lambda page: _open(page, report, "Where the rest is"), (256, 0, 1144, 1460)),
        Picture("deduplication", lambda page: _open(page, copies, "Who repeats whom"), (256, 0, 1144, 1000)),
        Picture("backfill-form", lambda page: _refused(page, prefect), (256, 0, 1144, 1300)),
    ]


def _more_pictures(prefect: Prefect, refused: str, automation: str) -> list[Picture]:
    ui = prefect.running.ui_url
    report = artifact_url(prefect, refused, f"{REFUSING}-report")
    address = f"{ui}/automations/automation/{automation}"
    return [
        Picture("findings", lambda page: _open(page, report, "Where the rest is"), (256, 0, 1144, 800)),
        Picture("automation", lambda page: _open(page, address, "Pressrun: a run failed"), (256, 0, 1144, 300)),
    ]


def _open(page: Any, url: str, text: str) -> None:
    page.goto(url)
    page.get_by_text(text).first.wait_for()


def _refused(page: Any, prefect: Prefect) -> None:
    page.goto(form_url(prefect, "backfill/backfill"))
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("'first' is a required property").first.wait_for()


def _at_rest(page: Any, clip: dict[str, int]) -> bytes:
    """Return a picture of the page when it has not changed for some seconds: its timeline is drawn piece by piece."""
    latest: list[bytes] = []
    for _ in range(LOOKS):
        latest = [*latest[1 - SAME :], page.screenshot(clip=clip)]
        if len(latest) == SAME and len(set(latest)) == 1:
            break
        page.wait_for_timeout(1000)
    return latest[-1]


def _take(picture: Picture, file: Path) -> None:
    left, top, width, height = picture.part
    with browser(top + height) as (page, _):
        picture.open(page)
        page.wait_for_load_state("networkidle")
        file.write_bytes(_at_rest(page, {"x": left, "y": top, "width": width, "height": height}))
    if smaller := shutil.which("pngquant"):
        subprocess.run([smaller, "--force", "--skip-if-larger", "--output", file, "64", file], check=False)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))

"""A survey of real captured pages, replayed on loopback: the proposed file crawls them with no edit.

The pages and their server lie beside the project and are not part of it; without them this test skips.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.environment import read_settings
from crawlers.fetch_client import FetchClient
from crawlers.survey import SurveyOptions, provisional_outlet, survey
from tests.crawling import crawl
from tests.fetching import quick_fetch as quick_fetch

REPLAY = Path(__file__).resolve().parents[4] / "shared" / "tools" / "replay.py"
PAGES = 40

pytestmark = [
    pytest.mark.skipif(not REPLAY.exists(), reason="the replay of real pages is not beside this checkout"),
    pytest.mark.usefixtures("quick_fetch"),
]


@pytest.fixture(name="origin")
def a_site() -> Iterator[str]:
    command = [sys.executable, str(REPLAY), "--port", "0", "--limit", str(PAGES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", server.stdout.readline())
        assert found
        yield found[0]
        server.terminate()


def test_the_proposed_file_crawls_all_pages(origin: str, tmp_path: Path) -> None:
    options = SurveyOptions(f"{origin}/", outlet_id="replay", allow_private=True, delay=0)
    with FetchClient(read_settings({}), [provisional_outlet(options)]) as fetch:
        proposal = survey(fetch, options)
    assert {(seed.kind, seed.url.removeprefix(origin)) for seed in proposal.outlet.seeds} == {
        ("feed", "/rss.xml"),
        ("news_sitemap", "/news-sitemap.xml"),
        ("sitemap", "/sitemap.xml"),
    }
    folder = tmp_path / "outlets"
    folder.mkdir()
    (folder / "replay.toml").write_text(proposal.text, encoding="utf-8")
    done = crawl("replay", db=f"sqlite:///{tmp_path}/p.db", outlets=folder, data=tmp_path / "data")
    assert done.end["state"] == "completed", done.log[-3000:]
    assert done.ledger["discovered"] == PAGES
    assert done.ledger["waiting"] == 0
    assert done.ledger["stored"] + done.ledger.get("duplicate", 0) >= 0.9 * PAGES

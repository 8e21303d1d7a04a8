"""In a checkout, Pressrun is a Scrapy project that a Scrapy user knows how to drive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.demo.press import Press
from tests.crawling import ROOT

Scrapy = Callable[..., str]


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as press:
        yield press


@pytest.fixture
def scrapy(press: Press, tmp_path: Path) -> Scrapy:
    env = os.environ | {
        "PRESSRUN_OUTLETS": str(press.outlet_folder),
        "PRESSRUN_DB": f"sqlite:///{tmp_path}/p.db",
        "PRESSRUN_DATA": str(tmp_path / "data"),
    }

    def call(*words: str) -> str:
        command = [sys.executable, "-m", "scrapy", *words]
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=60, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    return call


def test_list_names_the_outlets_built_in_and_of_the_users_own(scrapy: Scrapy) -> None:
    assert {"azernews", "today_az", "trend", "civil_ge", "gazeta_uz", "demo_herald"} <= set(scrapy("list").split())


def test_crawl_is_a_run_and_exports_what_it_stored(scrapy: Scrapy, tmp_path: Path) -> None:
    scrapy("crawl", "demo_herald", "-a", "limit=4", "-o", f"{tmp_path}/out.jsonl", "-L", "WARNING")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert 1 <= len(rows) <= 4
    assert all(row["title"] and row["text"] and row["url"] for row in rows)


def test_parse_shows_what_extraction_makes_of_a_page_and_stores_nothing(
    scrapy: Scrapy, press: Press, tmp_path: Path
) -> None:
    scrapy("crawl", "demo_herald", "-a", "limit=3", "-o", f"{tmp_path}/out.jsonl", "-L", "WARNING")
    row = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])
    before = (tmp_path / "p.db").stat().st_mtime_ns
    shown = scrapy("parse", row["url"], "--nocolour", "-L", "WARNING")
    assert row["title"][:30] in shown.replace("'\n          '", "")
    assert (tmp_path / "p.db").stat().st_mtime_ns == before


def test_shell_has_the_outlets_spider(scrapy: Scrapy, press: Press) -> None:
    from crawlers.catalog import load_outlets

    home = load_outlets(press.outlet_folder).get("demo_herald").home
    assert (
        scrapy("shell", home, "-c", "spider.name, response.status", "-L", "WARNING")
        .strip()
        .startswith("('demo_herald'")
    )

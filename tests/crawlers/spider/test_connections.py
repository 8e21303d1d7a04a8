"""Connections are kept for as many requests as an outlet file may allow at once."""

from __future__ import annotations

import subprocess
import sys

from crawlers.outlet import Fetch
from crawlers.settings import DOWNLOAD_HANDLERS
from crawlers.spider.connections import KEPT

SCRIPT = """
from scrapy.utils.project import get_project_settings
from scrapy.crawler import AsyncCrawlerProcess
from scrapy import Spider
from scrapy.utils.misc import load_object
process = AsyncCrawlerProcess(get_project_settings())
crawler = process.create_crawler(Spider)
crawler._apply_settings()
handler = load_object(crawler.settings["DOWNLOAD_HANDLERS"]["https"])(crawler)
print(handler._pool.maxPersistentPerHost, handler._pool.persistent)
"""


def test_no_outlet_may_use_more_connections_than_are_kept() -> None:
    (most,) = [rule.le for rule in Fetch.model_fields["concurrency"].metadata if hasattr(rule, "le")]
    assert most == KEPT


def test_both_schemes_keep_them() -> None:
    assert DOWNLOAD_HANDLERS["http"] == DOWNLOAD_HANDLERS["https"]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        env={"SCRAPY_SETTINGS_MODULE": "crawlers.settings"},
    )
    assert done.stdout.split() == [str(KEPT), "True"], done.stderr

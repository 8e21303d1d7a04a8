"""Connections are kept for as many requests as an outlet file may allow at once."""

from __future__ import annotations

import inspect
import subprocess
import sys

from scrapy.core.downloader import contextfactory, tls

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


def test_a_quicker_import_changes_nothing_that_is_imported() -> None:
    assert inspect.stack()[0].function == "test_a_quicker_import_changes_nothing_that_is_imported"
    assert contextfactory.ScrapyClientContextFactory.__module__ == contextfactory.__name__
    assert tls.ScrapyClientTLSOptions.__module__ == tls.__name__


def test_the_process_of_a_crawl_does_without_http_2() -> None:
    script = (
        "import sys; from crawlers.process import begin; begin(); import twisted.web.http as h; print(h.H2_ENABLED)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr.split() == ["False"], "standard output is for messages"

"""Imported by the process that whole crawls of tests are forked from: what a crawl and its workers need.

A fork has the thread alone that made it, so that nothing here may start one, or install Twisted's reactor.
"""

import os
from importlib import import_module

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy would start a thread for each further processor

MODULES = (
    "alembic.command",
    "alembic.config",
    "alembic.context",
    "crawlers.crawl",
    "crawlers.discovery.sitemaps",
    "crawlers.spider.loader",
    "fsspec",
    "numpy",
    "psycopg",
    "queuelib",
    "scrapy.core.downloader.contextfactory",
    "scrapy.core.engine",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.extensions.feedexport",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.referer",
    "scrapy.squeues",
    "scrapy.utils.project",
    "storage.articles.write",
    "storage.dedup.assign",
    "storage.frontier.complete",
    "storage.ownership",
    "storage.search.index",
    "storage.warc.records",
)

for module in MODULES:
    import_module(module)

from crawlers.extraction.workers.worker import warm_up  # noqa: E402 - as late as the others

warm_up()

"""Fetch pages: one Scrapy spider for every outlet, its politeness and limits, and its run over the ledger."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("pressrun")
except PackageNotFoundError:  # a checkout that is not installed
    __version__ = "0"

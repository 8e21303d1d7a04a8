"""The side of crawlers that fetches: one Scrapy spider for every outlet, its politeness, its run over the ledger."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("pressrun")
except PackageNotFoundError:  # a checkout that nobody installed
    __version__ = "0"

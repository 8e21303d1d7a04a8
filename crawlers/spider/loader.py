"""Offer every outlet file to Scrapy as a spider: `scrapy list` lists them, `scrapy crawl ID` runs one."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from crawlers.catalog import load_outlets
from crawlers.environment import read_settings
from crawlers.outlet import Outlet
from storage.urls import host_of

from .spider import OutletSpider

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings


def spider_for(outlet: Outlet) -> type[OutletSpider]:
    """Make the spider class of one outlet; its name is the outlet's id."""
    return type(f"OutletSpider_{outlet.id}", (OutletSpider,), {"name": outlet.id, "outlet": outlet})


class OutletSpiderLoader:
    """A Scrapy spider loader over the built-in outlet files and those in PRESSRUN_OUTLETS."""

    def __init__(self) -> None:
        self._catalog = load_outlets(read_settings().outlets)

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> OutletSpiderLoader:  # noqa: ARG003 - Scrapy's signature
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        if spider_name not in self._catalog.ids:
            raise KeyError(f"Spider not found: {spider_name}")
        return spider_for(self._catalog.get(spider_name))

    def list(self) -> builtins.list[str]:
        return sorted(self._catalog.ids)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        return [
            outlet.id
            for outlet in self._catalog
            if host_of(request.url) in outlet.hosts or outlet.is_article(request.url)
        ]

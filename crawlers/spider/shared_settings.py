"""What outlet files say of pace and limits, where one Scrapy crawler serves all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crawlers.catalog import Catalog
from crawlers.outlet import Outlet
from crawlers.settings import DOWNLOADER_MIDDLEWARES

from .host_pace import PACE
from .private_hosts import PRIVATE_HOSTS
from .user_agent import user_agent


def limits(outlet: Outlet) -> dict[str, Any]:
    """Return the limits of an outlet's requests, as request meta."""
    return {
        "download_timeout": outlet.fetch.timeout,
        "download_maxsize": outlet.fetch.max_bytes,
        "redirect_ttl": outlet.fetch.max_redirects,
        PACE: {"concurrency": outlet.fetch.concurrency, "delay": outlet.fetch.delay},
        PRIVATE_HOSTS: outlet.hosts if outlet.allow_private else frozenset(),
    }


def paces(outlets: Iterable[Outlet]) -> dict[str, dict[str, Any]]:
    """Return the pace of each host, for DOWNLOAD_SLOTS. Where outlets share a host, the slowest holds."""
    slots: dict[str, dict[str, Any]] = {}
    for outlet in outlets:
        for host in outlet.hosts:
            other = slots.get(host, {"concurrency": outlet.fetch.concurrency, "delay": 0.0})
            slots[host] = {
                "concurrency": min(other["concurrency"], outlet.fetch.concurrency),
                "delay": max(other["delay"], outlet.fetch.delay),
            }
    return slots


_OF_MANY = {  # before robots.txt is asked for, which may slow the host down
    f"{__package__}.private_hosts.PrivateHostsMiddleware": 90,
    f"{__package__}.host_pace.HostPaceMiddleware": 91,
}


def shared_settings(catalog: Catalog, named: tuple[str, ...], contact: str) -> dict[str, Any]:
    """Return the Scrapy settings of a process that serves several outlets, where they differ from those of a crawl."""
    return settings_for(list(catalog.readable(named)), contact)


def settings_for(outlets: Sequence[Outlet], contact: str) -> dict[str, Any]:
    """Return the same for these outlets."""
    return {
        "SPIDER_LOADER_CLASS": "scrapy.spiderloader.SpiderLoader",
        "SPIDER_MODULES": [],
        "USER_AGENT": user_agent(contact),
        "DOWNLOAD_SLOTS": paces(outlets),
        "REDIRECT_MAX_TIMES": max((outlet.fetch.max_redirects for outlet in outlets), default=0),
        "DOWNLOADER_MIDDLEWARES": DOWNLOADER_MIDDLEWARES | _OF_MANY,
    }

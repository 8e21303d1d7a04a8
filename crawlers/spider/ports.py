"""Which ports a crawl may connect to: those of the web, and those that the outlet files of the process name.

Otherwise a page could make the crawler knock on any service of any public host.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .errors import BlockedPortError

if TYPE_CHECKING:
    from scrapy import Request

WEB = frozenset({80, 443})
_named: set[int] = set()  # global as the permitted private hosts are: see `ip_filter`


def permit_ports(addresses: Iterable[str]) -> None:
    """Permit the ports of these addresses."""
    _named.update(port for address in addresses if (port := _port(address)) is not None)


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:  # no number, or too high
        return -1


class PortsMiddleware:
    """Refuses a request, a redirected one too, to a port that no outlet file names."""

    def process_request(self, request: Request) -> None:
        port = _port(request.url)
        if port is not None and port not in WEB and port not in _named:
            raise BlockedPortError(request.url)

"""Private addresses where one process serves many outlets: what one outlet file permits is no other's.

The resolver knows the name that it resolves and not who asks (see `ip_filter`), so this looks at the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.urls import host_of

from .errors import BlockedAddressError
from .ip_filter import is_permitted

if TYPE_CHECKING:
    from scrapy import Request

PRIVATE_HOSTS = "private_hosts"  # request meta: the hosts that may be private for it


class PrivateHostsMiddleware:
    """Refuses a request, a redirected one too, to a host that only another outlet may reach at a private address."""

    def process_request(self, request: Request) -> None:
        host = host_of(request.url)
        if is_permitted(host) and host not in request.meta.get(PRIVATE_HOSTS, ()):
            raise BlockedAddressError(host, "a private network")

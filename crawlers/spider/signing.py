"""Signs each request, a redirected one too, if the settings name a key. See `crawlers.identity`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

from crawlers.environment import read_settings
from crawlers.identity import Identity, read_identity

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class SigningMiddleware:
    """Stands last before the downloader: nothing that it signs is changed afterwards."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SigningMiddleware:  # noqa: ARG003 - Scrapy's signature
        identity = read_identity(read_settings())
        if identity is None:
            raise NotConfigured
        return cls(identity)

    def process_request(self, request: Request) -> None:
        for name, value in self._identity.sign(request.url, request.method).items():
            request.headers[name] = value

"""What Scrapy's downloader can raise for a request that failed, all of it, and the ledger's word for each."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.client import ResponseFailed

DOWNLOAD_ERRORS: tuple[type[Exception], ...] = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    ConnectError,
    ConnectionClosed,
    ResponseFailed,
    NotSupported,
    ValueError,  # an address that Scrapy or Twisted cannot put into a request
)

FAILURES: tuple[type[Exception], ...] = (*DOWNLOAD_ERRORS, IgnoreRequest)

# Causes that speak of the host or the network and not of the page: they count towards the host's back-off.
HOST_CAUSES = frozenset({"dns", "connect_refused", "connect_failed", "timeout", "connection_lost"})
UNREACHABLE = frozenset({"dns", "connect_refused", "connect_failed"})

_CAUSES: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "connect_refused"),
    (DownloadCancelledError, "too_large"),
    (ResponseDataLossError, "truncated"),
    (UnsupportedURLSchemeError, "blocked_scheme"),
    (NotSupported, "blocked_scheme"),
    (ValueError, "blocked_scheme"),
    (ConnectError, "connect_failed"),
)


def cause_of(failure: Exception) -> str:
    """The ledger's word for a failure of the downloader."""
    return next((cause for kind, cause in _CAUSES if isinstance(failure, kind)), "connection_lost")

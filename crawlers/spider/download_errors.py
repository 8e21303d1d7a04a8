"""All exceptions that Scrapy's downloader raises for a failed request, and the cause in the ledger for each."""

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
    ValueError,  # a URL that Scrapy or Twisted cannot use
)

FAILURES: tuple[type[Exception], ...] = (*DOWNLOAD_ERRORS, IgnoreRequest)

# Causes that are due to the host or the network, not to the page: they count towards a pause of the host.
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
    """Return the cause, as the ledger keeps it, of an exception of the downloader."""
    return next((cause for kind, cause in _CAUSES if isinstance(failure, kind)), "connection_lost")

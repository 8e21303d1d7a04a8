"""Why a request was not sent, or its answer not taken.

They are Scrapy's IgnoreRequest, so that Scrapy ends the request quietly.
"""

from __future__ import annotations

from datetime import datetime

from scrapy.exceptions import IgnoreRequest


class RobotsForbiddenError(IgnoreRequest):
    """robots.txt forbids the address."""


class RobotsUnreadableError(IgnoreRequest):
    """robots.txt could not be read, so nothing on the host may be fetched now.

    `host` may name a port.
    `cause` is the ledger's word: that of the failure if the host could not be reached, else `robots_unreadable`.
    """

    def __init__(self, host: str, cause: str, detail: str) -> None:
        super().__init__(f"{host}/robots.txt is unreadable: {detail}")
        self.host, self.cause = host, cause


class HostPausedError(IgnoreRequest):
    """The host is paused; requests that waited for their turn are not sent either."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"the host is left alone until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


class BlockedAddressError(IgnoreRequest):
    """The name leads to an address that is not public."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__(f"{name} leads to {address}, which is not a public address")


class BlockedPortError(IgnoreRequest):
    """The address has a port that is not the web's, and that no outlet file names."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url[:200]} has a port that is not the web's; if the outlet uses it, name it in its file")


class BadStatusError(IgnoreRequest):
    """The status line holds no status of three digits."""


class HeadersTooLargeError(IgnoreRequest):
    """The headers are longer than any that are kept."""

"""Which IP addresses a crawl may connect to, decided by the address and not by the host name.

A name can resolve to any address, and to another one a moment later. So the check is in the resolver of Twisted's
connector, and the connection goes to the very address that was checked. Literals such as 127.1, 0x7f.1 and 2130706433
are resolved like names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawlers.public_addresses import is_public

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase

# Hosts of outlet files with `allow_private = true`. Global state, since Scrapy builds the resolver before the spider.
# One process runs the crawl of one outlet; a poll serves many, see `private_hosts`.
_permitted: set[str] = set()


def permit_private(hosts: Iterable[str]) -> None:
    """Permit private addresses for these host names, for demos and tests on loopback."""
    _permitted.update(host.lower() for host in hosts)


def is_permitted(host: str) -> bool:
    """Return True for a host name that may resolve to a private address."""
    return host.lower() in _permitted


@implementer(IResolutionReceiver)
class _Vetted:
    """Passes on the addresses that are permitted, and records names with an address that is not."""

    def __init__(self, receiver: Any, host: str, blocked: dict[str, str]) -> None:
        self._receiver, self._host, self._blocked = receiver, host, blocked
        self._open = host.lower() in _permitted

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        number = str(getattr(address, "host", ""))
        if self._open or is_public(number):
            self._receiver.addressResolved(address)
        else:
            self._blocked[self._host.lower()] = number

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's resolver with the check added. Scrapy installs it by the setting TWISTED_DNS_RESOLVER."""

    blocked: ClassVar[dict[str, str]] = {}  # name -> rejected address; global like `_permitted`

    @classmethod
    def refused(cls, name: str) -> str | None:
        """Return the address for which a name was rejected, or None."""
        return cls.blocked.get(name.lower().strip("[].,'"))

    def __init__(self, reactor: ReactorBase) -> None:
        self._reactor = reactor
        self._inner: Any = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> GuardedResolver:
        return cls(reactor)

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)  # type: ignore[arg-type]  # zope's interfaces are no types

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        vetted = _Vetted(resolutionReceiver, hostName, self.blocked)
        return self._inner.resolveHostName(vetted, hostName, portNumber, addressTypes, transportSemantics)

"""Which IP addresses a crawl may connect to, decided by the address and not by the host name.

A name can resolve to any address, and to another one a moment later. So the check is in the resolver of Twisted's
connector, and the connection goes to the very address that was checked. Literals such as 127.1, 0x7f.1 and 2130706433
are resolved like names.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Ranges that `is_global` of Python 3.11 calls global although they are private or unused.
_ALSO_CLOSED = [ipaddress.ip_network(net) for net in ("224.0.0.0/4", "fec0::/10", "ff00::/8", "::/96")]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

# Hosts of an outlet file with `allow_private = true`. Global state: one process runs the crawl of one outlet,
# and Scrapy builds the resolver before the spider.
_permitted: set[str] = set()


def permit_private(hosts: Iterable[str]) -> None:
    """Permit private addresses for these host names, for demos and tests on loopback."""
    _permitted.update(host.lower() for host in hosts)


def is_public(address: str) -> bool:
    """Return True for a public unicast address. An IPv4 address embedded in IPv6 is checked as IPv4."""
    try:
        ip = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(ip.version == net.version and ip in net for net in _ALSO_CLOSED):
        return False
    return ip.is_global and not ip.is_multicast


def _unwrapped(ip: IPAddress) -> IPAddress:
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


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

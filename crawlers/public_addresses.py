"""Which IP addresses are public: of the network, and not of this machine or of the one it stands in."""

from __future__ import annotations

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Ranges that `is_global` of Python 3.11 calls global although they are private or unused.
_ALSO_CLOSED = [ipaddress.ip_network(net) for net in ("224.0.0.0/4", "fec0::/10", "ff00::/8", "::/96")]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


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

"""Which addresses a crawl may connect to."""

import pytest

from crawlers.public_addresses import is_public


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_open(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.5", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::a00:5",
        "2002:7f00:1::", "2002:a00:5::1", "not an address", "",
    ],
)  # fmt: skip
def test_private_loopback_and_wrapped_addresses_are_closed(address: str) -> None:
    assert not is_public(address)

"""An address at which the archive is served to readers: pages, the API, or tools for language models."""

from __future__ import annotations

import ipaddress
import socket

SHORTEST_TOKEN = 16  # characters


def is_loopback(host: str) -> bool:
    """Return True for a host name or address that only this machine reaches."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host.strip("[]"), port), family=family, backlog=128)
    # Connections inherit it. asyncio sets it only on sockets that it makes; without it, an answer on a connection that
    # is kept waits 40 ms between its headers and its body, for the reader's delayed acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the http address of a socket that listens, with a slash at its end."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

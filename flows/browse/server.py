"""Serve the archive until it is told to end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI

from flows.serving import SHORTEST_TOKEN, is_loopback, listen

from .errors import AddressTakenError, TokenMissingError

_ENDS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the archive is served, and the token that readers need."""

    host: str
    port: int
    token: str | None = None

    def check(self) -> None:
        """Raise TokenMissingError if other machines could read without a token, or with one that can be guessed."""
        if self.token is None and not is_loopback(self.host):
            raise TokenMissingError(
                f"{self.host} can be reached from other machines; give readers a token with --token (PRESSRUN_TOKEN), "
                "or serve this machine alone with --host 127.0.0.1"
            )
        if self.token is not None and (len(self.token) < SHORTEST_TOKEN or not self.token.isascii()):
            raise TokenMissingError(
                f"a token has at least {SHORTEST_TOKEN} ASCII characters; `openssl rand -hex 16` makes one"
            )


def bind(address: Address) -> socket.socket:
    """Return a socket that listens at an address. Raises AddressTakenError."""
    try:
        return listen(address.host, address.port)
    except OSError as failure:
        other = address.port + 1 if address.port < 65535 else 4300
        raise AddressTakenError(
            f"cannot serve at {address.host}:{address.port}: {failure.strerror or failure}; choose another --port, "
            f"such as {other}, or --host"
        ) from failure


class _Server(uvicorn.Server):
    """Ends at a signal without raising it again: the program ends by its own exit code."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {each: signal.signal(each, self.handle_exit) for each in _ENDS}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def serve(app: FastAPI, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM. Answers under way have a second to end."""
    options: dict[str, Any] = {
        "log_level": "warning", "access_log": False, "server_header": False, "timeout_graceful_shutdown": 1,
        "ws": "none", "loop": "asyncio",
    }  # fmt: skip
    _Server(uvicorn.Config(app, **options)).run(sockets=[listening])

"""A large file at an HTTP(S) address, read as a stream. A connection that drops is taken up again by a Range request.

An address that a person typed may be anywhere. A redirect from a public address to a private one is refused, at the
moment of connecting: by the IP address and not by the name.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawlers.public_addresses import is_public
from crawlers.spider import __version__
from storage.errors import ArchiveError

TIMEOUT = 20.0  # seconds to connect, and between two pieces of the file
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each new try; then it is given up, and can be resumed
REDIRECTS = 5
KEPT = 1 << 22  # bytes that are kept for going back: a search for the next record after damage
SKIPPED = 1 << 23  # bytes to go ahead that are read, and not passed over by a new request
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class _DroppedError(Exception):
    """The connection was lost, or the server has a temporary fault: worth another try."""


class HttpSource:
    """A `storage.warc.Source` at an address. Raises ArchiveError with the address and a remedy.

    `stop` ends the waiting between two tries.
    """

    def __init__(
        self,
        url: str,
        stop: threading.Event | None = None,
        timeout: float = TIMEOUT,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.name = _checked(url)
        self.size: int | None = None
        self.version = ""
        self._stop, self._timeout, self._pauses = stop or threading.Event(), timeout, pauses
        self._connection: HTTPConnection | None = None
        self._response: HTTPResponse | None = None
        self._at = self._end = 0  # of the next byte to give out, and to receive
        self._kept = b""  # the bytes before `_end`
        self._tries = 0
        try:
            self._connect(0)
        except BaseException:
            self.close()
            raise

    def read(self, count: int) -> bytes:
        if self._at < self._end:
            start = len(self._kept) - (self._end - self._at)
            piece = self._kept[start : start + count]
        else:
            piece = self._receive(count)
        self._at += len(piece)
        return piece

    def seek(self, offset: int) -> None:
        if self._end - len(self._kept) <= offset <= self._end:
            self._at = offset
        elif self._end < offset <= self._end + SKIPPED:
            self._at = self._end
            while self._at < offset and self.read(min(offset - self._at, 1 << 18)):
                pass
        else:
            self._kept, self._at, self._end = b"", offset, offset
            if offset != self.size:  # there is no range at the end
                self._connect(offset)

    def close(self) -> None:
        if self._response:
            self._response.close()  # it has the socket, too
        if self._connection:
            self._connection.close()
        self._connection = self._response = None

    def _receive(self, count: int) -> bytes:
        while self.size is None or self._end < self.size:
            try:
                piece = self._next_piece(count)
            except (OSError, HTTPException, _DroppedError) as drop:
                self._pause(drop)
                self._connect(self._end)
                continue
            if not piece:
                return b""  # of a file whose size is not known
            self._tries = 0
            self._end += len(piece)
            self._keep(piece)
            return piece
        return b""

    def _next_piece(self, count: int) -> bytes:
        if self._response is None:
            raise _DroppedError("the connection was closed")
        piece = self._response.read(count)
        if not piece and self.size is not None:
            raise _DroppedError("the server closed the connection too early")
        return piece

    def _keep(self, piece: bytes) -> None:
        self._kept += piece
        if len(self._kept) > 2 * KEPT:
            self._kept = self._kept[-KEPT:]

    def _pause(self, why: Exception) -> None:
        """Wait before the next try. Raises ArchiveError if there have been enough, or the import is to stop."""
        self.close()
        if self._tries >= len(self._pauses):
            raise self._given_up(f"{_said(why)}, {self._tries + 1} times in a row at byte {self._end:,}") from why
        self._tries += 1
        if self._stop.wait(self._pauses[self._tries - 1]):
            raise self._given_up("interrupted") from why

    def _given_up(self, why: str) -> ArchiveError:
        return ArchiveError(f"cannot read {self.name}: {why}; the same command continues there")

    def _connect(self, offset: int) -> None:
        """Request the file from this byte on, as often as it takes. Once it was reached, any failure may be passing."""
        while True:
            try:
                self._discard(offset - self._request(offset))
                return
            except (OSError, HTTPException, _DroppedError) as drop:
                if not self.version and not isinstance(drop, _DroppedError):
                    raise self._unreachable(drop) from drop
                self._pause(drop)

    def _unreachable(self, failure: Exception) -> ArchiveError:
        return ArchiveError(f"cannot read {self.name}: {_said(failure)}; check the address and the network")

    def _discard(self, count: int) -> None:
        """Read what comes before the wanted byte, from a server that knows no ranges."""
        while count:
            assert self._response
            piece = self._response.read(min(count, 1 << 18))
            if not piece:
                raise _DroppedError("the server closed the connection too early")
            if self._stop.is_set():
                raise self._given_up("interrupted")
            count -= len(piece)

    def _request(self, offset: int) -> int:
        """Request the file from `offset` on, for later reads. Return the offset at which the response begins."""
        url, from_public = self.name, False
        for _ in range(REDIRECTS + 1):
            response, public = self._ask(url, offset, refuse_private=from_public)
            target = response.headers.get("Location")
            if response.status not in (301, 302, 303, 307, 308) or not target:
                return self._accepted(response, offset)
            url, from_public = _checked(urljoin(url, target), self.name), from_public or public
        raise ArchiveError(f"cannot read {self.name}: more than {REDIRECTS} redirects; give the final address")

    def _ask(self, url: str, offset: int, *, refuse_private: bool) -> tuple[HTTPResponse, bool]:
        """Return the answer of an address, in place of the one before, and whether it is a public address."""
        self.close()
        parts = urlsplit(url)
        host, tls = parts.hostname or "", parts.scheme == "https"
        connection = (HTTPSConnection if tls else HTTPConnection)(parts.netloc, timeout=self._timeout)
        self._connection = connection
        connection.sock = self._socket(host, parts.port or (443 if tls else 80), refuse_private=refuse_private)
        public = is_public(str(connection.sock.getpeername()[0]))
        headers = {"User-Agent": f"Pressrun/{__version__} (import)", "Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if tls:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        connection.request("GET", path, headers=headers)
        self._response = connection.getresponse()
        return self._response, public

    def _socket(self, host: str, port: int, *, refuse_private: bool) -> socket.socket:
        failure: OSError = OSError("no address")
        for family, kind, protocol, _, address in _resolved(host, port):
            if refuse_private and not is_public(str(address[0])):
                raise ArchiveError(f"cannot read {self.name}: it redirects to the private address {address[0]}")
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(self._timeout)
            try:
                sock.connect(address)
                return sock
            except OSError as wrong:
                sock.close()
                failure = wrong
        raise failure

    def _accepted(self, response: HTTPResponse, offset: int) -> int:
        """Return the offset of the answer's first byte in the file. Raises ArchiveError if it is no part of it."""
        if response.status in (408, 429, 500, 502, 503, 504):
            raise _DroppedError(f"the server answered {response.status}")
        if response.status not in (200, 206):
            remedy = "the file has become shorter; call again" if response.status == 416 else "check the address"
            raise ArchiveError(f"cannot read {self.name}: {response.status} {response.reason}; {remedy}")
        span = _RANGE.fullmatch(response.headers.get("Content-Range", "")) if response.status == 206 else None
        at = int(span[1]) if span else 0
        if (response.status == 206 and not span) or at > offset:
            raise ArchiveError(f"cannot read {self.name}: the server sent another part than it was asked for")
        self._note_version(response, span[2] if span else response.headers.get("Content-Length", ""))
        return at

    def _note_version(self, response: HTTPResponse, size: str) -> None:
        """Raises ArchiveError if the file has changed since the first answer."""
        version = response.headers.get("ETag") or response.headers.get("Last-Modified") or "-"
        length = int(size) if size.isdecimal() else None
        if self.version and (version, length) != (self.version, self.size):
            raise ArchiveError(f"{self.name} has changed while it was read; the same command begins it again")
        self.version, self.size = version, length


def _checked(url: str, shown: str | None = None) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        usable = False
    if not usable or not url.isascii() or any(character <= " " for character in url):
        raise ArchiveError(f"cannot read {shown or url}: not an http or https address{f': {url}' if shown else ''}")
    if parts.username is not None:
        raise ArchiveError(f"cannot read from {parts.hostname}: an address with a password; download the file first")
    return url


def _resolved(host: str, port: int) -> list[Any]:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except UnicodeError as wrong:  # a label that is too long for DNS
        raise OSError(f"{host[:80]} is no name of a host") from wrong


def _said(failure: Exception) -> str:
    if isinstance(failure, TimeoutError):
        return "no answer in time"
    text = getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
    return " ".join(str(text).split())

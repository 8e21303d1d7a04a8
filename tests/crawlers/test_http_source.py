"""A file at an address as a stream: ranges, dropped connections, redirects, and what is refused."""

from __future__ import annotations

import errno
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from crawlers import http_source
from crawlers.http_source import HttpSource
from storage.errors import ArchiveError
from tests.file_server import FileServer

DATA = random.Random(7).randbytes(300_000)


@contextmanager
def opened(server: FileServer, **more: object) -> Iterator[HttpSource]:
    with closing(HttpSource(server.url, pauses=(0, 0, 0), **more)) as source:  # type: ignore[arg-type]
        yield source


def everything(source: HttpSource) -> bytes:
    pieces = []
    while piece := source.read(10_000):
        pieces.append(piece)
    return b"".join(pieces)


def test_the_file_is_read_as_it_is() -> None:
    with FileServer(DATA) as server, opened(server) as source:
        assert (source.size, source.version) == (len(DATA), '"one"')
        assert everything(source) == DATA
        assert source.read(1) == b""
        assert len(server.asked) == 1


@pytest.mark.parametrize("ranges", [True, False])
def test_a_dropped_connection_is_taken_up_again(ranges: bool) -> None:
    drops = [50_000, 0, 70_000] if ranges else [50_000, 120_000]
    with FileServer(DATA, ranges=ranges, drop_after=drops) as server, opened(server) as source:
        assert everything(source) == DATA
        assert [span for _, span in server.asked][:2] == [None, "bytes=50000-"]


@pytest.mark.parametrize("ranges", [True, False])
def test_reading_continues_anywhere(monkeypatch: pytest.MonkeyPatch, ranges: bool) -> None:
    monkeypatch.setattr(http_source, "KEPT", 20_000)
    monkeypatch.setattr(http_source, "SKIPPED", 30_000)
    with FileServer(DATA, ranges=ranges) as server, opened(server) as source:
        for offset in (200_000, 201_000, 100, 0, 299_999, 150_000):
            source.seek(offset)
            piece = source.read(100)
            assert piece == DATA[offset : offset + len(piece)]
            assert piece
        source.seek(len(DATA))
        assert source.read(1) == b""


def test_a_step_back_within_what_was_read_asks_for_nothing() -> None:
    with FileServer(DATA) as server, opened(server) as source:
        everything(source)
        source.seek(1000)
        assert everything(source) == DATA[1000:]
        assert len(server.asked) == 1


def test_temporary_faults_are_tried_again_and_given_up_with_the_place() -> None:
    with FileServer(DATA) as server:
        server.statuses = [503, 429]
        with opened(server) as source:
            assert everything(source) == DATA
        server.drop_after = [50_000, 0, 0, 0, 0]
        with opened(server) as source, pytest.raises(ArchiveError, match=r"at byte 50,000; the same command continues"):
            everything(source)


AWAY = [socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), OSError(errno.ENETUNREACH, "away")]


@contextmanager
def dropped_once(monkeypatch: pytest.MonkeyPatch, failures: list[OSError]) -> Iterator[HttpSource]:
    """A download that drops after 50,000 bytes; then each look-up of the host's address is one of these failures."""
    resolve = socket.getaddrinfo

    def resolved(*where: Any, **more: Any) -> Any:
        if failures:
            raise failures.pop()
        return resolve(*where, **more)

    with FileServer(DATA, drop_after=[50_000]) as server, opened(server) as source:
        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        yield source


@pytest.mark.parametrize("failure", AWAY)
def test_a_network_that_is_away_for_a_moment_is_waited_for(monkeypatch: pytest.MonkeyPatch, failure: OSError) -> None:
    with dropped_once(monkeypatch, [failure, failure]) as source:
        assert everything(source) == DATA


@pytest.mark.parametrize("failure", AWAY)
def test_a_network_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch, failure: OSError) -> None:
    said = f"{failure.strerror}, 4 times in a row at byte 50,000; the same command continues there"
    with dropped_once(monkeypatch, [failure] * 9) as source, pytest.raises(ArchiveError, match=said):
        everything(source)


def test_an_address_that_was_never_reached_is_given_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolved(*_: object, **__: object) -> None:
        asked.append(None)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    asked: list[None] = []
    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    with pytest.raises(ArchiveError, match="Name or service not known; check the address and the network"):
        HttpSource("http://a.example/file", pauses=(0, 0, 0))
    assert len(asked) == 1


def test_waiting_for_another_try_ends_when_the_import_is_to_stop() -> None:
    stop = threading.Event()
    with FileServer(DATA, drop_after=[1000, 0]) as server, closing(HttpSource(server.url, stop, 5, (600,))) as source:
        source.read(1000)
        stop.set()
        with pytest.raises(ArchiveError, match="interrupted"):
            everything(source)


def test_a_file_that_changes_under_way_is_an_error() -> None:
    with FileServer(DATA, drop_after=[50_000]) as server, opened(server) as source:
        server.etag = '"two"'
        with pytest.raises(ArchiveError, match="has changed"):
            everything(source)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://a.example/x", "not an http or https address"),
        ("http:///x", "not an http or https address"),
        ("http://a.example:99999/x", "not an http or https address"),
        ("http://a.example/x y", "not an http or https address"),
        ("http://me:secret@a.example/x", "an address with a password"),
        (f"http://{'a' * 70}.example/", "no name of a host"),
    ],
)
def test_a_wrong_address_is_one_line_without_its_password(url: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said) as wrong:
        HttpSource(url)
    assert "secret" not in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_an_answer_that_is_no_file_is_named() -> None:
    with FileServer(DATA) as server:
        with pytest.raises(ArchiveError, match=r"404 Not Found; check the address"):
            HttpSource(server.url + "s")
        with socket.create_server(("127.0.0.1", 0)) as bound:
            port = bound.getsockname()[1]
        with pytest.raises(ArchiveError, match="refused; check the address and the network"):
            HttpSource(f"http://127.0.0.1:{port}/file")


def test_redirects_are_followed_but_not_without_end_nor_to_other_schemes() -> None:
    with FileServer(DATA) as server:
        server.redirects = {"/a": "/b", "/b": server.url, "/loop": "/loop", "/out": "file:///etc/passwd"}
        with closing(HttpSource(server.url.replace("/file", "/a"))) as source:
            assert everything(source) == DATA
        with pytest.raises(ArchiveError, match="more than 5 redirects"):
            HttpSource(server.url.replace("/file", "/loop"))
        with pytest.raises(ArchiveError, match="not an http or https address"):
            HttpSource(server.url.replace("/file", "/out"))


@pytest.mark.parametrize("path", ["/files", "/loop", "/out"])
def test_no_connection_is_left_open_where_an_answer_is_refused(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    sockets: list[socket.socket] = []
    connect = HttpSource._socket

    def noted(self: HttpSource, host: str, port: int, *, refuse_private: bool) -> socket.socket:
        sockets.append(connect(self, host, port, refuse_private=refuse_private))
        return sockets[-1]

    monkeypatch.setattr(HttpSource, "_socket", noted)
    with FileServer(DATA) as server:
        server.redirects = {"/loop": "/loop", "/out": "file:///etc/passwd"}
        with pytest.raises(ArchiveError) as refused:
            HttpSource(server.url.replace("/file", path))
        assert sockets
        assert [one for one in sockets if one.fileno() >= 0] == []
    assert refused.traceback  # its frames hold the answer, which would close itself without them


def test_a_redirect_from_a_public_address_to_a_private_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # 127.0.0.1 stands for a public address, localhost's other numbers for private ones.
    monkeypatch.setattr(http_source, "is_public", lambda address: address == "127.0.0.1")
    with FileServer(DATA) as server, FileServer(DATA) as inner:
        inside = inner.url.replace("127.0.0.1", "127.0.0.2")
        server.redirects = {"/in": inside, "/again": "/in"}
        for path in ("/in", "/again"):
            with pytest.raises(ArchiveError, match=r"redirects to the private address 127\.0\.0\.2"):
                HttpSource(server.url.replace("/file", path))
        assert inner.asked == []

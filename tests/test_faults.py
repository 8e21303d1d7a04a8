"""The fault-injecting site does what its table says: otherwise the tests that lean on it prove nothing."""

from __future__ import annotations

import gzip
import http.client
import socket
import time
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from tests.fault_pages import article
from tests.faults import FaultySite


@pytest.fixture(name="site")
def a_site() -> Iterator[FaultySite]:
    with FaultySite(["/ok/1", "/ok/2"]) as site:
        yield site


def ask(
    site: FaultySite, path: str, headers: dict[str, str] | None = None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection(site.host, site.port, timeout=5)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def raw(site: FaultySite, path: str, enough: int = 4096, seconds: float = 0.3) -> bytes:
    """What comes over the wire within some time."""
    with socket.create_connection((site.host, site.port), timeout=5) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        sock.settimeout(seconds)
        got, until = b"", time.monotonic() + seconds
        while len(got) < enough and time.monotonic() < until:
            try:
                more = sock.recv(65536)
            except TimeoutError:
                break
            if not more:
                break
            got += more
        return got


def test_articles_differ_and_answer_conditional_requests(site: FaultySite) -> None:
    status, body, headers = ask(site, "/ok/1")
    assert (status, body) == (200, article(1))
    assert body != article(2)
    assert ask(site, "/ok/1", {"If-None-Match": headers["ETag"]})[:2] == (304, b"")


def test_every_request_is_logged_with_its_time_and_headers(site: FaultySite) -> None:
    before = time.monotonic()
    ask(site, "/ok/1", {"User-Agent": "someone"})
    ask(site, "/robots.txt")
    assert site.asked() == ["/ok/1"]
    assert before <= site.times("/ok/1")[0] <= time.monotonic()
    assert site.hits[0].headers["user-agent"] == "someone"
    site.reset()
    assert site.count("/ok/1") == 0


@pytest.mark.parametrize("code", [401, 404, 410, 451, 500, 503])
def test_status_codes_come_as_asked(site: FaultySite, code: int) -> None:
    assert ask(site, f"/status/{code}")[0] == code


def test_what_is_flaky_recovers(site: FaultySite) -> None:
    assert [ask(site, "/flaky/2/7")[0] for _ in range(3)] == [503, 503, 200]
    status, _, headers = ask(site, "/retry-after/seconds/3/8")
    assert (status, headers["Retry-After"]) == (429, "3")
    assert ask(site, "/retry-after/seconds/3/8")[:2] == (200, article(8))
    assert ask(site, "/retry-after/date/3/9")[2]["Retry-After"].endswith("GMT")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/redirect/ok/4", "/ok/4"),
        ("/redirect/hops/2", "/redirect/hops/2/1"),
        ("/redirect/hops/2/1", "/ok/2"),
        ("/redirect/self", "/redirect/self"),
        ("/redirect/loop/a", "/redirect/loop/b"),
        ("/redirect/grow/6", "/redirect/grow/7"),
        ("/redirect/metadata", "http://169.254.169.254/latest/meta-data/"),
        ("/redirect/file", "file:///etc/passwd"),
        ("/redirect/nowhere", None),
    ],
)
def test_redirects_lead_where_the_table_says(site: FaultySite, path: str, target: str | None) -> None:
    status, _, headers = ask(site, path)
    assert status in (301, 302)
    assert headers["Location"] == target


def test_redirects_into_the_network_keep_the_port(site: FaultySite) -> None:
    assert ask(site, "/redirect/private")[2]["Location"] == f"http://127.0.0.2:{site.port}/ok/private"


def test_the_cookie_wall_opens_to_the_cookie(site: FaultySite) -> None:
    assert ask(site, "/redirect/cookie")[0] == 302
    assert ask(site, "/redirect/cookie", {"Cookie": "seen=1"})[0] == 200


@pytest.mark.parametrize("coding", ["gzip", "members", "deflate", "br"])
def test_coded_bodies_decode_to_the_article(site: FaultySite, coding: str) -> None:
    _, body, headers = ask(site, f"/coded/{coding}/5")
    decode = {"gzip": gzip.decompress, "deflate": zlib.decompress, "br": brotli.decompress}[headers["Content-Encoding"]]
    assert decode(body) == article(5)


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_cut_bodies_arrive_whole_by_length_but_do_not_decode(site: FaultySite, coding: str) -> None:
    _, body, headers = ask(site, f"/cut/{coding}")
    assert len(body) == int(headers["Content-Length"])
    with pytest.raises((EOFError, brotli.error)):
        gzip.decompress(body) if coding == "gzip" else brotli.decompress(body)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "nested"])
def test_bombs_are_small_on_the_wire(site: FaultySite, coding: str) -> None:
    assert len(ask(site, f"/bomb/{coding}")[1]) < 100_000


def test_a_dripping_body_drips_and_an_endless_one_floods(site: FaultySite) -> None:
    assert 2 < len(raw(site, "/drip").partition(b"\r\n\r\n")[2]) < 20
    assert len(raw(site, "/endless", enough=1_000_000, seconds=5)) >= 1_000_000
    assert b"\r\n\r\n" not in raw(site, "/endless/headers", enough=50_000, seconds=5)


@pytest.mark.parametrize("path", ["/silent", "/close/before"])
def test_nothing_is_said(site: FaultySite, path: str) -> None:
    assert raw(site, path) == b""


@pytest.mark.parametrize("path", ["/reset/before", "/reset/body"])
def test_resets_reset(site: FaultySite, path: str) -> None:
    with pytest.raises(ConnectionResetError):
        raw(site, path, seconds=3)


@pytest.mark.parametrize("path", ["/length/long", "/chunked/cut"])
def test_what_is_announced_does_not_come(site: FaultySite, path: str) -> None:
    with pytest.raises(http.client.IncompleteRead):
        ask(site, path)


def test_proper_chunks_and_old_http_are_readable(site: FaultySite) -> None:
    assert ask(site, "/chunked/ok/3")[1] == article(3)
    assert ask(site, "/http10/ok/3")[1] == article(3)


@pytest.mark.parametrize(
    ("robots", "status", "words"),
    [
        ("allow", 200, b"Disallow:\n"),
        ("disallow", 200, b"Disallow: /\n"),
        ("crawl-delay:0.5", 200, b"Crawl-delay: 0.5"),
        ("request-rate:1/5", 200, b"Request-rate: 1/5"),
        ("status:503", 503, b"503"),
        ("loop", 302, b""),
        ("html", 200, b"Welcome"),
        ("bom", 200, b"\xef\xbb\xbfUser-agent"),
    ],
)
def test_robots_txt_says_what_it_is_told_to(site: FaultySite, robots: str, status: int, words: bytes) -> None:
    site.robots = robots
    got, body, _ = ask(site, "/robots.txt")
    assert got == status
    assert words in body


def test_seeds_name_what_is_announced(site: FaultySite) -> None:
    for path in ("/sitemap.xml", "/feed.xml", "/seed/stamped", "/seed/bad-entries"):
        assert site.url("/ok/2").encode() in ask(site, path)[1]
    assert not ask(site, "/seed/truncated")[1].endswith(b">")


def test_an_unknown_path_is_not_found(site: FaultySite) -> None:
    assert ask(site, "/nowhere")[0] == 404


def test_the_outlet_file_announces_the_seed(site: FaultySite, tmp_path: Path) -> None:
    outlet = tomllib.loads(site.write_outlet(tmp_path, delay=0.2).read_text())
    assert outlet["seeds"] == [{"kind": "sitemap", "url": site.url("/sitemap.xml")}]
    assert outlet["fetch"]["delay"] == 0.2


def test_a_huge_length_is_announced(site: FaultySite) -> None:
    assert b"Content-Length: 1000000000000" in raw(site, "/length/huge")

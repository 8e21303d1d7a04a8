"""A site on loopback that misbehaves on request, for tests of everything that fetches.

    with FaultySite(["/ok/1", "/cut/gzip"], robots="crawl-delay:0.5") as site:
        site.write_outlet(folder)          # folder/faulty.toml: a sitemap seed that announces those paths
        ...
        site.times("/ok/1")                # when it was asked for, in time.monotonic() seconds
        site.hits                          # everything that was asked for, in order

It speaks HTTP through bare sockets, one request for each connection, and logs every request. `/ok/N` and everything
below that "gives an article" gives a page of about 150 words, different for each N.

robots=            what /robots.txt says (may be changed while the site runs: `site.robots = ...`)
  allow            everything is allowed
  disallow         nothing is
  private          nothing below /private/
  crawl-delay:S    Crawl-delay: S; `request-rate:N/S` likewise
  status:CODE      that status with an HTML body: 401, 403, 404, 429, 500, 503 ...
  silent           accepts the connection and never answers
  reset            resets the connection
  loop             redirects to itself
  redirect         redirects to /robots-elsewhere, which allows all but /private/
  html             status 200 and an HTML page
  huge             1 MB of comments, and then `Disallow: /` (beyond the 512 KiB that must be read)
  bom              a byte order mark and CRLF, forbidding /private/

path                       what happens
/ok/N                      an article, with ETag; 304 to a conditional request. Also /private/N
/long/N                    an article of 300 to 900 words;  /long/N/copy: its first two thirds
/status/CODE               that status and a short page
/flaky/K/N                 503 the first K times, then article N
/retry-after/seconds/S/N   429 with `Retry-After: S` the first time, then article N
/retry-after/date/S/N      503 with the date in S seconds the first time, then article N
/retry-after/absurd        503, 10**12 seconds;   /retry-after/garbage: 503, "soon"
/redirect/ok/N             301 to /ok/N;   /redirect/hops/K: K redirects, then /ok/K
/redirect/self             301 to itself;  /redirect/loop/a <-> /redirect/loop/b;  /redirect/grow/1: to 2, 3 ...
/redirect/cookie           302 to itself until a cookie comes back (a cookie wall)
/redirect/home             302 to /
/redirect/private          302 to 127.0.0.2, same port;  /redirect/decimal: as 2130706434;  /redirect/short: as 127.2
/redirect/mapped           302 to [::ffff:127.0.0.2];  /redirect/metadata: 169.254.169.254;  /redirect/name: localhost
/redirect/file             302 to file:///etc/passwd;  /redirect/ftp;  /redirect/nowhere: 302 without a Location;
                           /redirect/gone-host: to a host whose name leads nowhere;  /redirect/port: same host, port 9
/drip                      an article's bytes, one each 50 ms, without end;  /drip/headers: its headers likewise
/silent                    never answers
/endless                   a body without end, as fast as it goes;  /endless/headers: headers without end
/length/huge               Content-Length of 1 TB, then a little;  /length/long: more than is sent, then the end
/length/short              less than is sent;  /length/bad: not a number
/bomb/CODING               64 MB behind a small body: gzip, deflate, br, zstd, nested (gzip twice)
/cut/CODING                a compressed article cut in the middle: gzip, deflate, br, zstd
/coded/CODING/N            article N, properly encoded: gzip, deflate, raw-deflate, br, members (two gzip members);
                           empty-members: article N behind 90,000 gzip members that hold nothing, 1.8 MB
/lie/gzip, /lie/br         says so, but is plain;  /lie/plain: gzip, not declared;  /lie/unknown: Content-Encoding rot13
/reset/before, /reset/body a reset before or within the answer;  /close/before: closes without a word
/chunked/ok/N              article N in chunks;  /chunked/cut: ends within a chunk;  /chunked/bad: a length that is none
/http10/ok/N               HTTP/1.0 without a length;  /http10/cut: the same, ending before </html>;
                           /http10/bare/N: whole, of an outlet that never writes </html>
/http09, /bad-status       no status line at all; one that is none
/status-line/CODE          article with that in place of the status code: 12345678901, -200, 42
/head/KIND/N               article N with a header as raw bytes. equals, latin: outside ASCII, behind `=`;  name: a name
                           outside ASCII;  space: a name in words;  return: a bare CR in the value;  nul, etag, modified,
                           type: NUL in the value;  long-etag: 12,000 characters
/location/nul/N            302 to /ok/N with NUL in the address;  /location/long: to an address of 5,000 characters
/empty, /blank             200 without a body; with white space for a body
/pdf, /pdf-as-html         a PDF;  /json;  /image
/charset/wrong             UTF-8 that is declared as latin-1;  /charset/nul: NUL and control characters in the text
/wall/KIND                 status 200: challenge, consent, soft-404, script, short, listing;  challenge-403: status 403;
                           mitigated: an article's bytes, with a header that says that they are a challenge
/hostile/attributes        a tag with 100,000 attributes;  /hostile/breaks: 100,000 <br>;  /hostile/depth: as many <div>
/sitemap.xml               what the site announces, with ETag;  /feed.xml: the same as RSS
/seed/KIND                 a sitemap: truncated, xxe, laughs (billion laughs), html, cycle (an index of itself), stamped
                           (every entry changed just now), bad-entries (javascript:, file:, relative, private), bomb, long
                           (45,000 entries);
                           etag, modified, equals: with that header of /head
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.fault_answers import answer

PATIENCE = 20.0  # seconds a socket may stall; no test waits that long


@dataclass(frozen=True)
class Hit:
    """One request: what was asked for, when (time.monotonic()), and its headers by lower-case name."""

    path: str
    at: float
    headers: dict[str, str]


class Talk:
    """One connection: the request that came, and bare means to answer it."""

    def __init__(self, site: FaultySite, sock: socket.socket, path: str, headers: dict[str, str], nth: int) -> None:
        self.site, self.sock, self.path, self.headers = site, sock, path, headers
        self.nth = nth  # how often the path was asked for, this time included

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reply(
        self, status: int, body: bytes = b"", headers: Iterable[str] = (), *, kind: str = "text/html; charset=utf-8"
    ) -> None:
        """A whole and proper answer."""
        lines = [
            f"HTTP/1.1 {status} Said",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *headers,
        ]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def wait(self, seconds: float) -> bool:
        """Let time pass; True when the site is closing."""
        return self.site.closing.wait(seconds)

    def reset(self) -> None:
        """End the connection the hard way."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.sock.close()


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        site = self.server.site
        self.request.settimeout(PATIENCE)
        site.opened(self.request)
        # A client that hangs up, resets or is slow is what this site is for.
        with contextlib.suppress(OSError):
            head = self._head()
            if not head:
                return
            request, *lines = head.decode("latin-1").split("\r\n")
            path = request.split(" ")[1]
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            count = site.noted(path, headers)
            site.open.wait(PATIENCE)
            answer(Talk(site, self.request, path, headers, count))
        site.closed(self.request)

    def _head(self) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.request.recv(4096)
            if not more:
                return b""
            head += more
        return head.partition(b"\r\n\r\n")[0]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128
    site: FaultySite


class FaultySite:
    """The site; a context manager. `announced` are the paths that its sitemap and feed name."""

    def __init__(self, announced: Sequence[str] = (), *, robots: str = "allow", host: str = "127.0.0.1") -> None:
        self.announced = list(announced)
        self.robots = robots
        self.closing = threading.Event()
        self.open = threading.Event()  # cleared: requests are noted, and answered when it is set again
        self.open.set()
        self.hits: list[Hit] = []
        self._counts: Counter[str] = Counter()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._asked = threading.Condition(self._lock)
        self._server = _Server((host, 0), _Handler)
        self._server.site = self
        self.host, self.port = host, int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="faulty site")

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def url(self, path: str) -> str:
        return self.origin + path

    def times(self, path: str) -> list[float]:
        """When a path was asked for."""
        return [hit.at for hit in self.hits if hit.path == path]

    def count(self, path: str) -> int:
        return len(self.times(path))

    def asked(self, *, pages: bool = True) -> list[str]:
        """The paths asked for, in order, without tdmrep.json; with `pages` without robots.txt and the seeds too."""
        apart = ("/.well-known/", *(("/robots", "/sitemap.xml", "/feed.xml", "/seed/") if pages else ()))
        return [hit.path for hit in self.hits if not hit.path.startswith(apart)]

    def wait_until_asked(self, pages: int, seconds: float = 120) -> None:
        """Return when that many pages have been asked for; AssertionError if that does not happen in time."""
        with self._asked:
            assert self._asked.wait_for(lambda: len(self.asked()) >= pages, seconds), f"only {len(self.asked())} pages"

    def reset(self) -> None:
        """Forget the hits."""
        with self._lock:
            self.hits.clear()
            self._counts.clear()

    def write_outlet(
        self,
        folder: Path,
        outlet_id: str = "faulty",
        *,
        seed: str = "/sitemap.xml",
        allow_private: bool = True,
        **fetch: float,
    ) -> Path:
        """An outlet file: every path but the seeds and robots.txt is an article. `fetch` goes to [fetch]."""
        folder.mkdir(parents=True, exist_ok=True)
        pace = {"delay": 0.0, "concurrency": 4, "timeout": 2} | fetch
        lines = [
            'name = "Faulty"',
            f'home = "{self.origin}/"',
            'country = "xx"',
            'languages = ["en"]',
            'timezone = "Asia/Baku"',
            f"allow_private = {str(allow_private).lower()}",
            "[urls]",
            f"article = '^{self.origin}/(?!robots|sitemap|feed|seed).+'",
            "[fetch]",
            *(f"{key} = {value}" for key, value in pace.items()),
            "[[seeds]]",
            f'kind = "{"feed" if seed.startswith("/feed") else "sitemap"}"',
            f'url = "{self.origin}{seed}"',
        ]
        file = folder / f"{outlet_id}.toml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def noted(self, path: str, headers: dict[str, str]) -> int:
        with self._lock:
            self.hits.append(Hit(path, time.monotonic(), headers))
            self._counts[path] += 1
            self._asked.notify_all()
            return self._counts[path]

    def opened(self, sock: socket.socket) -> None:
        with self._lock:
            self._open.add(sock)

    def closed(self, sock: socket.socket) -> None:
        with self._lock:
            self._open.discard(sock)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.open.set()
        self._server.shutdown()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        self._server.server_close()  # waits for the threads
        self._thread.join()

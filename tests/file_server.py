"""A loopback server of one file: with ranges or without, and with connections that drop."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class FileServer:
    """Serves `data` at /file. `drop_after`: bytes of each answer after which the connection is closed, from a list."""

    def __init__(self, data: bytes, *, ranges: bool = True, drop_after: list[int] | None = None) -> None:
        self.data, self.ranges, self.etag = data, ranges, '"one"'
        self.drop_after = list(drop_after or [])
        self.statuses: list[int] = []  # to answer with first
        self.redirects: dict[str, str] = {}
        self.asked: list[tuple[str, str | None]] = []  # path and Range of each request
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/file"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                span = self.headers.get("Range")
                server.asked.append((self.path, span))
                if self.path in server.redirects:
                    self._head(302, Location=server.redirects[self.path])
                elif server.statuses:
                    self._head(server.statuses.pop(0))
                elif self.path != "/file":
                    self._head(404)
                else:
                    self._file(int(span[6:-1]) if span and server.ranges else None)

            def _file(self, start: int | None) -> None:
                body = server.data[start or 0 :]
                more = {"ETag": server.etag}
                if start is not None:
                    more["Content-Range"] = f"bytes {start}-{len(server.data) - 1}/{len(server.data)}"
                self._head(200 if start is None else 206, len(body), **more)
                drop = server.drop_after.pop(0) if server.drop_after else len(body)
                self.wfile.write(body[:drop])
                self.close_connection = True

            def _head(self, status: int, length: int = 0, **headers: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(length))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

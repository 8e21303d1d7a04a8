"""A web server on loopback that costs its clients nothing to wait for: nginx, else a small server of our own.

Serves FOLDER/HOST/PATH, so that each outlet may have an address of its own (127.x.y.z).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

KINDS = {".html": "text/html", ".xml": "text/xml", ".txt": "text/plain"}

NGINX = """
daemon off; {user} pid {base}/nginx.pid; error_log {base}/nginx.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=5000;
  types {{ text/html html; text/xml xml; text/plain txt; }}
  client_body_temp_path {base}/t1; proxy_temp_path {base}/t2; fastcgi_temp_path {base}/t3;
  uwsgi_temp_path {base}/t4; scgi_temp_path {base}/t5;
  server {{ listen {port}; root {folder}/$host; }}
}}
"""


class WebServer:
    """The server; `port` is open when the context is entered, `name` says which server it is."""

    def __init__(self, folder: Path, base: Path) -> None:
        self._folder, self._base = folder, base
        self.port = _free_port()
        self.name = "nginx" if shutil.which("nginx") else "a small server in Python (nginx is not installed)"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command(), stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        self._process.kill()
        raise RuntimeError(f"{self.name} does not answer on port {self.port}; see {self._base}/nginx.log")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def _command(self) -> list[str]:
        if not shutil.which("nginx"):
            return [sys.executable, __file__, str(self._folder), str(self.port)]
        user = "user root;" if os.geteuid() == 0 else ""
        config = self._base / "nginx.conf"
        config.write_text(NGINX.format(user=user, base=self._base, port=self.port, folder=self._folder))
        return ["nginx", "-p", str(self._base), "-c", str(config)]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class _Connection(asyncio.Protocol):
    """Answers GET from memory, as often as a connection asks."""

    def __init__(self, files: dict[bytes, bytes]) -> None:
        self._files, self._asked = files, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while (end := self._asked.find(b"\r\n\r\n")) >= 0:
            head, self._asked = self._asked[:end].lower(), self._asked[end + 4 :]
            path = head.split(b" ", 2)[1]
            host = head.partition(b"\r\nhost:")[2].partition(b"\r\n")[0].strip().partition(b":")[0]
            self._transport.write(self._files.get(host + path, NOT_FOUND))  # type: ignore[attr-defined]


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _answer(file: Path) -> bytes:
    body = file.read_bytes()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {KINDS.get(file.suffix, 'text/html')}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _serve(folder: Path, port: int) -> None:
    files = {str(file.relative_to(folder)).encode(): _answer(file) for file in folder.rglob("*") if file.is_file()}
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(files), "0.0.0.0", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))

"""The socket at which the archive is served."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from flows.serving import listen


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_headers_and_body_of_an_answer_leave_without_a_pause(host: str) -> None:
    try:
        listening = listen(host, 0)
    except OSError as failure:
        pytest.skip(f"this machine has no {host}: {failure}")
    with closing(listening), socket.create_connection(listening.getsockname()[:2]):
        accepted, _ = listening.accept()
        with closing(accepted):
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

"""For whole crawls in tests: what extraction workers are forked from is a fork as well, in place of a program."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from crawlers.confined.environment import confined_environment
from crawlers.confined.fork_server import ForkServer, forks_are_possible
from crawlers.confined.serving import FORKS
from crawlers.extraction.workers import pool
from crawlers.extraction.workers.process import MODULE


class ForkedServer(ForkServer):
    """A fork server that runs already. If it dies, its successor is a program, as everywhere else."""

    def __init__(self, its_socket: socket.socket) -> None:
        super().__init__(MODULE)
        self._socket = its_socket


def fork_extraction_server() -> None:
    """Give the first pool of this process, which has one thread, a fork of it for a server.

    `tests.preloaded` has to be imported. The server ends when its socket is closed. Does nothing where workers are not
    forked.
    """
    if not forks_are_possible():
        return
    assert len(list(Path("/proc/self/task").iterdir())) == 1, "threads are not there in a fork"
    ours, its_own = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        try:
            ours.close()
            _serve(its_own)
        finally:
            os._exit(1)
    its_own.close()
    servers = [ForkedServer(ours)]
    usual = pool.fork_server
    pool.fork_server = lambda: servers.pop() if servers else usual()


def _serve(its_socket: socket.socket) -> None:
    """Become what `python -m MODULE forks` is."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(its_socket.fileno(), 0)
    os.dup2(nowhere, 1)
    its_socket.close()  # a worker that had it would hide the end of its server
    os.environ.clear()
    os.environ.update(confined_environment())
    sys.stdin = os.fdopen(0, closefd=False)
    sys.argv = [MODULE, FORKS]
    from crawlers.confined import serve
    from crawlers.extraction.workers.worker import PageWorker

    serve(PageWorker().extract)

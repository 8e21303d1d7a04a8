"""The process behind a `ForkServer`: it forks itself for each request, and reports the exit codes of its forks."""

from __future__ import annotations

import contextlib
import gc
import os
import select
import socket
import struct

REQUESTS = 0  # the descriptor of the socket
LARGEST = 64  # bytes of a request or an answer
EXIT_CODE = struct.Struct(">i")


def fork_on_request() -> int:
    """Serve requests, and end the process when nobody asks any more.

    Returns in each fork, with the bytes of address space that it may take. Its standard input and output are those of
    the request, and nothing else of this process is open.
    """
    gc.disable()  # a collection in here would touch, and so copy, what the forks share
    gc.freeze()
    return _Forking().serve()


class _Forking:
    def __init__(self) -> None:
        self._requests = socket.socket(fileno=REQUESTS)
        self._waiting = select.poll()
        self._waiting.register(self._requests, select.POLLIN)
        self._forks: dict[int, tuple[int, int]] = {}  # pidfd of a fork -> its process id, the pipe for its exit code

    def serve(self) -> int:
        while True:
            for descriptor, _ in self._waiting.poll():
                if descriptor in self._forks:
                    self._report_exit(descriptor)
                    continue
                request, given, _, _ = socket.recv_fds(self._requests, LARGEST, 3)
                if not request:
                    os._exit(0)
                if self._fork(*given):
                    return int(request)

    def _fork(self, its_input: int, its_output: int, code: int) -> bool:
        """Fork, and answer whoever asked. Returns True in the fork."""
        try:
            pid = os.fork()
        except OSError as failure:
            self._answer(b"%d" % -(failure.errno or 1))
            os.close(code)
        else:
            if pid == 0:
                self._take_over(its_input, its_output, code)
                return True
            pidfd = os.pidfd_open(pid)
            self._forks[pidfd] = pid, code
            self._waiting.register(pidfd, select.POLLIN)
            self._answer(b"%d" % pid, pidfd)
        os.close(its_input)
        os.close(its_output)
        return False

    def _answer(self, answer: bytes, *descriptors: int) -> None:
        with contextlib.suppress(OSError):  # whoever asked is gone: the next look at the socket tells
            socket.send_fds(self._requests, [answer], descriptors)

    def _take_over(self, its_input: int, its_output: int, code: int) -> None:
        """Make the pipes standard input and output of the fork, and close every other descriptor that it inherited."""
        self._requests.detach()
        os.dup2(its_input, 0)
        os.dup2(its_output, 1)
        for descriptor in (its_input, its_output, code):
            os.close(descriptor)
        for pidfd, (_, its_code) in self._forks.items():
            os.close(pidfd)
            os.close(its_code)

    def _report_exit(self, pidfd: int) -> None:
        """Wait for a fork that has ended (waitpid), and write its exit code to the pipe of whoever asked for it."""
        self._waiting.unregister(pidfd)
        pid, code = self._forks.pop(pidfd)
        _, status = os.waitpid(pid, 0)
        with contextlib.suppress(OSError):
            os.write(code, EXIT_CODE.pack(os.waitstatus_to_exitcode(status)))
        os.close(code)
        os.close(pidfd)

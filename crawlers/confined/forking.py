"""The process that is forked: it forks itself for each request of a `ForkServer`, and tells how its forks ended."""

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
        self._forks: dict[int, tuple[int, int]] = {}  # descriptor of a fork -> its id, and the pipe for its exit code

    def serve(self) -> int:
        while True:
            for descriptor, _ in self._waiting.poll():
                if descriptor in self._forks:
                    self._tell_end(descriptor)
                    continue
                request, given, _, _ = socket.recv_fds(self._requests, LARGEST, 3)
                if not request:
                    os._exit(0)
                if self._is_fork(*given):
                    return int(request)

    def _is_fork(self, its_input: int, its_output: int, code: int) -> bool:
        """Fork, and tell who asked. Returns True in the fork."""
        try:
            pid = os.fork()
        except OSError as failure:
            self._answer(b"%d" % -(failure.errno or 1))
            os.close(code)
        else:
            if pid == 0:
                self._become(its_input, its_output, code)
                return True
            process = os.pidfd_open(pid)
            self._forks[process] = pid, code
            self._waiting.register(process, select.POLLIN)
            self._answer(b"%d" % pid, process)
        os.close(its_input)
        os.close(its_output)
        return False

    def _answer(self, answer: bytes, *descriptors: int) -> None:
        with contextlib.suppress(OSError):  # whoever asked is gone: the next look at the socket tells
            socket.send_fds(self._requests, [answer], descriptors)

    def _become(self, its_input: int, its_output: int, code: int) -> None:
        """Take the pipes as standard input and output, and close whatever else the fork was born with."""
        self._requests.detach()
        os.dup2(its_input, 0)
        os.dup2(its_output, 1)
        born_with = [(process, pipe) for process, (_, pipe) in self._forks.items()]
        for descriptor in (its_input, its_output, code, *(one for pair in born_with for one in pair)):
            os.close(descriptor)

    def _tell_end(self, process: int) -> None:
        """Take the exit code of a fork that has ended, and tell it."""
        self._waiting.unregister(process)
        pid, code = self._forks.pop(process)
        _, status = os.waitpid(pid, 0)
        with contextlib.suppress(OSError):
            os.write(code, EXIT_CODE.pack(os.waitstatus_to_exitcode(status)))
        os.close(code)
        os.close(process)

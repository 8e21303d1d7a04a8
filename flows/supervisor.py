"""Keep a process running: start it again when it exits, after a pause that grows. Does not import Prefect."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from .exit_codes import how_it_ended

FIRST_PAUSE = 1.0  # seconds before the first restart; doubled each time
LONGEST_PAUSE = 60.0
STEADY = 120.0  # a process that ran for so many seconds begins again with the first pause
LOOK = 0.3  # seconds between two looks at the processes

Process = subprocess.Popen[bytes]


class Supervised:
    """A process that is started again when it exits. `start` makes it; `grace`: seconds from SIGTERM to SIGKILL."""

    def __init__(self, name: str, start: Callable[[], Process], grace: float, say: Callable[[str], None]) -> None:
        self.name, self.restarts = name, 0
        self._start, self._grace, self._say = start, grace, say
        self._pause, self._restart_at = FIRST_PAUSE, 0.0
        self._launch()

    @property
    def pid(self) -> int:
        """The process id of the present process, or of the last one during a pause."""
        return self.process.pid

    def look(self) -> None:
        """Say in one line that the process has exited, and start it again when its pause is over."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if not self._restart_at:
            self._restart_at = now + self._next_pause(now)
        elif now >= self._restart_at:
            self._close_pipes()
            self._launch()
            self.restarts += 1
            self._say(f"the Prefect {self.name} was started again")

    def stop(self) -> None:
        """End the process by SIGTERM, and by SIGKILL after the grace time."""
        self.process.terminate()
        try:
            self.process.wait(self._grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._close_pipes()

    def _launch(self) -> None:
        self.process = self._start()
        self._started_at, self._restart_at = time.monotonic(), 0.0

    def _next_pause(self, now: float) -> float:
        if now - self._started_at > STEADY:
            self._pause = FIRST_PAUSE
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        how = how_it_ended(self.process.returncode)
        self._say(f"the Prefect {self.name} exited ({how}); starting it again in {pause:.0f} s")
        return pause

    def _close_pipes(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with contextlib.suppress(OSError):  # what was not written has no reader any more
                    stream.close()


@contextlib.contextmanager
def supervising(processes: Sequence[Supervised]) -> Iterator[None]:
    """Look after the processes by a thread of their own. None of them waits for, or ends with, another."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOK):
            for process in processes:
                process.look()

    thread = threading.Thread(target=look, name="supervisor", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()

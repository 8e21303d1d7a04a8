"""End this process when its parent is gone. The parent holds its standard input open; its end is the signal."""

from __future__ import annotations

import os
import signal
import threading


def end_with_parent() -> None:
    """Send SIGTERM to this process when standard input ends; watched by a thread from now on."""

    def watch() -> None:
        while os.read(0, 4096):  # not by sys.stdin: its lock, held here, would abort the interpreter at its exit
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()

"""Run a crawl as a child process: start it, listen to it, stop it. Knows nothing of Prefect.

The child reads its order as one JSON line on standard input, which stays open while this process lives; messages come
back on standard output; its log goes to a file. See docs/decisions/0001-how-scrapy-runs-under-prefect.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import anyio

from crawlers.environment import Settings
from crawlers.messages import Counts, Ended, LogLine, Message, MessageError, decode

from .exit_codes import how_it_ended
from .logs import new_log, tail

if TYPE_CHECKING:
    from .forked import ForkedChild

COMMAND = (sys.executable, "-P", "-m", "crawlers.crawl")  # -P: not from the working folder, where others may write
# Pydantic would look for plugins among all packages that are installed: 15 ms, and none would have anything to do.
ENVIRONMENT = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}
GRACE = 8.0  # seconds from SIGTERM to SIGKILL; a crawl needs five for the pages under way
MAX_LINE = 4 * 2**20  # bytes

Listener = Callable[[Message], Awaitable[None] | None]
Send = Callable[[bytes], None]  # writes a further line to the child


class Order(Protocol):
    """What a child is asked to do: `CrawlOrder` or `PollOrder`. `outlet` names the folder of its logs."""

    @property
    def outlet(self) -> str: ...
    @property
    def settings(self) -> Settings: ...
    def encode(self) -> bytes: ...


class _Process(Protocol):
    """A child process, as asyncio has it."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    @property
    def stdin(self) -> asyncio.StreamWriter | None: ...
    @property
    def stdout(self) -> asyncio.StreamReader | None: ...
    async def wait(self) -> int: ...


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """How a crawl ended. `busy`: another run holds the outlet. `died`: the process exited without an `end` message."""

    state: Literal["completed", "stopped", "failed", "busy", "died"]
    run: int | None
    counts: Counts = field(default_factory=Counts)
    error: str | None = None
    seconds: float = 0.0
    exit_code: int = 0  # negative: minus the signal that ended the process
    log: Path | None = None
    findings: tuple[Mapping[str, Any], ...] = ()  # of the outlet's health: kind, severity, since, evidence, advice


async def run_crawl(
    order: Order,
    on_message: Listener,
    *,
    command: Sequence[str] = COMMAND,
    grace: float = GRACE,
    forked: ForkedChild | None = None,
    on_start: Callable[[Send], None] = lambda _: None,
) -> CrawlEnd:
    """Run a crawl to its end. Every message of the child goes to `on_message` (plain or async), the last one too.

    The child runs `command`, or is `forked` already. `on_start` is called when it has its order, with what writes
    further lines to it.

    When cancelled, stop the child (SIGTERM, `grace` seconds, SIGKILL to all its processes), hand over the messages that
    come meanwhile, and raise CancelledError again. Raises FolderNotWritableError if no log can be written.
    """
    started = time.monotonic()
    with ExitStack() as stack:
        if forked is not None:
            log = forked.log
            process: _Process = stack.enter_context(closing(await forked.start(MAX_LINE)))
        else:
            log = new_log(order.settings.data, order.outlet)
            process = await _executed(command, log)
        ended = await _Child(process, on_message, grace, on_start).run(order)
    code = process.returncode or 0
    seconds = round(time.monotonic() - started, 2)
    return end_of(ended, log, code, seconds) if ended else _death(code, seconds, log)


@contextmanager
def forked_child(module: str, data: Path, outlet: str) -> Iterator[ForkedChild | None]:
    """Fork a child for `run_crawl`, which runs `main` of the module; None where a fork is not sound: see `can_fork`.

    Its log is one of this outlet. Raises FolderNotWritableError if no log can be written.
    """
    from .forked import ForkedChild, can_fork

    if not can_fork():
        yield None
        return
    with ForkedChild(lambda: int(import_module(module).main()), new_log(data, outlet)) as child:
        yield child


async def _executed(command: Sequence[str], log: Path) -> asyncio.subprocess.Process:
    with log.open("ab") as stderr:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,  # Ctrl-C in a terminal is for this process, which passes it on as SIGTERM
            limit=MAX_LINE,
            env=ENVIRONMENT | os.environ,
        )


class _Child:
    def __init__(
        self,
        process: _Process,
        on_message: Listener,
        grace: float,
        on_start: Callable[[Send], None],
    ) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the child needs pipes for its input and output")
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout
        self._on_message, self._grace, self._on_start = on_message, grace, on_start
        self._ended: Ended | None = None
        self._listener_failed = False
        self._is_late = False

    async def run(self, order: Order) -> Ended | None:
        """Hand over the order and follow the child until its process has ended. Returns its last message, if any."""
        try:
            await self._give(order)
            self._on_start(self._send_line)
            await self._listen()
            if self._ended is not None:
                await self._exit()
        finally:
            await self._stop()
        return self._ended

    async def _exit(self) -> None:
        """Wait for the exit that follows the last message, with nothing to be stopped."""
        try:
            await asyncio.wait_for(self._process.wait(), self._grace)
        except TimeoutError:
            self._is_late = True

    async def _give(self, order: Order) -> None:
        self._stdin.write(order.encode())
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it exited at once: its exit code will tell
            await self._stdin.drain()

    def _send_line(self, line: bytes) -> None:
        if not self._stdin.is_closing():
            self._stdin.write(line)

    async def _listen(self) -> None:
        """Hand over messages until the child has closed its output or sent `end`."""
        while self._ended is None:
            message = await self._read()
            if message is None:
                return
            if isinstance(message, Ended):
                self._ended = message
            if not self._listener_failed:
                await self._hand_over(message)

    async def _hand_over(self, message: Message) -> None:
        try:
            result = self._on_message(message)
            if inspect.isawaitable(result):
                await result
        except Exception:
            self._listener_failed = True
            raise

    async def _read(self) -> Message | None:
        try:
            raw = await self._stdout.readline()
        except ValueError:
            return LogLine("warning", f"a line of more than {MAX_LINE} bytes from the crawl was left out")
        if not raw:
            return None
        try:
            return decode(raw)
        except MessageError as wrong:
            line = raw[:200].decode("utf-8", "replace").strip()
            return LogLine("warning", f"the crawl printed a line that is not a message ({wrong}): {line}")

    async def _stop(self) -> None:
        """Wait for the process to exit; before its `end` message, stop it by SIGTERM; SIGKILL after the grace time."""
        if self._ended is not None and self._process.returncode is not None:
            self._stdin.close()  # the usual end, without anyio, whose parts take 20 ms to import
            return
        graceful = False
        try:
            with anyio.move_on_after(0 if self._is_late else self._grace, shield=True):
                if self._ended is None:
                    self._send(signal.SIGTERM)
                    await self._listen()
                await self._process.wait()
                graceful = True
        finally:
            if not graceful or self._ended is None:
                self._kill_all()
        with anyio.CancelScope(shield=True):
            await self._process.wait()
            self._stdin.close()

    def _send(self, number: signal.Signals) -> None:
        # Not by the process's own send_signal: that polls first, takes the exit status away from asyncio's watcher, and
        # leaves it with 255 (https://github.com/python/cpython/issues/87744).
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def _kill_all(self) -> None:
        """The child leads a process group of its own, in which its extraction workers are."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


def end_of(ended: Ended, log: Path | None, code: int = 0, seconds: float = 0.0) -> CrawlEnd:
    """Return the end of a crawl by its last message."""
    return CrawlEnd(
        state=ended.state,
        run=ended.run,
        counts=ended.counts,
        error=ended.error,
        seconds=ended.seconds or seconds,
        exit_code=code,
        log=log,
        findings=tuple(getattr(ended, "findings", ())),
    )


def _death(code: int, seconds: float, log: Path) -> CrawlEnd:
    last_lines = tail(log)
    error = f"the crawl process died ({how_it_ended(code)}); its log is {log}"
    if last_lines:
        error += f", which ends: {last_lines}"
    return CrawlEnd("died", None, error=error, seconds=seconds, exit_code=code, log=log)

"""The protocol of confined processes: JSON and raw bytes in length-prefixed frames.

JSON and not pickle, since they parse hostile input and their answer must not be executable.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

MAX_FRAME = 256 << 20  # bytes of an answer; the largest there are, of 50,000 long addresses, have 50 MB
_LENGTHS = struct.Struct(">II")


class BadFrameError(Exception):
    """What came is no frame."""


def write_frame(out: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Send a head and a body; BrokenPipeError if nobody reads."""
    for part in frame_parts(head, body):
        out.write(part)
    out.flush()


def frame_parts(head: dict[str, Any], body: bytes = b"") -> tuple[bytes, bytes]:
    """Return a frame as its beginning and its body: a page of a megabyte is not copied to be sent."""
    encoded = json.dumps(head).encode()
    return _LENGTHS.pack(len(encoded), len(body)) + encoded, body


def read_frame(source: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Return the next head and body; None at the end of the stream, also in the middle of a frame."""
    lengths = source.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    sizes = _LENGTHS.unpack(lengths)
    head, body = (source.read(size) for size in sizes)
    return (json.loads(head), body) if (len(head), len(body)) == sizes else None


class Inbox:
    """Frames without bodies, put together from bytes as they come."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take what came."""
        self._bytes += piece

    def frame(self) -> dict[str, Any] | None:
        """Take the next complete frame out and return its head; None if no complete frame has arrived yet.

        Raises BadFrameError for what `write_frame` does not write: whoever sends it is not to be asked again.
        """
        if len(self._bytes) < _LENGTHS.size:
            return None
        size, body = _LENGTHS.unpack_from(self._bytes)
        if size > MAX_FRAME or body:
            raise BadFrameError(f"a frame of {size} and {body} bytes")
        end = _LENGTHS.size + size
        if len(self._bytes) < end:
            return None
        try:
            head = json.loads(self._bytes[_LENGTHS.size : end])
        except (ValueError, RecursionError) as fault:
            raise BadFrameError(f"no JSON: {fault}") from fault
        if not isinstance(head, dict):
            raise BadFrameError("no JSON object")
        del self._bytes[:end]
        return head

"""Memory of pages goes back to the system when they are gone."""

from __future__ import annotations

import contextlib
import ctypes
import os

M_MMAP_THRESHOLD = -3  # malloc.h of glibc
# Bytes. By itself glibc raises its threshold to the largest block that was freed. What pages took would stay with the
# process then, in pieces: a tenth of the memory of a crawl, for a fiftieth of its CPU at most.
THRESHOLD = 256 << 10


def return_large_blocks() -> None:
    """Let this process map each large block by itself. Does nothing where the system's malloc is another."""
    if "MALLOC_MMAP_THRESHOLD_" not in os.environ:
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, THRESHOLD)

"""Memory of pages goes back to the system when they are gone: each large block is mapped by itself (glibc).

By itself glibc raises its threshold to the largest block that was freed. What pages took would stay with the process
then, in pieces: a tenth of the memory of a crawl, for a fiftieth of its CPU at most.
"""

from __future__ import annotations

import contextlib
import os

VARIABLE, THRESHOLD = "MALLOC_MMAP_THRESHOLD_", 256 << 10  # bytes; who sets it for Pressrun has the last word
M_MMAP_THRESHOLD = -3  # malloc.h of glibc


def return_large_blocks() -> None:
    """Set the threshold of this process. Does nothing where the system's malloc is another."""
    if VARIABLE in os.environ:
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, THRESHOLD)

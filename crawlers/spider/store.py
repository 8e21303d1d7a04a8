"""The thread of a crawl that uses the database, so that the event loop never waits for a disk."""

from __future__ import annotations

from .one_thread import OneThread


class Store(OneThread):
    """The one thread that calls the store."""

    def __init__(self) -> None:
        super().__init__("store")

"""An extraction worker: `python -m crawlers.extraction.workers.worker BYTES`. Pages in on stdin, articles out.

BYTES is the address space that it may take; with `forks` in its place, workers are forked from the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawlers.confined import ExhaustedError, serve
from crawlers.extraction.containers.learner import ContainerLearner
from crawlers.extraction.containers.model import ContainerUpdate
from crawlers.extraction.context import PageSource
from crawlers.extraction.page.guard import MAX_PAGE_BYTES
from crawlers.extraction.pipeline import extract_learning, extract_source
from crawlers.extraction.result import UNREAD, Reason, Rejected
from crawlers.extraction.workers.protocol import containers_from_json, outcome_to_json
from storage.codec import hints_from_json
from storage.content_encoding import decompress_if_gzip

if TYPE_CHECKING:
    from crawlers.outlet import Outlet

ORDINARY_PAGE = Path(__file__).with_name("ordinary_page.html")
MOST_OUTLETS = 2_000  # whose learners are kept in memory


class PageWorker:
    """Answers pages, and remembers the outlets that it was told of, and where their articles stand."""

    def __init__(self) -> None:
        self._outlets: dict[str, Outlet] = {}
        self._learners: dict[str, ContainerLearner] = {}

    def extract(self, head: dict[str, Any], body: bytes) -> Iterator[dict[str, Any]]:
        """Give the one answer to a page."""
        found, update = _extracted(head, body, self._outlets, _learner_for(head, self._learners))
        yield outcome_to_json(found, update)
        if isinstance(found, Rejected) and found.detail == "memory":
            raise ExhaustedError


def _learner_for(head: dict[str, Any], learners: dict[str, ContainerLearner]) -> ContainerLearner | None:
    """Return what is known of the containers of the page's outlet; None if nothing is to be learned."""
    if head["key"] is None:
        return None
    if head["key"] not in learners and len(learners) >= MOST_OUTLETS:
        learners.pop(next(iter(learners)))
    learner = learners.setdefault(head["key"], ContainerLearner())
    known = containers_from_json(head["known"])
    if known is not None:
        learner.set_known(known)
    return learner


def _extracted(
    head: dict[str, Any], body: bytes, outlets: dict[str, Outlet], learner: ContainerLearner | None
) -> tuple[Any, ContainerUpdate | None]:
    raw = head["outlet"]
    if raw is not None and raw not in outlets:
        # imported late: pydantic takes half of a start, and pages without an outlet do not need it
        from crawlers.outlet import Outlet

        outlets[raw] = Outlet.model_validate_json(raw)
    try:
        page = body if head["file"] is None else _saved(head["file"])
        if isinstance(page, Rejected):
            return page, None
        hints = hints_from_json(head["hints"])
        source = PageSource(page, head["url"], outlets.get(raw), hints, head["content_type"])
        return (extract_source(source), None) if learner is None else extract_learning(learner, source)
    except (MemoryError, RecursionError) as limit:
        return Rejected(Reason.HOSTILE, "memory" if isinstance(limit, MemoryError) else "depth"), None


def _saved(file: str) -> bytes | Rejected:
    """Read a saved page in this process, whose memory is limited."""
    try:
        return decompress_if_gzip(Path(file).read_bytes(), MAX_PAGE_BYTES)
    except (OSError, ValueError) as failure:
        return Rejected(Reason.EMPTY, f"{UNREAD}{file}: {getattr(failure, 'strerror', None) or failure}")


def warm_up() -> None:
    """Import what pages need, and compile the expressions of an ordinary page."""
    import crawlers.outlet  # noqa: F401 - see `_extracted`

    extract_source(PageSource(ORDINARY_PAGE.read_bytes(), "https://news.example/2025/03/04/harbour-rail", None))


if __name__ == "__main__":
    serve(PageWorker().extract, warm_up)

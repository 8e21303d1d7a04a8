"""Feeds and sitemaps: a document, and the documents that an index leads to."""

from __future__ import annotations

from collections.abc import Iterable

from crawlers.discovery import Child, SeedDocument, wants_child
from crawlers.outlet import Seed
from crawlers.spider.seed_documents import MAX_DOCUMENTS, Opened, SeedDocuments, Unchanged

MAX_DEPTH = 3  # index -> index -> sitemap; deeper nesting is a loop or a trap
PERIOD_WITHOUT_NEWS = (404, 410)  # a dated sitemap of a day without news may not exist, or be empty


class SingleWalk:
    """Walks a seed whose documents stand for themselves. Walks that want to know more have `unchanged` and `learn`."""

    def __init__(self, documents: SeedDocuments, seed: Seed) -> None:
        self._documents, self._seed = documents, seed
        self._missing = PERIOD_WITHOUT_NEWS if seed.kind == "dated_sitemap" else ()

    async def walk(self, addresses: tuple[str, ...]) -> None:
        """Read the documents at these addresses, newest first, and those that they lead to."""
        for address in addresses:
            await self._document(address, None, 0)

    def unchanged(self, url: str) -> None:
        """Called for a document that is as it was."""

    async def learn(self, url: str, reading: SeedDocument) -> None:
        """Called for what was read of a document, once it is noted."""

    async def _document(self, url: str, parent: str | None, depth: int) -> None:
        asked = await self._documents.ask(self._seed, url, parent, missing=self._missing if depth == 0 else ())
        if isinstance(asked, Unchanged):
            self.unchanged(url)
            # An unchanged index says nothing of its children: each has validators of its own.
            known = asked.state.children if asked.state else ()
            await self._children(url, map(Child, known), depth)
        elif isinstance(asked, Opened) and not (self._missing and depth == 0 and not asked.answer.body.strip()):
            await self._children(url, await self._noted(asked), depth)

    async def _noted(self, opened: Opened) -> list[Child]:
        """Put the document's links into the ledger, as they are read; all documents that it leads to."""
        entries = 0
        children: list[Child] = []
        async for reading in self._documents.readings(opened):
            entries += len(reading.links)
            children = _last_modified_first(reading.children)
            links = self._documents.wanted(reading.links, opened.url)
            # Whatever the window: by a 304, a night knows the children of an index from here alone.
            leads_to = tuple(child.url for child in children[:MAX_DOCUMENTS])
            await self._documents.note(opened, reading, links, leads_to, entries=entries)
            await self.learn(opened.url, reading)
        return children

    async def _children(self, parent: str, children: Iterable[Child], depth: int) -> None:
        wanted = [child for child in children if self._wants(child)]
        if wanted and depth >= MAX_DEPTH:
            self._documents.leave_unread(f"{parent}: sitemap indexes nested deeper than {MAX_DEPTH}; not followed")
            return
        for child in wanted:
            await self._document(child.url, parent, depth + 1)

    def _wants(self, child: Child) -> bool:
        return wants_child(child, self._documents.job.window) and not self._documents.was_asked(child.url)


def _last_modified_first(children: Iterable[Child]) -> list[Child]:
    """Sort by lastmod, newest first; those without one come last, in the order of the index, which may be either."""
    return sorted(children, key=lambda child: child.modified.timestamp() if child.modified else 0.0, reverse=True)

"""What is new, or what a window of the past holds: an outlet's seeds asked, each in the way of its kind."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

from crawlers.discovery import recent, seed_addresses, serving_seeds
from crawlers.outlet import DatedListing, Ghost, Listing, Seed, WebArchive, WordPress
from crawlers.seed_choice import seeds_of
from storage.warc import ArchiveWriter

from .context import RunContext
from .probes import Probes
from .seed_documents import SeedDocuments, seed_name
from .walks.captures import walk_captures
from .walks.days import DaysWalk
from .walks.listing import ListingWalk
from .walks.pages import walk_pages
from .walks.single import SingleWalk


class SeedReader:
    """Reads all seeds of an outlet for one run. What could not be read is a problem of the run, never silence.

    Seeds that bring the text along come first, so that no page is fetched whose text is at hand; a web archive comes
    last, when it is known what the outlet itself does not give. `over`: the run fetches no more pages. `cdx`: the CDX
    server of the settings.
    """

    def __init__(
        self,
        context: RunContext,
        archive: ArchiveWriter | None = None,
        over: asyncio.Event | None = None,
        cdx: str | None = None,
    ) -> None:
        self._documents = SeedDocuments(context, archive)
        self._outlet, self._job = context.outlet, context.job
        self._seeds = seeds_of(context.outlet, context.job.seed_kind)
        self._probes = Probes(context, over or asyncio.Event())
        self._cdx = cdx

    @property
    def read(self) -> int:
        """Documents that answered, 304 included."""
        return self._documents.read

    @property
    def failures(self) -> list[str]:
        """The causes of those that did not."""
        return self._documents.failures

    @property
    def announced(self) -> int:
        """Links to articles."""
        return self._documents.announced

    @property
    def cut(self) -> bool:
        """Whether documents were not read, or in part."""
        return self._documents.cut

    async def read_all(self) -> None:
        """Ask every seed that serves this kind of run, but for web archives."""
        today = datetime.now(self._outlet.tz).date()
        plans = [(seed, seed_addresses(seed, self._job.window, today)) for seed in self._seeds]
        plans = [(seed, addresses) for seed, addresses in plans if addresses]
        if not serving_seeds(self._seeds, self._job.window):
            self._documents.problem(f"{self._outlet.id}: no seed of the outlet file serves a {self._job.kind} run")
        with_text = [plan for plan in plans if isinstance(plan[0], WordPress | Ghost) and plan[0].full_text]
        await asyncio.gather(*(self._seed(*plan, today) for plan in with_text))
        await asyncio.gather(*(self._seed(*plan, today) for plan in plans if plan not in with_text))

    async def read_archives(self) -> None:
        """Ask the web archives for what a backfill has not found elsewhere; to be called when all else is announced."""
        for seed in self._seeds:
            if isinstance(seed, WebArchive):
                await self._archive(seed)

    async def _seed(self, seed: Seed, addresses: tuple[str, ...], today: date) -> None:
        try:
            await self._walk(seed, addresses, today)
        except Exception as fault:  # noqa: BLE001 - `fault` raises again what is not the seed's
            self._documents.fault(seed_name(seed), fault)

    async def _walk(self, seed: Seed, addresses: tuple[str, ...], today: date) -> None:
        window = self._job.window
        match seed:
            case Listing(pages=str()) if window:
                await ListingWalk(self._documents, self._probes, seed, window).walk()
            case DatedListing():
                await DaysWalk(self._documents, seed, window or recent(today), today).walk()
            case Listing() | WordPress() | Ghost():
                for address in addresses:
                    await walk_pages(self._documents, seed, address)
            case _:
                await SingleWalk(self._documents, seed).walk(addresses)

    async def _archive(self, seed: WebArchive) -> None:
        window, cdx = self._job.window, seed.url or self._cdx
        if window is None:
            return
        if not cdx:
            self._documents.problem(
                f"{self._outlet.id}: its web_archive seed names no CDX server; set PRESSRUN_CDX, or `url` in the file"
            )
            return
        await self._probes.settled()
        try:
            await walk_captures(self._documents, seed, cdx, window)
        except Exception as fault:  # noqa: BLE001 - `fault` raises again what is not the seed's
            self._documents.fault(cdx, fault)

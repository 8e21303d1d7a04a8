"""The archive that pages show: the store, and the outlet files, which know names, countries and time zones."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from crawlers.catalog import Catalog
from crawlers.errors import OutletFileError, UnknownOutletError
from flows.coverage import zone_of
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Archive:
    """A store, open for reading, with the outlet files."""

    db: Database
    catalog: Catalog

    def zone(self, outlet_id: str) -> ZoneInfo:
        """Return the time zone of an outlet; UTC for one that has no valid file."""
        return zone_of(self.catalog, outlet_id)

    @property
    def zones(self) -> dict[str, ZoneInfo]:
        """The time zones of the outlets that have files."""
        return {each: self.zone(each) for each in self.catalog.ids}

    def country(self, outlet_id: str) -> str | None:
        """Return the country of an outlet; None for one that has no valid file."""
        try:
            return self.catalog.get(outlet_id).country
        except (UnknownOutletError, OutletFileError):
            return None

    def home(self, outlet_id: str) -> str | None:
        """Return the home page of an outlet; None for one that has no valid file."""
        try:
            return self.catalog.get(outlet_id).home
        except (UnknownOutletError, OutletFileError):
            return None

    @property
    def countries(self) -> list[str]:
        """The countries of the outlet files."""
        return sorted({country for each in self.catalog.ids if (country := self.country(each))})

"""What a process of `crawlers.fetch` is told: an order first, then one request a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .environment import Settings
from .errors import CrawlOrderError
from .job import Places, first_fault, read_order, write_order

if TYPE_CHECKING:
    from .outlet import Outlet

Role = Literal["page", "seed", "robots"]


@dataclass(frozen=True, slots=True)
class FetchOrder:
    """The outlets whose pace, limits, hosts and ports hold for the requests, and the contact in the User-Agent."""

    settings: Settings
    outlets: tuple[Outlet, ...]

    def encode(self) -> bytes:
        """Return the line that the process reads first."""
        files = [outlet.model_dump_json(exclude_defaults=True) for outlet in self.outlets]
        return write_order(_OrderLine, self.settings, files=files)

    @classmethod
    def decode(cls, line: str) -> FetchOrder:
        """Read such a line. Raises CrawlOrderError and SettingError."""
        from .outlet import Outlet

        order = read_order(_OrderLine, line)
        return cls(order.settings(), tuple(map(Outlet.model_validate_json, order.files)))


class _OrderLine(Places):
    files: tuple[str, ...] = Field(min_length=1)


class FetchRequest(BaseModel):
    """One address to fetch for an outlet. The reply has the same `number`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    number: int
    outlet: str
    url: str
    role: Role = "page"
    max_bytes: int | None = None

    def encode(self) -> bytes:
        """Return the request as a line."""
        return self.model_dump_json(exclude_none=True).encode() + b"\n"

    @classmethod
    def decode(cls, line: str) -> FetchRequest:
        """Read such a line. Raises CrawlOrderError."""
        try:
            return cls.model_validate_json(line)
        except ValidationError as wrong:
            raise CrawlOrderError(first_fault(wrong)) from wrong

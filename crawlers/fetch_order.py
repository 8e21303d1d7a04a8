"""What a process of `crawlers.fetch` is told: an order first, then one request a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from .environment import Settings
from .job import Line, Places, write_order

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

        order = _OrderLine.decode(line)
        return cls(order.settings(), tuple(map(Outlet.model_validate_json, order.files)))


class _OrderLine(Places):
    files: tuple[str, ...] = Field(min_length=1)


class FetchRequest(Line):
    """One address to fetch for an outlet. The reply has the same `number`."""

    number: int
    outlet: str
    url: str
    role: Role = "page"

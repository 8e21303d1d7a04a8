"""The live check of outlets: each seed, and an article of it, against what the file expects. Without Prefect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from crawlers.catalog import load_outlets
from crawlers.environment import Settings
from crawlers.errors import OutletFileError
from crawlers.fetch_client import Fetch, FetchClient
from crawlers.live import NOT_ASKED, Finding, check_outlet
from crawlers.outlet import Outlet
from crawlers.readers import Readers, confined_readers

from .removed import known_removed_outlets

PARALLEL = 8  # outlets at a time; each host keeps its own pace


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """The findings of a check, outlet by outlet."""

    findings: tuple[Finding, ...]

    @property
    def off(self) -> tuple[Finding, ...]:
        """Those that a person should look at."""
        return tuple(one for one in self.findings if one.off)

    @property
    def asked(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.asked)

    @property
    def exit_code(self) -> int:
        """0 all is well, 1 something is off, 2 nothing could be reached."""
        if self.asked and all(one.unreachable for one in self.asked):
            return 2
        return 1 if self.off else 0

    @property
    def message(self) -> str:
        """The check in one line."""
        outlets = len({one.outlet for one in self.findings})
        if self.exit_code == 2:
            causes = sorted({one.off.split(" ")[0] for one in self.asked})
            return f"no outlet of {outlets} could be reached ({', '.join(causes)}): is the network up?"
        off = sorted({one.outlet for one in self.off})
        if off:
            return f"{len(self.off)} of {len(self.findings)} lines are off, at {', '.join(off)}"
        return f"{outlets} outlet{'s' * (outlets != 1)} checked, nothing is off"

    def as_dict(self) -> dict[str, Any]:
        """Return the check as a JSON object."""
        return {"message": self.message, "findings": [asdict(one) for one in self.findings]}

    def rows(self) -> list[dict[str, Any]]:
        """Return the findings as rows of a table, those that are off first."""
        return [
            {"outlet": one.outlet, "what": one.what, "address": one.url, "result": one.result, "off": one.off}
            for one in sorted(self.findings, key=lambda one: (not one.off, one.outlet))
        ]


def check_live(settings: Settings, named: Sequence[str] = (), now: datetime | None = None) -> LiveCheck:
    """Check the named outlets, or all that are enabled and were not taken down.

    Raises UnknownOutletError, and OutletFileError for a named file; where all are checked, a wrong file is a line.
    """
    catalog = load_outlets(settings.outlets)
    outlets, wrong = [], []
    for outlet_id in named or catalog.ids:
        try:
            outlets.append(catalog.get(outlet_id))
        except OutletFileError as fault:
            if named:
                raise
            wrong.append(Finding(outlet_id, "file", str(fault.file), f"{NOT_ASKED}the file is wrong", str(fault)))
    removed = known_removed_outlets(settings.db, [outlet.id for outlet in outlets]) if not named else ()
    wanted = [outlet for outlet in outlets if named or (outlet.enabled and outlet.id not in removed)]
    if not wanted:
        return LiveCheck(tuple(wrong))
    with FetchClient(settings, wanted) as fetch, confined_readers() as readers:
        return LiveCheck((*wrong, *_all(fetch, readers, wanted, now or datetime.now(UTC))))


def _all(fetch: Fetch, readers: Readers, outlets: Iterable[Outlet], now: datetime) -> list[Finding]:
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="check") as pool:
        found = pool.map(lambda outlet: list(check_outlet(fetch, outlet, now, readers)), outlets)
        return [finding for findings in found for finding in findings]

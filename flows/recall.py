"""Recall: which share of a list of addresses the archive holds, by outlet and month, and why not the rest.

Memory does not grow with the list: counts are kept by outlet, month and reason, a few samples of each, and the
addresses seen so far in a temporary file.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from crawlers.address_lists import ListedAddress
from crawlers.catalog import Catalog
from crawlers.outlet import Outlet
from storage import coverage
from storage.coverage import AddressState
from storage.database import Database
from storage.urls import canonical_url, host_of, url_key

BATCH = 500
NO_OUTLET = ""
MAX_HOSTS = 10_000  # remembered; a list of the whole web has more
HELD = "held"
UNKNOWN, OUTSIDE, NO_FILE = "unknown", "outside the pattern", "no outlet file"
WHYS = (UNKNOWN, "rejected", "gone", "failed", "waiting", OUTSIDE, NO_FILE)


@dataclass(slots=True)
class MonthRecall:
    """Addresses of one outlet and month. `why`: those not held, by the first word of the reason."""

    outlet: str
    month: str
    addresses: int = 0
    held: int = 0
    why: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The share that is held, 0 to 1."""
        return self.held / self.addresses

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as a JSON object."""
        return asdict(self) | {"share": round(self.share, 4)}


@dataclass(slots=True)
class Reason:
    """Why addresses of an outlet are not held, with samples."""

    outlet: str
    why: str
    addresses: int = 0
    samples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Recall:
    """The result. `repeated`: addresses that the list names again, in whatever form; `invalid`: no http addresses."""

    months: list[MonthRecall]
    reasons: list[Reason]
    repeated: int
    invalid: int

    @property
    def addresses(self) -> int:
        """All addresses, each page once."""
        return sum(month.addresses for month in self.months)

    @property
    def held(self) -> int:
        """Those that the archive holds."""
        return sum(month.held for month in self.months)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a JSON object."""
        share = round(self.held / self.addresses, 4) if self.addresses else None
        totals = {"addresses": self.addresses, "held": self.held, "share": share}
        rows = {"months": [month.as_dict() for month in self.months], "reasons": list(map(asdict, self.reasons))}
        return totals | {"repeated": self.repeated, "invalid": self.invalid} | rows


def recall(
    db: Database, catalog: Catalog, listed: Iterable[ListedAddress], *, outlet_id: str | None = None, samples: int = 3
) -> Recall:
    """Look every address up in the ledger. With `outlet_id`, all of them are taken for addresses of that outlet."""
    tally = _Tally(samples)
    owners = _Owners(catalog, outlet_id)
    with _Seen() as seen:
        addresses = iter(listed)
        while batch := list(islice(addresses, BATCH)):
            keyed = seen.new(tally.keyed(batch))
            states = coverage.find_addresses(db, [key for key, _ in keyed])
            for key, address in keyed:
                tally.add(address, states.get(key), owners)
        repeated = seen.repeated
    return Recall(tally.sorted_months(), tally.sorted_reasons(), repeated, tally.invalid)


class _Tally:
    def __init__(self, samples: int) -> None:
        self._samples = samples
        self._months: dict[tuple[str, str], MonthRecall] = {}
        self._reasons: dict[tuple[str, str], Reason] = {}
        self.invalid = 0

    def keyed(self, batch: list[ListedAddress]) -> list[tuple[bytes, ListedAddress]]:
        """Return the addresses with their keys, without those that are none."""
        keyed = []
        for address in batch:
            try:
                keyed.append((url_key(canonical_url(address.url)), address))
            except ValueError:
                self.invalid += 1
        return keyed

    def add(self, address: ListedAddress, state: AddressState | None, owners: _Owners) -> None:
        """Count an address under its outlet, month and reason."""
        outlet = owners.of(address.url)
        owner = state.outlet_id if state and not owners.only else outlet.id if outlet else NO_OUTLET
        day = _day(address, state, outlet)
        month = self._month(owner, f"{day:%Y-%m}" if day else "")
        month.addresses += 1
        if state is not None and state.held:
            month.held += 1
            return
        why = _why(address.url, state, outlet)
        word = why.partition(":")[0]
        month.why[word] = month.why.get(word, 0) + 1
        reason = self._reasons.setdefault((owner, why), Reason(owner, why))
        reason.addresses += 1
        if len(reason.samples) < self._samples:
            reason.samples.append(address.url[:500])

    def _month(self, owner: str, month: str) -> MonthRecall:
        return self._months.setdefault((owner, month), MonthRecall(owner, month))

    def sorted_months(self) -> list[MonthRecall]:
        """Return the months by outlet, oldest first, those without a date last."""
        return sorted(self._months.values(), key=lambda one: (one.outlet, one.month == "", one.month))

    def sorted_reasons(self) -> list[Reason]:
        """Return the reasons by outlet, the most frequent first."""
        return sorted(self._reasons.values(), key=lambda one: (one.outlet, -one.addresses, one.why))


def _why(url: str, state: AddressState | None, outlet: Outlet | None) -> str:
    if state is not None:
        return f"{state.state}: {state.reason}" if state.reason and state.state != "waiting" else state.state
    if outlet is None:
        return NO_FILE
    return UNKNOWN if outlet.is_article(url) else OUTSIDE


def _day(address: ListedAddress, state: AddressState | None, outlet: Outlet | None) -> date | None:
    """Return the day of publication as the archive has it, else that in the address, else that of the list."""
    if state is not None and state.at is not None:
        return (state.at.astimezone(outlet.tz) if outlet else state.at).date()
    hint = outlet.url_hints(address.url).published if outlet else None
    return hint.at.date() if hint else address.day


class _Owners:
    """The outlets of addresses, by host, with and without `www.`."""

    def __init__(self, catalog: Catalog, only: str | None) -> None:
        self.only = only
        self._one = catalog.get(only) if only else None
        self._outlets = {} if only else dict(_by_host(catalog))
        self._hosts: dict[str, Outlet | None] = {}

    def of(self, url: str) -> Outlet | None:
        """Return the outlet that owns the address's host; None if no outlet file does."""
        if self._one is not None:
            return self._one
        host = host_of(url)
        if host not in self._hosts:
            if len(self._hosts) >= MAX_HOSTS:
                self._hosts.clear()
            bare = host.removeprefix("www.")
            self._hosts[host] = next(
                (self._outlets[name] for name in (host, bare, f"www.{bare}") if name in self._outlets), None
            )
        return self._hosts[host]


def _by_host(catalog: Catalog) -> Iterator[tuple[str, Outlet]]:
    for outlet in catalog.readable():  # `pressrun outlets check` names a file that is not
        yield from ((host, outlet) for host in outlet.hosts)


class _Seen:
    """The keys seen so far, in a temporary file with a small cache."""

    def __init__(self) -> None:
        self.repeated = 0
        self._folder = tempfile.TemporaryDirectory(prefix="pressrun-recall-")
        self._file = sqlite3.connect(Path(self._folder.name) / "seen.db", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-16000", "locking_mode=EXCLUSIVE"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY)")

    def __enter__(self) -> _Seen:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._folder.cleanup()

    def new(self, keyed: list[tuple[bytes, ListedAddress]]) -> list[tuple[bytes, ListedAddress]]:
        """Return those that were not seen before."""
        fresh = []
        self._file.execute("BEGIN")
        for key, address in keyed:
            number = int.from_bytes(key[:8], "big", signed=True)
            if self._file.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).rowcount:
                fresh.append((key, address))
            else:
                self.repeated += 1
        self._file.execute("COMMIT")
        return fresh

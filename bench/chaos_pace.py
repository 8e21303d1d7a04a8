"""A healthy host beside one on which everything goes wrong: does it keep its pace?

    python -m bench.chaos_pace [--pages 40] [--delay 0.5] [--rounds 3] [--db URL]

One process crawls both, as in a night. The pace is that of the requests that the healthy host gets, from its first page
to its last. Its delay sets it, so a crawl that the other host holds up shows as a slower pace. It is measured alone and
beside the other host, in turns. The other host answers the whole table of `tests.chaos` and hostile pages of
`tests.faults`, over and over while the healthy one is crawled. Exit code 1 if the median of the ratios is below 0.9.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from tests.chaos import END
from tests.faults import FaultySite
from tests.grouping import Group

LEAST = 0.9  # of the pace that the host has alone
HOSTILE = ("/hostile/attributes", "/hostile/breaks", "/hostile/depth", "/drip", "/silent", "/endless", "/bomb/gzip")
ANSWERED = 5  # pages of the other host, from which it is crawled
TIMES = 4  # that it announces each of its pages


def announced() -> list[str]:
    """Every fault several times, with good pages after it: a host that fails in a row is left alone for a while."""
    faults = [*(f"/chaos/{name}" for name in END), *HOSTILE] * TIMES
    return [path for n, fault in enumerate(faults) for path in (f"{fault}?{n}", f"/ok/{2 * n}", f"/ok/{2 * n + 1}")]


class Comparison:
    """Measures the pace of a healthy host. Outlets and hosts are new each time, the store is the same."""

    def __init__(self, folder: Path, db: str, pages: int, delay: float) -> None:
        self._folder, self._db, self._pages, self._delay = folder, db, pages, delay
        self._turn = 0
        self.faults: list[str] = []  # what the other host was asked for meanwhile

    def alone(self) -> float:
        """Return pages a second."""
        return self._measured(None)

    def beside_chaos(self) -> float:
        """Return pages a second. RuntimeError if the other host was through before."""
        with FaultySite(announced(), host="127.0.2.2") as other:
            return self._measured(other)

    def _measured(self, other: FaultySite | None) -> float:
        self._turn += 1
        names = [f"healthy_{self._turn}", f"chaos_{self._turn}"][: 1 + (other is not None)]
        paths = [f"/ok/{self._turn * self._pages + n}" for n in range(self._pages)]
        with FaultySite(paths, host="127.0.2.1") as site:
            site.write_outlet(self._folder / "outlets", names[0], delay=self._delay, concurrency=1, timeout=30)
            if other:
                other.write_outlet(self._folder / "outlets", names[1], concurrency=1, timeout=5, max_bytes=3_000_000)
            self._crawl(names, other)
            times = sorted(hit.at for hit in site.hits if hit.path in set(paths))
        return (len(times) - 1) / (times[-1] - times[0])

    def _crawl(self, names: list[str], other: FaultySite | None) -> None:
        with Group(*names, db=self._db, outlets=self._folder / "outlets", data=self._folder) as group:
            if other:
                group.tell(start=names[1])
                other.wait_until_asked(ANSWERED)
            group.tell(start=names[0])
            if group.wait_for("end", names[0])["state"] != "completed":
                raise RuntimeError(f"the healthy host was not crawled to its end:\n{group.log()[-3000:]}")
            if any(line["type"] == "end" and line.get("of") in names[1:] for line in group.said):
                raise RuntimeError("the other host was through before the healthy one; give fewer --pages")
            for name in names[1:]:
                group.tell(stop=name)
            group.tell(finish=True)
            self.faults = other.asked() if other else []
            group.ends()


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=40)
    ask.add_argument("--delay", type=float, default=0.5, metavar="SECONDS", help="of the healthy host")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--db", metavar="URL", help="an empty store; default: a temporary SQLite file")
    given = ask.parse_args()
    ratios = []
    with tempfile.TemporaryDirectory(prefix="pace-") as folder:
        db = given.db or f"sqlite:///{folder}/pace.db"
        comparison = Comparison(Path(folder), db, given.pages, given.delay)
        for _ in range(given.rounds):
            alone, beside = comparison.alone(), comparison.beside_chaos()
            ratios.append(beside / alone)
            print(
                f"{alone:.2f} pages a second alone, {beside:.2f} beside {len(comparison.faults)} pages of chaos: "
                f"{ratios[-1]:.2f}",
                flush=True,
            )
    print(f"median of {len(ratios)} ratios: {statistics.median(ratios):.2f}")
    return 0 if statistics.median(ratios) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())

"""The counts and problems of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from crawlers.messages import Counts
from storage.frontier import Discovery, Outcome
from storage.text import clean_text
from storage.urls import host_of

from .article_tally import ArticleTally

MAX_PROBLEMS = 50  # problems that are listed; the rest is only counted
EXAMPLES = 5  # pages of each reason that the report names
SLOWEST = 5  # hosts
_NAMES = {"page": "article", "rights": "robots"}  # by a request's role: what it is counted as
REFUSALS = ("rejected", "gone", "failed")
PAGE_COUNTS = (
    "discovered", "known", "due", "stored", "unchanged", "duplicate", "rejected", "gone", "failed", "put_back",
    "copies", "edited",
)  # fmt: skip


class Tally:
    """Collects what a run has discovered, finished and requested so far."""

    def __init__(self) -> None:
        self.pages: Counter[str] = Counter()  # discovered, known, due, stored, ..., put_back
        self.reasons: Counter[str] = Counter()  # "rejected:too_short"
        self.requests: Counter[str] = Counter(seed=0, robots=0, article=0)
        self.seeds_unchanged = 0
        self.bytes = 0
        self.problems: list[str] = []
        self.problems_unlisted = 0
        self.notes: list[str] = []
        self.counter: dict[str, int] = {}
        self.examples: dict[str, list[int]] = {}  # ids of refused pages by OUTCOME:REASON
        self.refused: Sequence[Mapping[str, Any]] = ()
        self.archive = ""
        self._waits: dict[str, list[float]] = {}  # by host: answers, seconds until they began, the longest of these
        self.articles = ArticleTally()

    def request(self, role: str) -> None:
        self.requests[_NAMES.get(role, role)] += 1

    def answered(self, url: str, seconds: float) -> None:
        """Note how long the answer took to begin."""
        wait = self._waits.setdefault(host_of(url), [0, 0.0, 0.0])
        wait[0] += 1
        wait[1] += seconds
        wait[2] = max(wait[2], seconds)

    def ended(self, outcome: Outcome) -> None:
        """Count a page that is done."""
        self.pages[outcome.state] += 1
        self.pages["copies"] += outcome.is_new and outcome.duplicate_of is not None
        self.pages["edited"] += outcome.state == "stored" and not outcome.is_new
        if not outcome.reason:
            return
        reason = f"{outcome.state}:{outcome.reason}"
        self.reasons[reason] += 1
        examples = self.examples.setdefault(reason, [])
        if outcome.state in REFUSALS and len(examples) < EXAMPLES:
            examples.append(outcome.page_id)

    def found(self, found: Discovery) -> None:
        """Count links that were put into the ledger."""
        self.pages["discovered"] += found.new
        self.pages["known"] += found.known
        self.pages["due"] += found.due

    def note(self, line: str) -> None:
        """Note a finding that is no problem; shown, as one line, in the report."""
        line = " ".join(clean_text(line).split())
        if line not in self.notes and len(self.notes) < MAX_PROBLEMS:
            self.notes.append(line)

    def problem(self, line: str) -> None:
        """Note something that a person should look at; shown, as one line, in the report and the run's exit code."""
        line = " ".join(clean_text(line).split())
        if line in self.problems:
            return
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(line)
        else:
            self.problems_unlisted += 1

    def as_counts(self, ledger: dict[str, int]) -> Counts:
        """Return the counts so far, with those of the outlet's whole ledger."""
        unlisted = [f"and {self.problems_unlisted} more"] if self.problems_unlisted else []
        return Counts(
            **{name: self.pages[name] for name in PAGE_COUNTS},
            requests=dict(self.requests),
            seeds_unchanged=self.seeds_unchanged,
            bytes=self.bytes,
            reasons=dict(self.reasons.most_common()),
            ledger=ledger,
            problems=(*self.problems, *unlisted),
            notes=tuple(self.notes),
            counter=dict(self.counter),
            refused=tuple(self.refused),
            hosts=self._slowest(),
            archive=self.archive,
            articles=self.articles.as_dict(),
        )

    def _slowest(self) -> dict[str, dict[str, float]]:
        """Return the hosts whose answers took longest on average."""
        means = {host: seconds / answers for host, (answers, seconds, _) in self._waits.items()}
        return {
            host: {
                "answers": int(self._waits[host][0]),
                "seconds": round(means[host], 3),
                "slowest": round(self._waits[host][2], 3),
            }
            for host in sorted(means, key=means.__getitem__, reverse=True)[:SLOWEST]
        }

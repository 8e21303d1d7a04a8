"""The counts and problems of one run."""

from __future__ import annotations

from collections import Counter

from crawlers.messages import Counts
from storage.frontier import Discovery
from storage.text import clean_text

from .article_tally import ArticleTally

MAX_PROBLEMS = 50  # problems that are listed; the rest is only counted
PAGE_COUNTS = (
    "discovered", "known", "due", "stored", "unchanged", "duplicate", "rejected", "gone", "failed", "put_back",
    "copies",
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
        self.articles = ArticleTally()

    def request(self, role: str) -> None:
        self.requests["article" if role == "page" else role] += 1

    def ended(self, state: str, reason: str | None, is_copy: bool) -> None:
        self.pages[state] += 1
        if is_copy:
            self.pages["copies"] += 1
        if reason:
            self.reasons[f"{state}:{reason}"] += 1

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
            articles=self.articles.as_dict(),
        )

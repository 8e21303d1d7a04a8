"""Findings from the counts of an outlet's runs: the latest runs against those before. Pure: no database.

Latest are the newest runs that together have enough pages or articles; all others are the history. A share counts as
changed if it differs in size, and by more than chance (a test of two shares).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from storage.health.findings import Finding, finding

REFUSALS = frozenset(
    ("challenge", "consent", "robots", "robots_unreadable", "http_401", "http_403", "http_429", "http_451")
)  # the outlet refuses the crawler
UNREADABLE = frozenset(("not_article", "too_short", "needs_script", "empty"))  # no article was found on the page
FIELDS = ("title", "published_at", "authors", "section")
FAILED_BY = "health: "  # how the error of a run begins that failed by a finding
LATEST_RUNS = 7
PAGES, ARTICLES = 8, 12  # enough to judge a share by
HISTORY = 40
QUALITY_FALL = 0.1  # of the median score; outlets differ by less from day to day
SCORED = 10  # runs with a score before, by which the usual one is known
SURE = 4.0  # standard deviations
_ENDS = ("stored", "unchanged", "duplicate", "rejected", "gone", "failed", "put_back")


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run of an outlet that looked for news: when (in its zone), for how long, its counts, and its error."""

    day: date
    seconds: float
    counts: Mapping[str, Any]
    error: str | None = None

    @property
    def looked(self) -> bool:
        """Whether the run read the outlet, whatever it found."""
        return not self.error or self.error.startswith(FAILED_BY)

    @property
    def pages(self) -> int:
        """Pages that came to an end."""
        return sum(int(self.counts.get(name, 0)) for name in _ENDS)

    def pages_by(self, reasons: frozenset[str]) -> int:
        """Pages that ended for one of the reasons."""
        by_reason: Mapping[str, int] = self.counts.get("reasons", {})
        return sum(number for key, number in by_reason.items() if key.partition(":")[2] in reasons)

    def articles(self, what: str = "number") -> float:
        """What the run noted of the articles that it extracted."""
        noted: Mapping[str, float] = self.counts.get("articles", {})
        return float(noted.get(what, 0))


@dataclass(frozen=True, slots=True)
class _Shares:
    """A share in the latest runs, and in those before; `since` is the first of the latest."""

    since: date
    part: float
    whole: float
    part_before: float
    whole_before: float

    @property
    def now(self) -> float:
        return self.part / self.whole

    @property
    def before(self) -> float:
        return self.part_before / self.whole_before if self.whole_before else 0.0

    @property
    def deviations(self) -> float:
        """By how many standard deviations the shares differ; positive if the latest is higher."""
        both = (self.part + self.part_before) / (self.whole + self.whole_before)
        spread = math.sqrt(both * (1 - both) * (1 / self.whole + 1 / max(self.whole_before, 1)))
        return (self.now - self.before) / spread if spread else 0.0


def judge_runs(runs: Sequence[RunFacts], fill: Mapping[str, float]) -> list[Finding]:
    """Return the findings of the runs, given newest first. `fill`: shares of articles that must have a field."""
    if not runs:
        return []
    layout = _unreadable(runs) or _below_expected(runs, fill) or _emptied(runs) or _shortened(runs)
    doubtful = None if layout else _doubtful(runs)
    return [one for one in (_blocked(runs), layout, doubtful, _stale(runs), _copies(runs), _slow(runs)) if one]


def judgeable(runs: Sequence[RunFacts]) -> set[str]:
    """Return the kinds of findings that the runs, newest first, can confirm or end."""
    kinds = {"slow"} if runs else set()
    if runs and (runs[0].pages or not runs[0].error):
        kinds.add("blocked")
    if runs and runs[0].articles() and _latest(runs, lambda run: run.articles(), ARTICLES):
        kinds |= {"changed_layout", "stale_dates", "copies_only"}
    if runs and runs[0].articles("quality"):
        kinds.add("doubtful")
    return kinds


def _latest(runs: Sequence[RunFacts], size: Any, enough: float) -> int:
    """Return how many of the newest runs are enough together; 0 if the latest ones are not."""
    total = 0.0
    for n, run in enumerate(runs[:LATEST_RUNS], 1):
        total += size(run)
        if total >= enough:
            return n
    return 0


def _shares(runs: Sequence[RunFacts], part: Any, whole: Any, enough: float) -> _Shares | None:
    n = _latest(runs, whole, enough)
    if not n:
        return None
    latest, before = runs[:n], runs[n:HISTORY]
    return _Shares(latest[-1].day, _sum(latest, part), _sum(latest, whole), _sum(before, part), _sum(before, whole))


def _sum(runs: Iterable[RunFacts], what: Any) -> float:
    return float(sum(what(run) for run in runs))


def _blocked(runs: Sequence[RunFacts]) -> Finding | None:
    causes = _refused_seeds(runs[0])
    if causes:
        since = runs[0].day
        for run in runs:
            if not _refused_seeds(run):
                break
            since = run.day
        return finding("blocked", "error", since, f"its seeds answer {', '.join(sorted(causes))}")
    shares = _shares(runs, lambda run: run.pages_by(REFUSALS), lambda run: run.pages, PAGES)
    if (
        shares is None
        or shares.now < 0.5
        or (shares.whole_before and (shares.before > 0.2 or shares.deviations < SURE))
    ):
        return None
    evidence = f"{shares.part:g} of its last {shares.whole:g} pages were refused ({_reasons(runs, REFUSALS)})"
    return finding("blocked", "error", shares.since, evidence)


def _refused_seeds(run: RunFacts) -> frozenset[str]:
    """Return the refusals for which none of the seeds could be read."""
    named = re.search(r"none of its seeds could be read \(([^()]*)\)", run.error or "")
    causes = frozenset(re.split(r",\s*", named[1])) if named else frozenset()
    return causes & REFUSALS


def _reasons(runs: Sequence[RunFacts], reasons: frozenset[str]) -> str:
    totals: dict[str, int] = {}
    for run in runs[:LATEST_RUNS]:
        for key, number in run.counts.get("reasons", {}).items():
            name = key.partition(":")[2]
            if name in reasons:
                totals[name] = totals.get(name, 0) + number
    return ", ".join(sorted(totals, key=lambda name: -totals[name])[:3])


def _unreadable(runs: Sequence[RunFacts]) -> Finding | None:
    shares = _shares(runs, lambda run: run.pages_by(UNREADABLE), lambda run: run.pages, PAGES)
    if shares is None or shares.whole_before < PAGES or shares.now < max(0.5, 2 * shares.before):
        return None
    if shares.deviations < SURE:
        return None
    evidence = (
        f"{shares.part:g} of its last {shares.whole:g} pages gave no article ({_reasons(runs, UNREADABLE)}); "
        f"{shares.before:.0%} did before"
    )
    return finding("changed_layout", "error", shares.since, evidence)


def _below_expected(runs: Sequence[RunFacts], fill: Mapping[str, float]) -> Finding | None:
    for name, expected in fill.items():
        shares = _filled(runs, name)
        if shares is None:
            continue
        near = min(expected, 0.995)
        if shares.now < expected and near - shares.now > 3 * math.sqrt(near * (1 - near) / shares.whole):
            evidence = (
                f"{shares.now:.0%} of its last {shares.whole:g} articles have {name}; {expected:.0%} are expected"
            )
            return finding("changed_layout", "error", shares.since, evidence)
    return None


def _emptied(runs: Sequence[RunFacts]) -> Finding | None:
    for name in FIELDS:
        shares = _filled(runs, name)
        if shares is None or shares.whole_before < ARTICLES or shares.before < 0.3:
            continue
        if shares.now < shares.before / 2 and shares.deviations < -SURE:
            evidence = f"{shares.now:.0%} of its last {shares.whole:g} articles have {name}; {shares.before:.0%} had it"
            return finding("changed_layout", "warning", shares.since, evidence)
    return None


def _filled(runs: Sequence[RunFacts], name: str) -> _Shares | None:
    return _shares(runs, lambda run: run.articles(name), lambda run: run.articles(), ARTICLES)


def _shortened(runs: Sequence[RunFacts]) -> Finding | None:
    words = _filled(runs, "words")
    if words is None or words.whole_before < 4 * ARTICLES or words.now >= 0.35 * words.before:
        return None
    evidence = f"its last {words.whole:g} articles have {words.now:.0f} words on average; {words.before:.0f} are usual"
    return finding("changed_layout", "warning", words.since, evidence)


def _doubtful(runs: Sequence[RunFacts]) -> Finding | None:
    """Compare the median scores of the latest runs with those before, which scatter little unless pages change."""
    scored = [run for run in runs if run.articles("quality")]
    n = _latest(scored, lambda run: run.articles(), ARTICLES)
    before = [run.articles("quality") for run in scored[n:HISTORY]]
    if not n or len(before) < SCORED:
        return None
    now, usual = median(run.articles("quality") for run in scored[:n]), median(before)
    scatter = median(abs(score - usual) for score in before)
    if usual - now < max(QUALITY_FALL, SURE * scatter):
        return None
    evidence = f"the median quality of its last articles is {now:.2f}; {usual:.2f} is usual"
    return finding("doubtful", "warning", scored[n - 1].day, evidence)


def _stale(runs: Sequence[RunFacts]) -> Finding | None:
    shares = _filled(runs, "stale")
    if shares is None or shares.now < 0.5 or shares.before > 0.2 or shares.whole_before < ARTICLES:
        return None
    evidence = f"{shares.part:g} of its last {shares.whole:g} new articles are dated more than 30 days back, or ahead"
    return finding("stale_dates", "warning", shares.since, evidence)


def _copies(runs: Sequence[RunFacts]) -> Finding | None:
    new = _shares(
        runs,
        lambda run: run.counts.get("copies", 0),
        lambda run: run.counts.get("copies", 0) + run.counts.get("stored", 0),
        ARTICLES,
    )
    if new is None or new.now < 0.9 or new.before > 0.6 or new.whole_before < ARTICLES:
        return None
    evidence = f"{new.part:g} of its last {new.whole:g} articles are copies; {new.before:.0%} were before"
    return finding("copies_only", "warning", new.since, evidence)


def _slow(runs: Sequence[RunFacts]) -> Finding | None:
    return _slow_runs(runs) or _late_news(runs)


def _slow_runs(runs: Sequence[RunFacts]) -> Finding | None:
    latest, before = runs[:3], runs[3:HISTORY]
    if len(before) < 10:
        return None
    usual, least = median(run.seconds for run in before), min(run.seconds for run in latest)
    if least < 600 or least < 4 * usual:
        return None
    evidence = f"its last three runs took {least / 60:.0f} minutes and more; {usual / 60:.0f} are usual"
    return finding("slow", "warning", latest[-1].day, evidence)


def _late_news(runs: Sequence[RunFacts]) -> Finding | None:
    delays = [(run.day, run.articles("delay_hours")) for run in runs[:HISTORY] if run.articles("delay_hours")]
    latest, before = delays[:3], [hours for _, hours in delays[3:]]
    if len(before) < 10 or min(hours for _, hours in latest) < max(24.0, 3 * median(before)):
        return None
    now = median(hours for _, hours in latest)
    evidence = f"its news is stored {now:.0f} hours after publication; {median(before):.0f} are usual"
    return finding("slow", "warning", latest[-1][0], evidence)
